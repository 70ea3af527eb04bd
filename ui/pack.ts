/**
 * A text as part of an address: gzip, which brings a checksum, and base64url, by the browser's own means. Where it has
 * none of them the text goes as it is, after its hash, and the address gets longer. What comes out of a stranger's
 * address is bounded, and is what was put in.
 */
import { hashText } from '../engine/core/hash.ts'

/** Most bytes that are unpacked. The reader of scenarios has a stricter limit of its own. */
export const LARGEST_TEXT = 2_000_000

/** An address that cannot be unpacked, in words for whoever opened it. */
export class PackError extends Error {}

/** A text for an address: `z.` and the zipped bytes, or `p.`, the hash of the text and the plain ones. */
export async function packText(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text)
  if (typeof CompressionStream === 'undefined') return `p.${hashOf(text)}${toBase64(bytes)}`
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))
  return `z.${toBase64(new Uint8Array(await new Response(packed).arrayBuffer()))}`
}

/** Whether the scenario of a link is a packed text and not a name. */
export function isPacked(scenario: string | undefined): boolean {
  return scenario !== undefined && /^[zp]\./.test(scenario)
}

/** The text of a packed scenario; rejects with a `PackError`. */
export async function unpackText(packed: string): Promise<string> {
  const isZipped = packed.startsWith('z.')
  const bytes = fromBase64(packed.slice(isZipped ? 2 : 2 + HASH))
  const plain = isZipped ? await inflate(bytes) : bytes
  if (plain.length > LARGEST_TEXT) throw tooLarge()
  const text = textOf(plain)
  if (!isZipped && packed.slice(2, 2 + HASH) !== hashOf(text)) throw changed()
  return text
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new PackError('What it holds is not text.')
  }
}

/** Digits of the hash of a text that goes as it is. */
const HASH = 8

function hashOf(text: string): string {
  return (hashText(text) >>> 0).toString(16).padStart(HASH, '0')
}

/** Stops reading when there is more than anybody may send. */
async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (typeof DecompressionStream === 'undefined') {
    throw new PackError('This browser cannot unpack it. A newer one can.')
  }
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  const parts: Uint8Array[] = []
  let size = 0
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw changed()
    })
    if (done) break
    parts.push(value)
    size += value.length
    if (size <= LARGEST_TEXT) continue
    void reader.cancel()
    throw tooLarge()
  }
  return joined(parts, size)
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

function changed(): PackError {
  return new PackError('Its checksum is wrong: it is cut off or has been changed.')
}

function tooLarge(): PackError {
  return new PackError(`It holds more than ${LARGEST_TEXT / 1e6} MB.`)
}

/** Bytes at a time: more arguments than this a call cannot have everywhere. */
const CHUNK = 0x2000

function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK))
  }
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    return Uint8Array.from(plain, (character) => character.charCodeAt(0))
  } catch {
    throw changed()
  }
}
