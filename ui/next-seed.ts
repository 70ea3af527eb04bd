/** Seeds in a row, so that somebody can go through them. */

/** The seed after a seed: 8 after 7; `x-2` after `x`. */
export function nextSeed(seed: string): string {
  const number = Number(seed)
  if (seed !== '' && Number.isSafeInteger(number + 1)) return String(number + 1)
  const [, stem = seed, turn = '1'] = /^(.*)-(\d{1,6})$/.exec(seed) ?? []
  return `${stem}-${Number(turn) + 1}`
}

/** The seed before a seed: 7 before 8; `x` before `x-2`. The first of a row stays. */
export function seedBefore(seed: string): string {
  const number = Number(seed)
  if (seed !== '' && Number.isSafeInteger(number - 1)) return String(number - 1)
  const [, stem, turn] = /^(.*)-(\d{1,6})$/.exec(seed) ?? []
  if (stem === undefined || Number(turn) < 2) return seed
  return Number(turn) === 2 ? stem : `${stem}-${Number(turn) - 1}`
}
