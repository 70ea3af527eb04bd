/** Text that carries a stored result: the page has it inside itself, so that nothing is waited for. */
import { readStored, type Stored } from './stored-run.ts'

/** Id of the element of the page that holds the text. */
export const STORED = 'stored'

/** Bytes as text, made small. */
export async function pack(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const packed = await through(bytes, new CompressionStream('deflate-raw'))
  return btoa(Array.from(packed, (byte) => String.fromCharCode(byte)).join(''))
}

/** The bytes of a text that `pack` made. */
export function unpack(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  return through(packed, new DecompressionStream('deflate-raw'))
}

/** The stored result of a file; undefined where there is none, or it cannot be read: the page computes it then. */
export async function storedResult(name: string): Promise<Stored | undefined> {
  const text = document.getElementById(STORED)?.textContent
  if (!text) return undefined
  try {
    const stored = readStored(await unpack(JSON.parse(text) as string))
    return stored.name === name ? stored : undefined
  } catch {
    return undefined
  }
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const made = new Blob([bytes]).stream().pipeThrough(stream)
  return new Uint8Array(await new Response(made).arrayBuffer())
}
