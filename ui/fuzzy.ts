/** Finding by a few letters: they must come in this order, and words that begin with them come first. */

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

/** Higher is better; undefined: the letters are not in there in this order. Spaces may be anywhere. */
export function fitOf(text: string, wanted: string): number | undefined {
  const whole = text.indexOf(wanted)
  if (whole >= 0) return WHOLE - whole - text.length / 1000 + (isStart(text, whole) ? 500 : 0)
  let [fit, at] = [0, -1]
  for (const letter of wanted.replaceAll(' ', '')) {
    const next = text.indexOf(letter, at + 1)
    if (next < 0) return undefined
    fit += next === at + 1 ? 3 : isStart(text, next) ? 2 : 0
    at = next
  }
  return Math.max(0, fit - text.length / 1000)
}

function isStart(text: string, at: number): boolean {
  return at === 0 || /[^\p{L}\p{N}]/u.test(text[at - 1]!)
}
