/**
 * A text as part of an address: deflate and base64url, by the browser's own means. Where it has none of them the text
 * goes as it is, and the address gets longer. What comes out of a stranger's address is bounded.
 */

/** Most bytes that are unpacked. The reader of scenarios has a stricter limit of its own. */
export const LARGEST_TEXT = 2_000_000

/** An address that cannot be unpacked, in words for whoever opened it. */
export class PackError extends Error {}

/** A text for an address: `z.` and the deflated bytes, or `p.` and the plain ones. */
export async function packText(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text)
  if (typeof CompressionStream === 'undefined') return `p.${toBase64(bytes)}`
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'))
  return `z.${toBase64(new Uint8Array(await new Response(packed).arrayBuffer()))}`
}

/** Whether the scenario of a link is a packed text and not a name. */
export function isPacked(scenario: string | undefined): boolean {
  return scenario !== undefined && /^[zp]\./.test(scenario)
}

/** The text of a packed scenario; rejects with a `PackError`. */
export async function unpackText(packed: string): Promise<string> {
  const bytes = fromBase64(packed.slice(2))
  const plain = packed.startsWith('z.') ? await inflate(bytes) : bytes
  if (plain.length > LARGEST_TEXT) throw tooLarge()
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(plain)
  } catch {
    throw new PackError('What it holds is not text.')
  }
}

/** Stops reading when there is more than anybody may send. */
async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (typeof DecompressionStream === 'undefined') {
    throw new PackError('This browser cannot unpack it. A newer one can.')
  }
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  const parts: Uint8Array[] = []
  let size = 0
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new PackError('It is cut off or has been changed.')
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
    throw new PackError('It is cut off or has been changed.')
  }
}
