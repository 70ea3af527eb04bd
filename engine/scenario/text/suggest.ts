/** Did you mean …? */

/**
 * Fewest insertions, deletions, replacements and swaps of neighbours that turn one word into the other
 * (Damerau–Levenshtein, optimal string alignment).
 */
export function distance(from: string, to: string): number {
  let before: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1]
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      const change = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      row.push(swapped ? Math.min(change, before[j - 2]! + 1) : change)
    }
    before = last
    last = row
  }
  return last[to.length]!
}

/** The candidate that was most likely meant; undefined when none is near. The first of equals wins. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.slice(0, 64).toLowerCase()
  let best: string | undefined
  let least = Math.min(Math.max(1, Math.floor(wanted.length / 3)), wanted.length - 1) + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) >= least) continue
    const far = distance(wanted, candidate.toLowerCase())
    if (far < least) [best, least] = [candidate, far]
  }
  return best
}

/** `Did you mean ledger-db?`, or the list of what there is, or nothing. */
export function didYouMean(word: string, candidates: readonly string[], what = ''): string {
  const near = nearest(word, candidates)
  if (near !== undefined) return `Did you mean ${near}?`
  if (candidates.length === 0 || what === '') return ''
  return `${what}: ${listed(candidates)}.`
}

/** `a, b, c`, and how many more there are beyond forty. */
export function listed(words: readonly string[]): string {
  const shown = words.slice(0, 40).join(', ')
  return words.length > 40 ? `${shown} and ${words.length - 40} more` : shown
}
