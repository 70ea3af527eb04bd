/** Ways to give every key one of n places, or a few of them. */
import { mix } from '../core/hash.ts'

/** Multiplier of the 64-bit generator of the paper. */
const MULTIPLIER = 2862933555777941757n

/**
 * Jump consistent hash (Lamping and Veach 2014): the place of a key among n in about ln n steps and no memory. When the
 * last place goes or a new last one comes, only 1/n of the keys move.
 */
export function jumpHash(key: number, places: number): number {
  let state = BigInt(key)
  let place = -1
  for (let next = 0; next < places;) {
    place = next
    state = BigInt.asUintN(64, state * MULTIPLIER + 1n)
    next = Math.floor((place + 1) * (2147483648 / (Number(state >> 33n) + 1)))
  }
  return place
}

/** Rendezvous hashing (Thaler and Ravishankar 1998): of the candidates, whose hash with the key is highest. Answers -1 for none. */
export function rendezvous(
  key: number,
  candidates: readonly number[],
  hashes: readonly number[],
): number {
  const own = hashOfKey(key)
  let best = -1
  let highest = -1
  for (const candidate of candidates) {
    const weight = mix(own, hashes[candidate]!) >>> 0
    if (weight <= highest) continue
    highest = weight
    best = candidate
  }
  return best
}

/** The places of a key out of n under shuffle sharding (AWS): `size` different ones, drawn for this key. */
export function shuffleShard(key: number, places: number, size: number): number[] {
  const left = Array.from({ length: places }, (_, place) => place)
  const own = hashOfKey(key)
  for (let n = 0; n < Math.min(size, places); n++) {
    const at = n + ((mix(own, n + 1) >>> 0) % (places - n))
    const taken = left[at]!
    left[at] = left[n]!
    left[n] = taken
  }
  return left.slice(0, size)
}

/** 32 bits of a key of up to 53. */
function hashOfKey(key: number): number {
  return mix(key | 0, (key / 4294967296) | 0)
}
