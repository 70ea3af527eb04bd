const LOW_COUNT = 4
const HIGH_COUNT = 5

/**
 * Rolling digest of a sequence of events: 128 bits that depend on every event and on their order.
 *
 * It is MurmurHash3 x86_128 (Appleby) of the events as blocks of 16 bytes, little-endian: u64
 * time, u32 place, u16 kind, u8 outcome, u8 zero.
 */
export class Digest {
  /** The four words of the hash and the number of events, low word first. */
  private readonly state = new Int32Array(6)
  /** The event that is being folded in. */
  private readonly block = new Int32Array(4)

  /** Number of events folded in. */
  get count(): number {
    return (this.state[HIGH_COUNT]! >>> 0) * 0x1_0000_0000 + (this.state[LOW_COUNT]! >>> 0)
  }

  /** The digest of all events so far, 32 hexadecimal digits. */
  get hex(): string {
    const words = finalise(this.state.slice(0, 4), Math.imul(this.state[LOW_COUNT]!, 16))
    return Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
  }

  /**
   * Folds in an event.
   *
   * @param time an integer, ns
   * @param place hash of its place, 32 bits
   * @param kind 16 bits
   * @param outcome 8 bits
   */
  fold(time: number, place: number, kind: number, outcome: number): void {
    const block = this.block
    block[0] = time
    block[1] = Math.floor(time / 0x1_0000_0000)
    block[2] = place
    block[3] = (kind & 0xffff) | ((outcome & 0xff) << 16)
    this.absorb()
  }

  /** Copies the state. */
  save(): Int32Array {
    return this.state.slice()
  }

  /** Returns to a saved state. */
  load(saved: Int32Array): void {
    this.state.set(saved)
  }

  private absorb(): void {
    const { state, block } = this
    let h1 = state[0]!
    let h2 = state[1]!
    let h3 = state[2]!
    let h4 = state[3]!

    let word = Math.imul(block[0]!, 0x239b_961b)
    h1 ^= Math.imul((word << 15) | (word >>> 17), 0xab0e_9789)
    h1 = ((h1 << 19) | (h1 >>> 13)) + h2
    h1 = (Math.imul(h1, 5) + 0x561c_cd1b) | 0

    word = Math.imul(block[1]!, 0xab0e_9789)
    h2 ^= Math.imul((word << 16) | (word >>> 16), 0x38b3_4ae5)
    h2 = ((h2 << 17) | (h2 >>> 15)) + h3
    h2 = (Math.imul(h2, 5) + 0x0bca_a747) | 0

    word = Math.imul(block[2]!, 0x38b3_4ae5)
    h3 ^= Math.imul((word << 17) | (word >>> 15), 0xa1e3_8b93)
    h3 = ((h3 << 15) | (h3 >>> 17)) + h4
    h3 = (Math.imul(h3, 5) + 0x96cd_1c35) | 0

    word = Math.imul(block[3]!, 0xa1e3_8b93)
    h4 ^= Math.imul((word << 18) | (word >>> 14), 0x239b_961b)
    h4 = ((h4 << 13) | (h4 >>> 19)) + h1
    h4 = (Math.imul(h4, 5) + 0x32ac_3b17) | 0

    state[0] = h1
    state[1] = h2
    state[2] = h3
    state[3] = h4
    const count = (state[LOW_COUNT]! + 1) | 0
    state[LOW_COUNT] = count
    if (count === 0) state[HIGH_COUNT] = state[HIGH_COUNT]! + 1
  }
}

/** The end of MurmurHash3: mixes the length in, and every word into every other. */
function finalise(words: Int32Array, length: number): Int32Array {
  for (let index = 0; index < 4; index++) words[index] = words[index]! ^ length
  spread(words)
  for (let index = 0; index < 4; index++) words[index] = avalanche(words[index]!)
  spread(words)
  return words
}

function spread(words: Int32Array): void {
  const sum = words[0]! + words[1]! + words[2]! + words[3]!
  words[0] = sum
  for (let index = 1; index < 4; index++) words[index] = words[index]! + sum
}

function avalanche(word: number): number {
  let hash = Math.imul(word ^ (word >>> 16), 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35)
  return hash ^ (hash >>> 16)
}
