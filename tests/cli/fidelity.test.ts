/** The harness of the reference cases: its rule, its controls, its words. What it measures is in `npm run fidelity`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isExcuse, type Study } from '../../cli/fidelity/adapter.ts'
import { readCases, type ReferenceCase, type ReferenceMetric } from '../../cli/fidelity/case.ts'
import { spoil } from '../../cli/fidelity/control.ts'
import { lawOf } from '../../cli/fidelity/law.ts'
import { planOf, textOf } from '../../cli/fidelity/examine.ts'
import { attained, judge, sampleOf } from '../../cli/fidelity/protocol.ts'
import { documentOf, familiesOf, FILES } from '../../cli/fidelity/published.ts'
import { fingerprintOf, publishedIn, withExamined } from '../../cli/fidelity/published.ts'
import { ADAPTERS } from '../../cli/fidelity/registry.ts'
import { reportOf, standingOf } from '../../cli/fidelity/report.ts'
import { ENGINE_VERSION } from '../../engine/run.ts'
import { readScenario } from '../../engine/scenario/read.ts'
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
    const placements = { ...one, sample: { N: 10_000, count_of: 'placements' } }
    expect(sampleOf(placements, 'ci').size).toBe(500)
    const percentile = { ...metric, name: 'rounds_p99' }
    expect(sampleOf({ ...runs, metrics: [percentile] }, 'ci').size).toBe(1000)
    expect(sampleOf(runs, 'nightly').size).toBe(1000)
  })

  it('that has the same room at a higher tier, from the same run, is good for that tier too', () => {
    const stated = { ...metric, asd: null, tolerance_abs: 0.1 }
    const whole: ReferenceCase = { ...one, metrics: [stated] }
    expect(sampleOf(whole, 'ci')).toEqual(sampleOf(whole, 'nightly'))
    expect(attained(whole, 'ci')).toBe('nightly')
    expect(attained(whole, 'acceptance')).toBe('acceptance')
    expect(attained(one, 'ci')).toBe('ci')
    expect(attained({ ...whole, metrics: [stated, metric] }, 'ci')).toBe('ci')
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

  it('that is an availability is a probability too', () => {
    const rare = { ...metric, name: 'availability', asd: null, expected: 0.99999 }
    const all = { value: 1, samples: Array.from({ length: 20 }, () => 1) }
    expect(judge(rare, all, sample, 'nightly').reproduced).toBe(true)
    const fewer = { value: 0.999, samples: Array.from({ length: 20 }, () => 0.999) }
    expect(judge(rare, fewer, sample, 'nightly').reproduced).toBe(false)
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

  it('is seen where the spread of times is looked at, or their percentiles, and not where only their mean is', () => {
    const dependsOn = (model: string, names: readonly string[]) =>
      ADAPTERS.get(model)!.depends({
        ...one,
        metrics: names.map((name) => ({ ...metric, name })),
      })
    for (const model of ['mmc', 'tandem', 'failover']) {
      expect(dependsOn(model, ['sojourn_mean', 'sojourn_p99'])).toEqual(['service', 'order'])
      expect(dependsOn(model, ['sojourn_mean', 'L'])).toEqual(['service'])
    }
  })

  it('is not seen where nobody waits long enough for another to come', () => {
    const cases = readCases(join(root, 'cli/fidelity/reference-cases.json'))
    const dependsOn = (wanted: string) => {
      const found = cases.find(({ id }) => id === wanted)!
      return ADAPTERS.get(found.model)!.depends(found)
    }
    expect(dependsOn('L-RR-n10-90')).toEqual(['service', 'order'])
    expect(dependsOn('L-JIQ-n100-50')).toEqual(['service'])
  })

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

describe('every case', () => {
  it('is a scenario that can be read, however large its sample', () => {
    const cases = readCases(join(root, 'cli/fidelity/reference-cases.json'))
    const refused = cases.flatMap((each) => {
      const plan = planOf(each, { adapters: ADAPTERS, tier: 'nightly' })
      const studies = isExcuse(plan) ? [] : plan.studies.slice(0, 1)
      const readings = studies.map((study) => readScenario(textOf(study), each.id))
      return readings.flatMap((reading) => (reading.ok ? [] : [each.id, ...reading.errors]))
    })
    expect(refused).toEqual([])
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
    ['A-HEALTH', 'when a prober knows that a node is dead'],
  ])('reproduces %s to the last digit: %s', async (id) => {
    const run = await call(['fidelity', '--only', id])
    expect(run.stdout).toMatch(/ 0 missed, 0 not covered, 0 to come\n$/)
    expect(run.code, run.stderr).toBe(0)
  })

  it.each([
    ['G-SWIM-8', 'when any of the members has probed the dead one'],
    ['A-QUORUM-5-0.99', 'a failure so rare that it did not happen'],
  ])('reproduces %s: %s', async (id) => {
    const run = await call(['fidelity', '--only', id])
    expect(run.stdout).toMatch(/1 reproduced, 0 missed, 0 not covered, 0 to come\n$/)
  })

  it('runs one case when it is given a whole id, though longer ones begin with it', async () => {
    const one = await call(['fidelity', '--only', 'Q-MLN1-50-1'])
    expect(one.stdout).toMatch(/\n1 reproduced/)
    const more = await call(['fidelity', '--only', 'Q-MLN1-50-'])
    expect(more.stdout).toMatch(/\n3 reproduced/)
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

describe('a number that is for information only', () => {
  it('is not run for', () => {
    const metastable = readCases(join(root, 'cli/fidelity/reference-cases.json'))
    const paper = metastable.find(({ id }) => id === 'R-META-HOTOS')!
    const plan = ADAPTERS.get(paper.model)!.plan(paper, sampleOf(paper, 'ci'))
    const keys = 'studies' in plan ? plan.studies.map(({ key }) => key) : []
    expect(keys).toEqual(['p_recover_lambda280_D10', 'p_recover_lambda140_D10'])
  })
})

describe('a setting that has to be found', () => {
  const dip = (metricName: string, cpus: number, length: number, gap: number) => ({
    metric: metricName,
    dip_cpus: cpus,
    dip_s: length,
    interarrival_s: gap,
  })
  const params = {
    replicas: 3,
    timeout_s: 3,
    retries: 4,
    requests: 10_000,
    trigger_start_s: 60,
    normal_cpus: 2,
    evaluations: [
      dip('a_recovers', 0.45, 10, 0.0075),
      dip('b_recovers', 0.4, 10, 0.0075),
      dip('c_recovers', 0.4, 9, 0.0075),
    ],
  }
  const metrics = [1, 0, 1].map((expected, at) => {
    const name = `${'abc'[at]!}_recovers`
    return { name, expected, kind: 'exact', tolerance_abs: 0, gate: true }
  })

  it('is looked for, and the others are run with what was found', async () => {
    const path = join(tmpdir(), `dip-${process.pid}.json`)
    const sample = { N: 1, count_of: 'runs' }
    const own = { ...one, id: 'DIP', model: 'osdi-retry-dip', params, metrics, sample }
    writeFileSync(path, JSON.stringify({ cases: [own] }))
    const run = await call(['fidelity', path])
    expect(run.stdout).toMatch(/1 reproduced, 0 missed, 0 not covered, 0 to come\n$/)
  })
})

describe('shards', () => {
  it('are as many as there can be, and overlap as often as they must', async () => {
    const path = join(tmpdir(), `shards-${process.pid}.json`)
    const params = { workers: 4, shard_size: 2 }
    const overlap = (common: number, expected: number) => {
      const asd = Math.sqrt(expected * (1 - expected))
      return { name: `p_overlap_${common}`, expected, kind: 'exact', asd, gate: true }
    }
    const metrics = [
      { name: 'possible_shards', expected: 6, kind: 'exact', tolerance_abs: 0, gate: true },
      overlap(0, 1 / 6),
      overlap(1, 4 / 6),
      overlap(2, 1 / 6),
    ]
    const sample = { N: 10_000, count_of: 'pairs' }
    const own = { ...one, id: 'SHARDS', model: 'shuffle-shard', params, metrics, sample }
    const large = { ...own, id: 'LARGE', params: { workers: 2048, shard_size: 4 } }
    writeFileSync(path, JSON.stringify({ cases: [own, large] }))
    const run = await call(['fidelity', path])
    expect(run.stdout).toContain('at most 1000 instances')
    expect(run.stdout).toMatch(/1 reproduced, 0 missed, 1 not covered, 0 to come\n$/)
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

  it('says of a miss why, where that is known, and of nothing else', () => {
    const known = { ...one, id: 'L-SQ1-inf-90' }
    const bad = { ...verdict, measured: 5, reproduced: false }
    const missed = withExamined(nothing, [{ ...examined, case: known, verdicts: [bad] }], 'ci')
    expect(documentOf(missed, 582)).toMatch(/- wait_mean: 5 for 4 ± 0.8944 \(L-SQ1-inf-90\): the /)
    const excused = { ...examined, case: known, verdicts: [], excuse: { notCovered: 'why not' } }
    expect(documentOf(withExamined(nothing, [excused], 'ci'), 582)).toContain(
      '- why not (L-SQ1-inf-90)\n',
    )
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
