/**
 * What pairing saves: the variance of B − A of independent runs by that of pairs under the same seeds, over the built-in
 * comparisons. Demanded: 5 times in the median.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { patterns } from '../../../engine/patterns/index.ts'
import { METRICS } from '../../../engine/results/metrics.ts'
import { mean, savedBy } from '../../../engine/results/statistics.ts'
import { Run } from '../../../engine/run.ts'
import { readTask } from '../../../engine/scenario/read.ts'
import { root } from '../../support/source.ts'

const SEEDS = 20
const folder = join(root, 'scenarios')
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'))
const NAMES = ['served', 'mean', 'p99']

function resultOf(text: string, name: string, variant: string, seed: number) {
  const rest = { off: [], on: [], inert: [], set: {}, recording: 'none' } as const
  const read = readTask({ text, name, variant, seed, ...rest })
  if (!read.ok) throw new Error(read.errors[0]?.message)
  return new Run(read.scenario, {
    variant,
    seed: String(seed),
    recording: false,
    catalogue: patterns,
  }).finish()
}

/** Ratios of a file by metric, where anything varies. */
function ratiosOf(name: string): [string, number][] {
  const text = readFileSync(join(folder, name), 'utf8')
  if (!/^ {2}A:/m.test(text) || !/^ {2}B:/m.test(text)) return []
  const seeds = Array.from({ length: SEEDS }, (_, at) => at + 1)
  const [a, b] = ['A', 'B'].map((variant) =>
    seeds.map((seed) => resultOf(text, name, variant, seed)),
  )
  return NAMES.flatMap((metric): [string, number][] => {
    const { compute } = METRICS.find((one) => one.name === metric)!
    const [left, right] = [a!, b!].map((results) => results.map((result) => compute(result, [])))
    const ratio = savedBy(left!, right!)
    return Number.isNaN(ratio) ? [] : [[`${name} ${metric}`, ratio]]
  })
}

describe('pairing', () => {
  it('saves five times the runs in the median of the built-in comparisons', () => {
    const ratios = files.flatMap(ratiosOf).toSorted(([, one], [, other]) => one - other)
    const [below, above] = [ratios[(ratios.length - 1) >> 1]![1], ratios[ratios.length >> 1]![1]]
    const lines = ratios.map(([what, ratio]) => `${ratio.toFixed(2)} ${what}`).join('\n')
    expect(ratios.length).toBeGreaterThan(20)
    expect(mean([below, above]), lines).toBeGreaterThanOrEqual(5)
  })
})
