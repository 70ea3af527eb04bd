/** Rings that grow with what they hold: a limit of a billion takes no memory before a billion are held. */

/** Room of a ring that holds nothing yet. */
export const FIRST_ROOM = 16

/**
 * A ring with twice the room, `most` at the most, that begins with what is first.
 * @param first where a full ring has its oldest entry
 */
export function roomier<T extends Uint8Array | Float64Array>(
  ring: T,
  first: number,
  most: number,
): T {
  const Ring = ring.constructor as new (length: number) => T
  const wider = new Ring(Math.min(most, Math.max(FIRST_ROOM, ring.length * 2)))
  wider.set(ring.subarray(first))
  wider.set(ring.subarray(0, first), ring.length - first)
  return wider
}
