/** From the bytes of a file to text: UTF-8 only, at most 1 MiB, never a silent repair. */
import { type Finding, findingAt, isControl, isSurrogate, codeName } from '../problem.ts'

/** Longest file that is read. */
export const LARGEST_FILE = 1_048_576

/** The text, or what keeps it from being one; `text` is then as much as is needed to find the place. */
export type Decoded =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly text: string; readonly finding: Finding }

/** The text of a file without byte order mark and with `\n` as its only line end. */
export function decode(source: string | Uint8Array): Decoded {
  const bytes = typeof source === 'string' ? utf8Length(source) : source.length
  if (bytes > LARGEST_FILE) return tooLarge(bytes)
  const decoded = typeof source === 'string' ? checked(source) : decodeBytes(source)
  if (!decoded.ok) return decoded
  const text = decoded.text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  return unprintable(text) ?? { ok: true, text }
}

function tooLarge(bytes: number): Decoded {
  const size = (Math.ceil((bytes / LARGEST_FILE) * 10) / 10).toFixed(1)
  const hint = 'Leave out what the scenario does not need.'
  return refused('E_TOO_LARGE', `The file is too large: ${size} MiB, limit 1 MiB.`, hint)
}

function refused(code: 'E_ENCODING' | 'E_TOO_LARGE', says: string, hint: string): Decoded {
  return { ok: false, text: '', finding: findingAt(code, 0, says, hint) }
}

function notUtf8(at: number): Decoded {
  const says = `The file is not valid UTF-8 at byte ${at}.`
  return refused('E_ENCODING', says, 'Save it as UTF-8.')
}

function utf8Length(text: string): number {
  let bytes = 0
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    bytes += unit < 0x80 ? 1 : unit < 0x800 || isSurrogate(unit) ? 2 : 3
  }
  return bytes
}

/** Text that came as text: half a surrogate pair has no UTF-8 form. */
function checked(text: string): Decoded {
  let index = 0
  for (const character of text) {
    if (isSurrogate(character.codePointAt(0)!)) return notUtf8(utf8Length(text.slice(0, index)))
    index += character.length
  }
  return { ok: true, text }
}

function decodeBytes(bytes: Uint8Array): Decoded {
  if (looksLikeUtf16(bytes)) {
    return refused('E_ENCODING', 'The file is UTF-16, not UTF-8.', 'Save it as UTF-8.')
  }
  const parts: string[] = []
  let units: number[] = []
  for (let at = 0; at < bytes.length;) {
    const point = codePointAt(bytes, at)
    if (point < 0) return notUtf8(at)
    at += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
    units.push(point)
    if (units.length < 4096) continue
    parts.push(String.fromCodePoint(...units))
    units = []
  }
  return { ok: true, text: parts.join('') + String.fromCodePoint(...units) }
}

function looksLikeUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true
  return bytes.length > 1 && (first === 0) !== (second === 0)
}

const SMALLEST = [0, 0x80, 0x800, 0x10000]

/** The code point that starts at a byte; -1 where the bytes are no UTF-8. */
function codePointAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!
  if (lead < 0x80) return lead
  const more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1
  if (lead < 0xc2 || lead > 0xf4 || at + more >= bytes.length) return -1
  let point = lead & (0x3f >> more)
  for (let index = 1; index <= more; index++) {
    const next = bytes[at + index]!
    if ((next & 0xc0) !== 0x80) return -1
    point = (point << 6) | (next & 0x3f)
  }
  return point < SMALLEST[more]! || point > 0x10ffff || isSurrogate(point) ? -1 : point
}

/** Control characters have no place in a text file; tab and line end are none here. */
function unprintable(text: string): Decoded | undefined {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit === 0x0a || unit === 0x09 || !isControl(unit) || unit >= 0x7f) continue
    const says = `The file holds the control character ${codeName(unit)}.`
    const hint = unit === 0x0d ? 'Save it with LF line ends.' : 'Take it out.'
    return { ok: false, text, finding: findingAt('E_SYNTAX', index, says, hint) }
  }
  return undefined
}
