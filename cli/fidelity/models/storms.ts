/** Retry storms: a server that stands still for a while, and callers who do not wait. */
import type { VariantResult } from '../../../engine/run.ts'
import type { Adapter, Plan, Results, Sample, Study } from '../adapter.ts'
import type { ReferenceCase } from '../case.ts'
import { lawOf, numberOf, perSecond, seconds } from '../law.ts'
import { over, UNLIMITED } from '../station.ts'

type Part = Readonly<Record<string, unknown>>

const EDGE = 'client -> server'

/** Seeds that are not part of a sample: one run shows it. */
const ONE_SEED = [1]

/** Arrivals, and how much later than in the case everything else has to happen for them to fall in the same places. */
function arrivalsOf(params: Part): { readonly arrivals: string; readonly shift: number } {
  const rate = numberOf(params, 'lambda_per_s')
  if (params['arrival'] === 'poisson') return { arrivals: `poisson(${perSecond(rate)})`, shift: 0 }
  // Even arrivals begin after one gap.
  return {
    arrivals: `constant(${perSecond(rate)})`,
    shift: 1 / rate - numberOf(params, 'first_arrival_s'),
  }
}

function patternsOf(params: Part): Part {
  const budget = params['retry_budget'] as Part | null
  return {
    again: {
      use: 'retry',
      where: [EDGE],
      maxAttempts: 1 + numberOf(params, 'retries'),
      backoff: { kind: 'none' },
      ...(budget && {
        budget: {
          kind: 'bucket',
          maxTokens: numberOf(budget, 'capacity'),
          ratio: numberOf(budget, 'earn_per_call'),
          cost: numberOf(budget, 'retry_cost'),
        },
      }),
    },
    patience: { use: 'timeout', where: { [EDGE]: seconds(numberOf(params, 'timeout_s')) } },
  }
}

/** The server stands still for the pause of the case; what was counted begins `quiet` before the end. */
function pauseStudy(key: string, params: Part, seeds: readonly number[]): Study {
  const { arrivals, shift } = arrivalsOf(params)
  const pause = numberOf(params, 'pause_s')
  const places = params['queue_capacity_total']
  const horizon = numberOf(params, 'horizon_s') + shift
  const at = seconds(numberOf(params, 'pause_start_s') + shift)
  return {
    key,
    seeds,
    scenario: {
      duration: seconds(horizon),
      warmup: seconds(horizon - numberOf(params, 'recovered_quiet_s')),
      links: { default: { latency: '0s' } },
      services: {
        client: { concurrency: UNLIMITED, queue: 'unbounded', work: '0s', calls: ['server'] },
        server: {
          concurrency: 1,
          queue: typeof places === 'number' ? places - 1 : 'unbounded',
          work: lawOf(params['service']),
        },
      },
      load: { users: { to: 'client', arrivals } },
      patterns: patternsOf(params),
      faults: pause > 0 ? [{ at, for: seconds(pause), pause: 'server' }] : [],
      budget: { events: 1e12 },
    },
  }
}

/** Whether nobody has stopped waiting in the quiet time at the end. */
const recovers =
  (params: Part) =>
  ({ edges, virtualMs }: VariantResult): number => {
    const quietFrom = virtualMs - 1000 * numberOf(params, 'recovered_quiet_s')
    return edges[EDGE]!.lastTimeoutMs < quietFrom ? 1 : 0
  }

/** Seconds from the end of the pause to the last timeout. */
const lastTimeout =
  (params: Part) =>
  ({ edges }: VariantResult): number => {
    const ended = numberOf(params, 'pause_start_s') + numberOf(params, 'pause_s')
    return edges[EDGE]!.lastTimeoutMs / 1e3 - ended - arrivalsOf(params).shift
  }

const EVALUATED = /^(p_recover|recovers)/

/** Settings of the evaluations that are one run of the case with other values. */
function evaluations({ params, metrics }: ReferenceCase): readonly (readonly [string, Part])[] {
  const listed = params['evaluations'] as readonly Part[]
  const settings = listed
    .filter((one) => one['search'] === undefined && one['informational'] !== true)
    .map(({ metric, ...values }) => [String(metric), values] as const)
  const plain = metrics
    .map(({ name }) => name)
    .filter((name) => !listed.some(({ metric }) => metric === name))
  return [
    ...settings.map(([name, values]) => [name, { ...params, ...values }] as const),
    ...plain.map((name) => [name, params] as const),
  ]
}

const SEARCHED = 'critical_pause_s'

function metastablePause(one: ReferenceCase, sample: Sample): Plan {
  const seeds = Array.from({ length: sample.size }, (_, at) => sample.firstSeed + at)
  const settings = evaluations(one).filter(([, params]) => params['pause_s'] !== null)
  const search = (one.params['evaluations'] as readonly Part[]).find(
    ({ metric }) => metric === SEARCHED,
  )
  const pauses = search && pauseSearch(one.params, search)
  const measured = settings.filter(([name]) => one.metrics.some((metric) => metric.name === name))
  return {
    studies: [
      ...measured.map(([name, params]) => pauseStudy(name, params, seeds)),
      ...(pauses?.first ?? []),
    ],
    ...(pauses && { next: pauses.next }),
    measure: (results) => ({
      ...Object.fromEntries(
        measured.map(([name, params]) => [name, over(results[name]!, readOf(name, params))]),
      ),
      ...(pauses && { [SEARCHED]: pauses.found(results) }),
    }),
  }
}

function readOf(name: string, params: Part): (result: VariantResult) => number {
  if (EVALUATED.test(name)) return recovers(params)
  if (name === 'last_timeout_after_pause_end_s') return lastTimeout(params)
  // Goodput: requests of the quiet time that were served.
  return ({ requests }) => requests.ok
}

/** Pauses that are tried at once: each round makes the stretch that holds the threshold so much shorter. */
const AT_ONCE = 8

/** Looks for the longest pause that the system recovers from. */
function pauseSearch(params: Part, search: Part) {
  const PREFIX = 'pause '
  const study = (pause: number): Study =>
    pauseStudy(`${PREFIX}${pause}`, { ...params, pause_s: pause }, ONE_SEED)
  const between = (low: number, high: number): Study[] =>
    Array.from({ length: AT_ONCE }, (_, at) =>
      study(low + ((at + 1) * (high - low)) / (AT_ONCE + 1)),
    )
  const stretch = (results: Results): { low: number; high: number } => {
    let [low, high] = [numberOf(search, 'low_s'), numberOf(search, 'high_s')]
    for (const [key, [result]] of Object.entries(results)) {
      if (!key.startsWith(PREFIX)) continue
      const pause = Number(key.slice(PREFIX.length))
      if (recovers(params)(result!) === 1) low = Math.max(low, pause)
      else high = Math.min(high, pause)
    }
    return { low, high }
  }
  return {
    first: between(numberOf(search, 'low_s'), numberOf(search, 'high_s')),
    next: (results: Results): Study[] => {
      const { low, high } = stretch(results)
      return high - low > numberOf(search, 'resolution_s') ? between(low, high) : []
    },
    found: (results: Results): number => stretch(results).low,
  }
}

export const adapters: readonly Adapter[] = [
  { model: 'metastable-pause', depends: dependsOn, plan: metastablePause },
]

/** Where every run comes out the same with one retry less, the retry is not what the case rests on; nor is who goes first. */
function dependsOn({ metrics }: ReferenceCase): ReturnType<Adapter['depends']> {
  const breaksDown = metrics.some(
    ({ name, expected, gate }) => gate && EVALUATED.test(name) && (expected ?? 1) < 0.9,
  )
  return breaksDown ? ['retry', 'order'] : []
}
