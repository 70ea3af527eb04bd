/** Finding by a few letters: pieces of a text, beginnings of words in a row, or letters of one word in their order. */

/** What fits, the best first; everything in its own order when nothing is asked. */
export function fuzzy<T>(all: readonly T[], asked: string, textOf: (one: T) => string): T[] {
  const wanted = asked.trim().toLowerCase()
  if (wanted === '') return [...all]
  const fits = all
    .map((one) => ({ one, fit: fitOf(textOf(one).toLowerCase(), wanted) ?? -1 }))
    .filter(({ fit }) => fit >= 0)
    .toSorted((a, b) => b.fit - a.fit)
  const isSure = fits.some(({ fit }) => fit > WHOLE / 2)
  return fits.filter(({ fit }) => !isSure || fit > WHOLE / 2).map(({ one }) => one)
}

/** What a text is worth that has the asked words in one piece. Where there are such, others are not shown. */
const WHOLE = 1000

/** Higher is better; undefined: it does not fit. Of several words each must fit, wherever it stands. */
export function fitOf(text: string, wanted: string): number | undefined {
  const whole = text.indexOf(wanted)
  if (whole >= 0) return WHOLE - whole - text.length / 1000 + (isStart(text, whole) ? 500 : 0)
  const parts = wanted.split(/\s+/)
  if (parts.length === 1) return lettersFit(text, wanted)
  const fits = parts.map((part) => fitOf(text, part) ?? -1)
  const least = Math.min(...fits)
  return least < 0 ? undefined : least
}

/** Letters scattered over a text say nothing: they are beginnings of words that follow each other, or of one word. */
function lettersFit(text: string, wanted: string): number | undefined {
  const words = text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
  const length = text.length / 1000
  if (words.some((_, at) => isBegun(words, at, wanted))) return 2 * wanted.length - length
  return words.some((word) => hasLetters(word, wanted)) ? Math.max(0, 1 - length) : undefined
}

/** Whether the letters begin a word, and what is left of them the next: `stm` in `share this moment`. */
function isBegun(words: readonly string[], at: number, wanted: string): boolean {
  if (wanted === '') return true
  const word = words[at] ?? ''
  for (
    let length = 1;
    length <= word.length && wanted.startsWith(word.slice(0, length));
    length++
  ) {
    if (isBegun(words, at + 1, wanted.slice(length))) return true
  }
  return false
}

function hasLetters(word: string, wanted: string): boolean {
  let at = -1
  return wanted.split('').every((letter) => (at = word.indexOf(letter, at + 1)) >= 0)
}

function isStart(text: string, at: number): boolean {
  return at === 0 || /[^\p{L}\p{N}]/u.test(text[at - 1]!)
}
