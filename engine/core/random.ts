import seedrandom from 'seedrandom'
import { hashText } from './hash.ts'

/** Key of a source of chance: two int32 words. */
export interface Key {
  readonly k0: number
  readonly k1: number
}

/**
 * The key of a scenario's seed. A number and its text are the same seed: 7 is '7'.
 *
 * @throws TypeError when there is no seed or it is not a finite number
 */
export function seedKey(seed: string | number): Key {
  if (typeof seed !== 'string' && !Number.isFinite(seed)) {
    throw new TypeError(`a seed must be a text or a finite number, not ${String(seed)}`)
  }
  const words = seedrandom(String(seed))
  return { k0: words.int32(), k1: words.int32() }
}

/**
 * The key for one purpose of one place, such as the service times of `shop/database`. It depends
 * on nothing but its arguments, so that no place or purpose can shift the chance of another.
 */
export function deriveKey(parent: Key, path: string, purpose: string): Key {
  return stir(stir(parent, path), purpose)
}

function stir(key: Key, text: string): Key {
  block[0] = hashText(text)
  block[1] = hashText(text, 1)
  block[2] = key.k0
  block[3] = key.k1
  encrypt()
  return { k0: block[0], k1: block[1] }
}

/**
 * Scratch: two words on their way through the generator, then the two words of the key; overwritten
 * by each draw. By way of an array, because not every int32 can be handed to a function without a box.
 */
const block = new Int32Array(4)

const SCALE = 1 / 0x10_0000_0000_0000

/**
 * One keyed source of chance: a draw is a function of the key and of two counter words, which say
 * what is drawn for, and of nothing else. The order of draws has no influence on them.
 *
 * The generator is Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror, Shaw: Parallel random
 * numbers: as easy as 1, 2, 3; SC'11). A draw takes some 24 ns where Philox-2x32 with 10 rounds
 * takes 37, for want of a 64-bit product; with 13 rounds, the fewest that pass, it would take 20.
 */
export class Dice {
  readonly key: Key
  private readonly k0: number
  private readonly k1: number

  constructor(key: Key) {
    this.key = key
    this.k0 = key.k0
    this.k1 = key.k1
  }

  /**
   * A uniform variate, in the open interval (0, 1): an odd multiple of 2^-53.
   *
   * @param c0 identity of what is drawn for, an int32
   * @param c1 the rest of the identity, an int32
   */
  uniform(c0: number, c1: number): number {
    block[0] = c0
    block[1] = c1
    block[2] = this.k0
    block[3] = this.k1
    encrypt()
    return ((block[0] >>> 6) * 0x400_0000 + (block[1] >>> 6) + 0.5) * SCALE
  }

  /** A uniform integer of 0..n-1, for n of 1..2^52. */
  below(n: number, c0: number, c1: number): number {
    return Math.floor(this.uniform(c0, c1) * n)
  }
}

/** Threefry-2x32-20: encrypts the first two words of `block` under the other two, in place. */
function encrypt(): void {
  const k0 = block[2]!
  const k1 = block[3]!
  const k2 = k0 ^ k1 ^ 0x1bd1_1bda
  let a = (block[0]! + k0) | 0
  let b = (block[1]! + k1) | 0

  a = (a + b) | 0
  b = ((b << 13) | (b >>> 19)) ^ a
  a = (a + b) | 0
  b = ((b << 15) | (b >>> 17)) ^ a
  a = (a + b) | 0
  b = ((b << 26) | (b >>> 6)) ^ a
  a = (a + b) | 0
  b = ((b << 6) | (b >>> 26)) ^ a
  a = (a + k1) | 0
  b = (b + k2 + 1) | 0

  a = (a + b) | 0
  b = ((b << 17) | (b >>> 15)) ^ a
  a = (a + b) | 0
  b = ((b << 29) | (b >>> 3)) ^ a
  a = (a + b) | 0
  b = ((b << 16) | (b >>> 16)) ^ a
  a = (a + b) | 0
  b = ((b << 24) | (b >>> 8)) ^ a
  a = (a + k2) | 0
  b = (b + k0 + 2) | 0

  a = (a + b) | 0
  b = ((b << 13) | (b >>> 19)) ^ a
  a = (a + b) | 0
  b = ((b << 15) | (b >>> 17)) ^ a
  a = (a + b) | 0
  b = ((b << 26) | (b >>> 6)) ^ a
  a = (a + b) | 0
  b = ((b << 6) | (b >>> 26)) ^ a
  a = (a + k0) | 0
  b = (b + k1 + 3) | 0

  a = (a + b) | 0
  b = ((b << 17) | (b >>> 15)) ^ a
  a = (a + b) | 0
  b = ((b << 29) | (b >>> 3)) ^ a
  a = (a + b) | 0
  b = ((b << 16) | (b >>> 16)) ^ a
  a = (a + b) | 0
  b = ((b << 24) | (b >>> 8)) ^ a
  a = (a + k1) | 0
  b = (b + k2 + 4) | 0

  a = (a + b) | 0
  b = ((b << 13) | (b >>> 19)) ^ a
  a = (a + b) | 0
  b = ((b << 15) | (b >>> 17)) ^ a
  a = (a + b) | 0
  b = ((b << 26) | (b >>> 6)) ^ a
  a = (a + b) | 0
  b = ((b << 6) | (b >>> 26)) ^ a
  block[0] = (a + k2) | 0
  block[1] = (b + k0 + 5) | 0
}
