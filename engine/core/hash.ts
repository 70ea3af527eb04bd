/**
 * Hash of a text, 32 bits unsigned: MurmurHash3 x86_32 (Appleby) over its UTF-16 code units, two
 * to a block. The same in every engine and version: places in a scenario are known by it.
 *
 * @param seed another seed gives an independent hash of the same text
 */
export function hashText(text: string, seed = 0): number {
  let hash = seed | 0
  const even = text.length & ~1
  for (let index = 0; index < even; index += 2) {
    hash ^= scramble(text.charCodeAt(index) | (text.charCodeAt(index + 1) << 16))
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe654_6b64) | 0
  }
  if (even < text.length) hash ^= scramble(text.charCodeAt(even))
  return finish(hash ^ (text.length * 2)) >>> 0
}

/**
 * One word out of two, 32 bits signed, order-sensitive: every bit of either changes each bit of the
 * result with a chance of about one half. Derives the identity of a child from its parent's.
 */
export function mix(a: number, b: number): number {
  const hash = Math.imul(finish(a ^ 0x9e37_79b9) ^ scramble(b), 5) + 0xe654_6b64
  return finish(hash)
}

function scramble(block: number): number {
  const product = Math.imul(block, 0xcc9e_2d51)
  return Math.imul((product << 15) | (product >>> 17), 0x1b87_3593)
}

/** The finaliser of MurmurHash3: a permutation of the 32-bit words in which all bits mix. */
function finish(word: number): number {
  let hash = Math.imul(word ^ (word >>> 16), 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35)
  return hash ^ (hash >>> 16)
}
