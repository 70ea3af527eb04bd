/** News that spreads through a group of instances in rounds: what one counts, all come to know. */
import type { VariantResult } from '../../../engine/run.ts'
import type { Adapter, Excuse, Plan, Sample, Study } from '../adapter.ts'
import type { ReferenceCase } from '../case.ts'
import { numberOf } from '../law.ts'
import { over } from '../station.ts'

type Part = Readonly<Record<string, unknown>>

/** Most instances of a service. */
const MOST = 1000
/** Rounds of a run: far more than a rumor lives, and than one lives that nobody hears of; a round is a second. */
const ROUNDS = 60
const ROUNDS_BLIND = 250

/** Twice the rounds that news needs to come to all (log2 n + ln n), and more: one run in a million needs more still. */
const roundsFor = (n: number): number => Math.ceil(2 * (Math.log2(n) + Math.log(n))) + 10

/** A round's messages are heard within it. */
const LATENCY = '1ms'

/** One update at one instance in the beginning; from then on the instances talk, in rounds that are a second apart. */
function spreading(key: string, { n, gossip, rounds = ROUNDS, seeds }: Spreading): Study {
  return {
    key,
    seeds,
    keep: onlySignals,
    scenario: {
      duration: `${rounds}.5s`,
      links: { default: { latency: LATENCY } },
      services: { group: { instances: n } },
      load: { origin: { to: 'group', arrivals: ['0s'], mix: { increment: '100%' } } },
      patterns: {
        news: {
          use: 'crdt-counter',
          where: ['group'],
          type: 'g-counter',
          gossipInterval: '1s',
          takeIn: 'next-round',
          ...gossip,
        },
      },
      budget: { events: 1e12 },
    },
  }
}

interface Spreading {
  readonly n: number
  /** Values of the pattern. */
  readonly gossip: Part
  readonly rounds?: number
  readonly seeds: readonly number[]
}

const READ = ['value', 'lastNews', 'contacts', 'shipped'] as const

/** A run of a thousand instances has many numbers, and there are many runs: only these are read. */
function onlySignals(result: VariantResult): VariantResult {
  const entries = Object.entries(result.signals).map(([unit, signals]) => [
    unit,
    Object.fromEntries(READ.map((name) => [name, { value: signals[name]!.value } as Signal])),
  ])
  return { ...result, signals: { [ALL]: totals(entries.map(([, signals]) => signals as Signals)) } }
}

type Signals = Record<(typeof READ)[number], Signal>
type Signal = VariantResult['signals'][string][string]

/** The instances together: how many know, when the last of them heard, what they sent. */
const ALL = 'all'

function totals(instances: readonly Signals[]): Record<string, Signal> {
  const values = (name: (typeof READ)[number]): number[] =>
    instances.map((signals) => Number(signals[name].value))
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0)
  const plain = (value: number): Signal => ({ value, seconds: {}, entered: {} })
  return {
    ignorant: plain(values('value').filter((value) => value === 0).length),
    lastNews: plain(Math.max(...values('lastNews'))),
    contacts: plain(sum(values('contacts'))),
    shipped: plain(sum(values('shipped'))),
  }
}

const total = (result: VariantResult, name: string): number =>
  Number(result.signals[ALL]![name]!.value)

/** The last round in which an instance heard of it. */
const roundsOf = (result: VariantResult): number => Math.floor(total(result, 'lastNews') / 1e9)

/** The round in which all knew; no number when they never did. */
const roundsToAll = (result: VariantResult): number =>
  total(result, 'ignorant') > 0 ? Number.NaN : roundsOf(result)

function gossip({ params }: ReferenceCase, sample: Sample): Plan | Excuse {
  const n = numberOf(params, 'n')
  if (n > MOST) return { notCovered: `a service has at most ${MOST} instances, this needs ${n}` }
  const mode = params['mode'] === 'pushpull' ? 'push-pull' : String(params['mode'])
  const setting = {
    n,
    rounds: roundsFor(n),
    gossip: {
      mode,
      contacts: 'concerned',
      withRepetition: true,
      fanout: numberOf(params, 'fanout'),
    },
  }
  const seeds = Array.from({ length: sample.size }, (_, at) => sample.firstSeed + at)
  return {
    studies: [spreading('run', { ...setting, seeds })],
    next: ({ run, ...ended }) =>
      Object.keys(ended).length > 0 || mode === 'pull' ? [] : untilTheEnd(run!, seeds, setting),
    measure: ({ run, ...ended }) => ({
      rounds_mean: over(run!, roundsToAll),
      rounds_p99: percentile(run!.map(roundsToAll), 0.99),
      msgs_per_node: over(
        mode === 'pull' ? run! : Object.values(ended).flat(),
        (result) => total(result, 'contacts') / n,
      ),
    }),
  }
}

/** The same runs once more, each to the end of the round in which all had heard: what was sent until then. */
function untilTheEnd(
  run: readonly VariantResult[],
  seeds: readonly number[],
  setting: Omit<Spreading, 'seeds'>,
): Study[] {
  const lengths = [...new Set(run.map(roundsOf))]
  return lengths.map((rounds) =>
    spreading(`until ${rounds}`, {
      ...setting,
      rounds,
      seeds: seeds.filter((_, at) => roundsOf(run[at]!) === rounds),
    }),
  )
}

/** The value at rank ceil(p·N). */
function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.ceil(p * sorted.length) - 1]!
}

/** Rumors that are told until nobody cares any more. */
function demers({ params }: ReferenceCase, sample: Sample): Plan {
  const n = numberOf(params, 'n')
  const loss = params['removal'] === 'coin' ? 'coin' : 'counter'
  const interest = { loss, k: numberOf(params, 'k'), feedback: params['feedback'] === true }
  const values = { mode: String(params['mode']), interest, withRepetition: true }
  const seeds = Array.from({ length: sample.size }, (_, at) => sample.firstSeed + at)
  return {
    studies: [
      spreading('run', {
        n,
        gossip: values,
        seeds,
        rounds: interest.feedback ? ROUNDS : ROUNDS_BLIND,
      }),
    ],
    measure: ({ run }) => ({
      residue: over(run!, (result) => total(result, 'ignorant') / n),
      traffic_m: over(run!, (result) => total(result, 'shipped') / n),
      t_last: over(run!, roundsOf),
    }),
  }
}

const adapter = (model: string, plan: Adapter['plan']): Adapter => ({
  model,
  depends: () => [],
  plan,
})

export const adapters: readonly Adapter[] = [adapter('gossip', gossip), adapter('demers', demers)]
