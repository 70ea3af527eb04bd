/** Keyed draws for tests of statistics: the same in every run. */
import { exp, ln, normalQuantile } from '../../../../engine/core/math.ts'
import { deriveKey, Dice, seedKey } from '../../../../engine/core/random.ts'

/** A row of numbers by experiment and place. */
export type Draw = (experiment: number, at: number) => number

const dice = (purpose: string): Dice => new Dice(deriveKey(seedKey(1), 'tests', purpose))

/** Standard normal values. */
export function normals(purpose: string): Draw {
  const source = dice(purpose)
  return (experiment, at) => normalQuantile(source.uniform(experiment, at))
}

/** Lognormal values with mean 1. */
export function lognormals(purpose: string, sigma: number): Draw {
  const normal = normals(purpose)
  return (experiment, at) => exp(sigma * normal(experiment, at) - (sigma * sigma) / 2)
}

/** Times that requests spend waiting at an M/M/1 queue that starts empty (Lindley), work of mean 1. */
export function waits(experiment: number, load: number, requests: number): number[] {
  const source = dice('queue')
  const span = (at: number): number => -ln(source.uniform(experiment, at))
  const all: number[] = [0]
  while (all.length < requests) {
    const at = all.length * 2
    all.push(Math.max(0, all.at(-1)! + span(at) - span(at + 1) / load))
  }
  return all
}

/** Of so many experiments, the share in which an interval holds the truth. */
export function coverage(
  experiments: number,
  truth: number,
  interval: (experiment: number) => { readonly low: number; readonly high: number },
): number {
  let hits = 0
  for (let each = 0; each < experiments; each++) {
    const { low, high } = interval(each)
    if (low <= truth && truth <= high) hits++
  }
  return hits / experiments
}
