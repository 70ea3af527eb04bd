/** The harness of the reference cases: its rule, its controls, its words. What it measures is in `npm run fidelity`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Study } from '../../cli/fidelity/adapter.ts'
import type { ReferenceCase, ReferenceMetric } from '../../cli/fidelity/case.ts'
import { spoil } from '../../cli/fidelity/control.ts'
import { lawOf } from '../../cli/fidelity/law.ts'
import { judge, sampleOf } from '../../cli/fidelity/protocol.ts'
import { documentOf, familiesOf, FILES } from '../../cli/fidelity/published.ts'
import { fingerprintOf, publishedIn, withExamined } from '../../cli/fidelity/published.ts'
import { reportOf, standingOf } from '../../cli/fidelity/report.ts'
import { ENGINE_VERSION } from '../../engine/run.ts'
import { root } from '../support/source.ts'
import { call } from './sim.ts'

const metric: ReferenceMetric = {
  name: 'wait_mean',
  expected: 4,
  kind: 'exact',
  asd: 40,
  gate: true,
}
const one: ReferenceCase = {
  id: 'Q-1',
  family: 'queueing',
  model: 'mmc',
  params: {},
  metrics: [metric],
  sample: { N: 1_000_000, warmup_requests: 50_000 },
}

/** What is examined of it when its number is right. */
const verdict = judge(metric, 4, sampleOf(one, 'ci'), 'ci')
const examined = {
  case: one,
  verdicts: [verdict],
  without: {},
  excuse: undefined,
  trouble: undefined,
}

describe('a number', () => {
  const sample = sampleOf(one, 'nightly')

  it('may be off by four standard errors of its sample, and no more', () => {
    expect(judge(metric, 4.159, sample, 'nightly').reproduced).toBe(true)
    expect(judge(metric, 4.161, sample, 'nightly').reproduced).toBe(false)
    expect(judge(metric, 3.839, sample, 'nightly').reproduced).toBe(false)
  })

  it('has more room in a smaller sample, and less in a larger one', () => {
    const [ci, acceptance] = [sampleOf(one, 'ci'), sampleOf(one, 'acceptance')]
    expect(ci.size).toBe(50_000)
    expect(acceptance).toMatchObject({ size: 4_000_000, seeds: 4 })
    expect(judge(metric, 4.161, ci, 'ci').reproduced).toBe(true)
    expect(judge(metric, 4.081, acceptance, 'acceptance').reproduced).toBe(false)
  })

  it('of a family of runs needs fewer of them, unless it is a percentile over runs', () => {
    const runs = { ...one, sample: { N: 1000, count_of: 'runs' } }
    expect(sampleOf(runs, 'ci').size).toBe(50)
    expect(sampleOf({ ...runs, sample: { N: 100, count_of: 'runs' } }, 'ci').size).toBe(20)
    const percentile = { ...metric, name: 'rounds_p99' }
    expect(sampleOf({ ...runs, metrics: [percentile] }, 'ci').size).toBe(1000)
    expect(sampleOf(runs, 'nightly').size).toBe(1000)
  })

  it('that is a rare probability has the error of so many draws, though it never happened', () => {
    const rare = { ...metric, name: 'p_rare', asd: null, expected: 1e-6 }
    const none = { value: 0, samples: Array.from({ length: 20 }, () => 0) }
    const { size } = sample
    expect(judge(rare, none, sample, 'nightly').standardError).toBeCloseTo(Math.sqrt(1e-6 / size))
    expect(judge(rare, none, sample, 'nightly').reproduced).toBe(true)
    const many = { value: 1e-4, samples: Array.from({ length: 20 }, () => 1e-4) }
    expect(judge(rare, many, sample, 'nightly').reproduced).toBe(false)
  })

  it('that was not measured is missed', () => {
    expect(judge(metric, undefined, sample, 'nightly').reproduced).toBe(false)
    expect(judge(metric, Number.NaN, sample, 'nightly').reproduced).toBe(false)
  })

  it('with the error of the reference itself has that room too', () => {
    const simulated = { ...metric, ref_se: 0.03 }
    expect(judge(simulated, 4.19, sample, 'nightly').reproduced).toBe(true)
  })

  it('without any stated error is held to the 99.9 % interval of its replications', () => {
    const bare = { ...metric, asd: null }
    const samples = Array.from({ length: 20 }, (_, at) => 4 + (at % 2 ? 0.1 : -0.1))
    expect(judge(bare, { value: 4.05, samples }, sample, 'nightly').reproduced).toBe(true)
    expect(judge(bare, { value: 4.2, samples }, sample, 'nightly').reproduced).toBe(false)
    expect(sampleOf({ ...one, metrics: [bare] }, 'nightly').seeds).toBe(20)
  })
})

describe('a law', () => {
  it.each([
    [{ dist: 'exponential', mean_s: 1 }, 'exponential(1000000000ns)'],
    [{ dist: 'deterministic', mean_s: 0.002 }, 'constant(2000000ns)'],
    [{ dist: 'gamma', shape: 0.5, scale_s: 2 }, 'gamma(1000000000ns 0.5)'],
    [
      { dist: 'discrete', values_s: [1, 2], probs: [0.25, 0.75] },
      'mixture(0.25 1000000000ns 0.75 2000000000ns)',
    ],
    [
      { dist: 'hyperexponential', p: 0.5, rate1_per_s: 2, rate2_per_s: 0.5 },
      'hyperexponential(0.5 500000000ns 2000000000ns)',
    ],
  ])('%o is written %s', (law, written) => expect(lawOf(law)).toBe(written))

  it('that nobody knows is refused by name', () => {
    expect(() => lawOf({ dist: 'cauchy' })).toThrow("'cauchy'")
  })
})

describe('an engine that is wrong on purpose', () => {
  const study: Study = {
    key: 'run',
    seeds: [1],
    scenario: {
      services: { a: { work: '1s' }, b: { discipline: 'processor-sharing' } },
      patterns: { again: { use: 'retry', maxAttempts: 4 }, guard: { use: 'timeout' } },
    },
  }

  it('works 5 % longer, loses a retry, or serves the last first; and leaves the study itself alone', () => {
    const before = structuredClone(study)
    expect(spoil(study, 'slow-service').scenario['faults']).toEqual([
      { at: '0s', slow: 'a', by: 1.05 },
      { at: '0s', slow: 'b', by: 1.05 },
    ])
    expect(spoil(study, 'lost-retry').scenario).toMatchObject({
      patterns: { again: { maxAttempts: 3 } },
    })
    expect(spoil(study, 'lifo').scenario['services']).toEqual({
      a: { work: '1s', discipline: 'lifo' },
      b: { discipline: 'processor-sharing' },
    })
    expect(study).toEqual(before)
  })
})

describe('a case', () => {
  it('is reproduced when all its gated numbers are', () => {
    expect(standingOf(examined)).toBe('reproduced')
    const bad = { ...verdict, reproduced: false }
    expect(standingOf({ ...examined, verdicts: [verdict, bad] })).toBe('missed')
    expect(standingOf({ ...examined, verdicts: [verdict, { ...bad, gate: false }] })).toBe(
      'reproduced',
    )
    expect(standingOf({ ...examined, trouble: 'lost' })).toBe('missed')
    expect(standingOf({ ...examined, excuse: { toCome: 'raft' } })).toBe('to come')
  })

  it('is counted in the last line, in these words', () => {
    const other = { ...examined, excuse: { notCovered: 'why' } }
    const last = reportOf([examined, other]).trimEnd().split('\n').at(-1)
    expect(last).toBe('1 reproduced, 0 missed, 1 not covered, 0 to come')
  })
})

describe('sim fidelity', () => {
  it('reproduces M/M/1 and prints its scenario', async () => {
    const run = await call(['fidelity', '--only', 'Q-MM1-50', '--json'])
    expect(run.code, run.stderr).toBe(0)
    const { tally } = JSON.parse(run.stdout) as { tally: { metrics: unknown } }
    expect(tally.metrics).toMatchObject({ reproduced: 16, missed: 0 })
    const shown = await call(['fidelity', '--show', 'Q-MM1-50'])
    expect(shown.stdout).toContain('arrivals: poisson(0.5/s)')
  })

  it.each([
    ['X-DD1', 'the waits of single requests'],
    ['S-HPA', 'the sizes an autoscaler decides on'],
  ])('reproduces %s to the last digit: %s', async (id) => {
    const run = await call(['fidelity', '--only', id])
    expect(run.stdout).toMatch(/ 0 missed, 0 not covered, 0 to come\n$/)
    expect(run.code, run.stderr).toBe(0)
  })

  it('misses it with an engine whose work takes 5 % longer, which is what a control must do', async () => {
    const run = await call(['fidelity', '--only', 'Q-MM1-50', '--control', 'slow-service'])
    expect(run.stdout).toMatch(/0 reproduced, 1 missed, 0 not covered, 0 to come\n$/)
    expect(run.code).toBe(0)
  })

  it('runs other files of the same models, and refuses what is none', async () => {
    const folder = tmpdir()
    const file = join(folder, `cases-${process.pid}.json`)
    const params = { lambda_per_s: 0.5, service: { dist: 'exponential', mean_s: 1 }, servers: 1 }
    const own = { ...one, id: 'OWN', params, metrics: [{ ...metric, expected: 1, asd: 4 }] }
    writeFileSync(
      file,
      JSON.stringify({ cases: [own, { ...own, id: 'LATER', model: 'two-face' }] }),
    )
    const run = await call(['fidelity', file])
    expect(run.stdout).toMatch(/1 reproduced, 0 missed, 0 not covered, 1 to come\n$/)
    writeFileSync(file, '{"cases": [{"id": 7}]}')
    const refused = await call(['fidelity', file])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('cases.0.id')
  })
})

describe('what is published', () => {
  const nothing = { engine: '1', fingerprint: 'f', cases: [] }

  it('takes in what was examined, in the place of what was known of the same case', () => {
    const bad = { ...examined, verdicts: [{ ...verdict, measured: 5, reproduced: false }] }
    const excuse = { notCovered: 'why not' }
    const other = { ...examined, case: { ...one, id: 'Q-2' }, verdicts: [], excuse }
    const before = withExamined(nothing, [bad, other], 'ci')
    expect(before.cases.map(({ standing }) => standing)).toEqual(['missed', 'not covered'])
    const after = withExamined(before, [examined], 'nightly')
    expect(after.cases[0]).toMatchObject({ id: 'Q-1', standing: 'reproduced', tier: 'nightly' })
    expect(familiesOf(after)).toMatchObject([{ family: 'queueing', reproduced: 1, missed: 0 }])
    expect(documentOf(before, 582)).toContain('- wait_mean: 5 for 4 ± 0.8944 (Q-1)')
    expect(documentOf(after, 582)).toContain('| queueing | 1 | 0 | 1 | 0 | 1 of 1 |')
    expect(documentOf(after, 582)).toContain('- why not (Q-2)')
  })

  it('is of the cases that there are and of this engine, in the docs and on the page alike', () => {
    const read = (path: string): string => readFileSync(join(root, path), 'utf8')
    const kept = JSON.parse(read(FILES.cases)) as { fingerprint: string; engine: string }
    expect(kept.fingerprint, 'run `npm run -s fidelity -- --markdown`').toBe(fingerprintOf(root))
    expect(kept.engine, 'run `npm run -s fidelity -- --markdown`').toBe(ENGINE_VERSION)
    const published = publishedIn(root)
    expect(published.cases.length).toBeGreaterThan(0)
    const page = JSON.parse(read(FILES.page)) as { families: unknown; total: number }
    expect(page.families).toEqual(familiesOf(published))
    expect(read(FILES.docs)).toBe(documentOf(published, page.total))
  })
})
