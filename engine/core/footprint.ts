/** How much memory plain data takes, roughly: counted, because no engine says, and the same in every one. */
import { BY_REFERENCE } from './snapshot.ts'

/** Bytes of an object, of a field of it, of an entry of a map or set, and of a unit of text, as V8 has them on average. */
const OBJECT = 32
const FIELD = 16
const ENTRY = 40
const UNIT = 2

/**
 * Bytes that a value takes with all it refers to, within a factor of two; what is met twice counts once.
 * Instances that the world itself keeps (`BY_REFERENCE`) are not looked into. Does not recurse.
 */
export function footprint(value: unknown): number {
  const seen = new Set<object>()
  const left: unknown[] = [value]
  let bytes = 0
  while (left.length > 0) {
    const next = left.pop()
    if (typeof next === 'string') bytes += next.length * UNIT
    if (typeof next !== 'object' || next === null || seen.has(next)) continue
    if (BY_REFERENCE in next) continue
    seen.add(next)
    bytes += OBJECT + ownBytes(next, left)
  }
  return bytes
}

/** Bytes of an object itself; what it refers to is put on the list of what is left. */
function ownBytes(object: object, left: unknown[]): number {
  if (ArrayBuffer.isView(object)) return object.byteLength
  if (object instanceof Map) {
    for (const [key, value] of object) left.push(key, value)
    return object.size * ENTRY
  }
  const values: unknown[] = object instanceof Set ? [...object] : Object.values(object)
  for (const value of values)
    if (typeof value === 'object' || typeof value === 'string') left.push(value)
  return values.length * (object instanceof Set ? ENTRY : FIELD)
}
