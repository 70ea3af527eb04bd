/** Seeds as they are printed: a whole number where it is one. */
export function printedSeed(seed: string): string | number {
  const number = Number(seed)
  return Number.isSafeInteger(number) && String(number) === seed ? number : seed
}
