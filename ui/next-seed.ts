/** The seed after a seed: 8 after 7; `x-2` after `x`. */
export function nextSeed(seed: string): string {
  const number = Number(seed)
  if (seed !== '' && Number.isSafeInteger(number + 1)) return String(number + 1)
  const [, stem = seed, turn = '1'] = /^(.*)-(\d{1,6})$/.exec(seed) ?? []
  return `${stem}-${Number(turn) + 1}`
}
