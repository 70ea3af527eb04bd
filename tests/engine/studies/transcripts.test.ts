/**
 * Studies ask for what they asked for, tell what they told, and end with what they ended with: also when they are
 * cancelled at any moment. A change that is meant to change it is to be looked at, then
 * `UPDATE=1 npx vitest run --project node tests/engine/studies/transcripts.test.ts` takes it in.
 */
import { expect, it } from 'vitest'
import type { RunTask, VariantResult } from '../../../engine/run.ts'
import { METRICS } from '../../../engine/results/metrics.ts'
import { readScenario } from '../../../engine/scenario/read.ts'
import { comparison } from '../../../engine/studies/comparison.ts'
import { factorial } from '../../../engine/studies/factorial.ts'
import { candidatesOf, draftOf } from '../../../engine/studies/fault-draft.ts'
import { faultSearch } from '../../../engine/studies/fault-search.ts'
import type { Measure } from '../../../engine/studies/measure.ts'
import { metastability } from '../../../engine/studies/metastability.ts'
import { readRange, type Range } from '../../../engine/studies/range.ts'
import type { Results, Study } from '../../../engine/studies/study.ts'
import { sweep } from '../../../engine/studies/sweep.ts'
import { tipping } from '../../../engine/studies/tipping.ts'
import { worstSeed } from '../../../engine/studies/worst.ts'
import { fingerprint, kept } from '../../support/kept.ts'
import { STORM } from '../../workers/files.ts'
import { BASE, line, luck, resultOf, SERVED } from './pretend.ts'

const FILE = new URL('transcripts.json', import.meta.url)

/** What a task comes to. */
type World = (task: RunTask) => Partial<VariantResult>
type Make = () => Study<unknown, unknown>

const served =
  (share: (task: RunTask) => number): World =>
  (task) =>
    resultOf(share(task))

/** Everything that passes between a study and who follows it; from the `cancelAt`-th request on one run is missing. */
function transcript(make: Make, world: World, cancelAt = Infinity): unknown[] {
  const study = make()
  const told: unknown[] = []
  let asked = 0
  let step = study.next([])
  while (!step.done) {
    const { value } = step
    told.push(value)
    if (value.kind === 'update') {
      step = study.next([])
      continue
    }
    const results = value.tasks.map((task) => ({ ...resultOf(0.5), ...world(task) }))
    const isCancelled = ++asked > cancelAt
    const missing = results.length >> 1
    const left: Results = results.map((one, at) => (isCancelled && at >= missing ? undefined : one))
    step = study.next(left)
  }
  return [...told, step.value]
}

/** A line of the golden file: a transcript, and what becomes of the study when it is cancelled at each request. */
function lineOf(make: Make, world: World): string {
  const whole = transcript(make, world)
  const requests = whole.filter((one) => (one as { kind?: string } | undefined)?.kind === 'runs')
  const cancelled = requests.map((_, at) => transcript(make, world, at))
  return `${whole.length} ${fingerprint(whole)} ${fingerprint(cancelled)}`
}

function range(text: string): Range {
  const read = readRange(text)
  if (!read.ok) throw new Error(read.why)
  return read.range
}

function measure(name: string): Measure {
  const metric = METRICS.find((one) => one.name === name)!
  return { label: name, metric, args: [] }
}

const read = readScenario(STORM, 'storm')
const storm = read.ok ? read.scenario : undefined
const pair = { base: BASE, variants: ['A', 'B'], from: 3 }
const number = (set: RunTask['set'], name: string): number => parseFloat(String(set[name]))

const apart =
  (spread: number): World =>
  (task) =>
    resultOf(task.variant === 'A' ? 0.4 : 0.6 + spread * (luck(task.seed) - 0.5))

/** Where a seed tips, if it does. */
const tips =
  (middle: number, rising: boolean): World =>
  ({ set, seed }) =>
    resultOf(number(set, 'x') < middle + 60 * (luck(seed) - 0.5) === rising ? 0 : 1)

const wants = (words: Readonly<Record<string, number>>): World =>
  served(({ set }) => {
    const faults = set['faults'] as readonly Readonly<Record<string, string | number>>[]
    const lasts = (one: (typeof faults)[number]): number =>
      parseFloat(String(one['for'])) * (String(one['for']).endsWith('ms') ? 1 : 1000)
    const has = ([verb, ms]: [string, number]): boolean =>
      faults.some((one) => verb in one && lasts(one) >= ms)
    return Object.entries(words).every(has) ? 0.2 : 1
  })

const search = {
  base: BASE,
  tree: line('mean(served(B)) > 90% over 5 seeds'),
  from: 1,
  seeds: 2,
  present: [],
  drafts: undefined,
  candidates: candidatesOf(storm!, 3e9, 4e9),
  pairs: 60,
  duration: 12e9,
}

const down =
  (limit: number): World =>
  ({ set, seed }) => {
    const [load, hit] = [number(set, 'load'), number(set, 'faults[0].for') || 0]
    const isDown = load + hit + luck(seed) > limit
    const offered = Array.from({ length: 100 }, () => 10)
    const ok = offered.map((count, at) =>
      at >= 40 && (isDown || at < 50 + 10 * luck(seed)) ? 0 : count,
    )
    const failed = ok.map((count) => 10 - count)
    const series = { offered, ok, failed } as unknown as VariantResult['series']
    return { series, bucketMs: 100, virtualMs: 10_000 }
  }

const map = {
  ...pair,
  seeds: 5,
  load: range('load=1..4'),
  trigger: range('faults[0].for=1s..3s:3'),
  triggerEnds: () => 5000,
}
const tipPlan = { ...pair, range: range('x=100/s..300/s'), seeds: 11 }
const tipTree = line('mean(served(B)) > 90% over 20 seeds')
const looks = {
  ...pair,
  looks: [20, 40, 80],
  measures: [SERVED, measure('failed')],
  deciding: [0],
  precision: () => ({ relative: 0.05 }),
}

const STUDIES: Readonly<Record<string, readonly [Make, World]>> = {
  'comparison, sure at once': [() => comparison(looks), apart(0.05)],
  'comparison, sure late': [() => comparison(looks), apart(0.3)],
  'comparison, never sure': [() => comparison({ ...looks, deciding: [0, 1] }), apart(4)],
  'comparison of what is the same': [() => comparison(looks), served(() => 0.5)],
  'sweep of one': [
    () => sweep({ ...pair, ranges: [range('a=1..6:3')], seeds: 4, measures: [SERVED] }),
    served(({ set, seed }) => number(set, 'a') / 10 + luck(seed) / 50),
  ],
  'sweep of two': [
    () =>
      sweep({
        ...pair,
        ranges: [range('a=1..2'), range('b=10ms..30ms:3')],
        seeds: 3,
        measures: [SERVED],
      }),
    served(({ set, variant }) => number(set, 'b') / 100 + (variant === 'B' ? 0.1 : 0)),
  ],
  'tipping, breaks': [() => tipping({ ...tipPlan, tree: tipTree }), tips(200, false)],
  'tipping, holds': [() => tipping({ ...tipPlan, tree: tipTree }), tips(180, true)],
  'tipping, mostly beyond': [() => tipping({ ...tipPlan, tree: tipTree }), tips(305, false)],
  'tipping, never': [() => tipping({ ...tipPlan, tree: tipTree }), served(() => 1)],
  'tipping, either way': [
    () => tipping({ ...tipPlan, tree: tipTree }),
    (task) => tips(200, Number(task.seed) % 3 === 0)(task),
  ],
  'tipping of whole numbers': [
    () => tipping({ ...tipPlan, range: range('x=100..107'), tree: tipTree }),
    tips(104, false),
  ],
  'factorial of three': [
    () => factorial({ ...pair, patterns: ['a', 'b', 'c'], measure: SERVED, seeds: 6 }),
    served(({ on, seed }) => {
      const [a, b, c] = ['a', 'b', 'c'].map((id) => (on.includes(id) ? 1 : 0))
      return 0.3 + 0.2 * a! - 0.1 * b! + 0.12 * a! * b! + 0.01 * c! * luck(seed) + luck(seed) / 50
    }),
  ],
  'factorial without any difference': [
    () => factorial({ ...pair, patterns: ['a', 'b'], measure: SERVED, seeds: 3 }),
    served(() => 0.5),
  ],
  'worst seed, low': [
    () => worstSeed({ base: BASE, measure: SERVED, worse: 'low', from: 1, seeds: 130 }),
    served(({ seed }) => luck(seed)),
  ],
  'worst seed, high, some without a number': [
    () => worstSeed({ base: BASE, measure: SERVED, worse: 'high', from: 9, seeds: 40 }),
    ({ seed }) => ({
      ...resultOf(luck(seed)),
      ...(Number(seed) % 4 === 0 && {
        requests: { ...resultOf(0).requests, offered: 0, failed: 0 },
      }),
    }),
  ],
  'worst seed, none with a number': [
    () => worstSeed({ base: BASE, measure: SERVED, worse: 'low', from: 1, seeds: 8 }),
    () => ({ requests: { ...resultOf(0).requests, offered: 0, failed: 0 } }),
  ],
  'search, one fault': [() => faultSearch(search), wants({ slow: 700 })],
  'search, two faults': [() => faultSearch(search), wants({ slow: 700, loss: 1500 })],
  'search, any of many': [() => faultSearch(search), wants({})],
  'search, none': [() => faultSearch(search), served(() => 1)],
  'search, those of the file': [
    () =>
      faultSearch({
        ...search,
        present: [{ at: '3s', for: '3s', slow: 'ledger', by: 3 }],
        drafts: storm!.faults.map((spec) => draftOf(spec, storm!.duration)!),
      }),
    wants({ slow: 1200 }),
  ],
  'search beside those of the file': [
    () => faultSearch({ ...search, present: [{ at: '1s', for: '100ms', pause: 'front' }] }),
    wants({ crash: 900 }),
  ],
  'map, all fates': [() => metastability(map), down(4.5)],
  'map, always well': [() => metastability(map), down(99)],
}

it.each(Object.entries(STUDIES))(
  '%s asks for nothing more once it is cancelled',
  (_, [make, world]) => {
    const asked = (told: readonly unknown[]): number =>
      told.filter((one) => (one as { kind?: string } | undefined)?.kind === 'runs').length
    const requests = asked(transcript(make, world))
    const cancelled = Array.from({ length: requests }, (__, at) =>
      asked(transcript(make, world, at)),
    )
    expect(cancelled).toEqual(cancelled.map((___, at) => at + 1))
  },
)

it('studies go as they went', () => {
  const lines = Object.fromEntries(
    Object.entries(STUDIES).map(([name, [make, world]]) => [name, lineOf(make, world)]),
  )
  expect(lines).toEqual(kept(FILE, lines))
})
