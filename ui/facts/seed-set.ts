/** The same comparison under a row of seeds: which seeds there are, and what is known of each. */
import type { VariantResult } from '../../engine/results/result.ts'
import { nextSeed } from '../next-seed.ts'

/** Both variants under one seed. */
export interface SeedPair {
  readonly seed: string
  /** Undefined: not computed yet, or lost. */
  readonly A: VariantResult | undefined
  readonly B: VariantResult | undefined
}

/** A row of seeds, as far as it is computed. It never changes, it is replaced. */
export interface SeedSet {
  readonly pairs: readonly SeedPair[]
  /** Seed of the runs that are on the screen. */
  readonly current: string
  readonly isRunning: boolean
  /** Whether seeds are added until the interval is narrow. */
  readonly isUntilNarrow: boolean
  /** The command that computes the same numbers; undefined: there is no single one. */
  readonly command: string | undefined
}

/** A pair of which both runs are known. */
export interface CompletePair {
  readonly seed: string
  readonly A: VariantResult
  readonly B: VariantResult
}

/** Seeds of a first row; of a longer one, these are the first. */
export const FIRST_ROW = 20

/** The pairs of which both runs are known. */
export function completePairs(set: Pick<SeedSet, 'pairs'> | undefined): readonly CompletePair[] {
  return (set?.pairs ?? []).filter((pair): pair is CompletePair => Boolean(pair.A && pair.B))
}

/**
 * A row of seeds with a given one in it, that does not move while one goes from seed to seed: the seed of the file and
 * those after it, or the block of 20 after those in which the given one lies.
 */
export function seedRow(seed: string, fileSeed: string, count: number): string[] {
  const row = rowFrom(originOf(seed, fileSeed), Math.max(count, FIRST_ROW)).slice(0, count)
  return row.includes(seed) ? row : rowFrom(seed, count)
}

function rowFrom(first: string, count: number): string[] {
  const row = [first]
  while (row.length < count) row.push(nextSeed(row.at(-1)!))
  return row
}

function originOf(seed: string, fileSeed: string): string {
  const [here, start] = [wholeSeed(seed), wholeSeed(fileSeed)]
  if (here === undefined || start === undefined || here < start) return fileSeed
  return String(start + Math.floor((here - start) / FIRST_ROW) * FIRST_ROW)
}

/** A seed that is a whole number; undefined for a text. */
export function wholeSeed(seed: string): number | undefined {
  const number = Number(seed)
  return Number.isSafeInteger(number) && String(number) === seed ? number : undefined
}
