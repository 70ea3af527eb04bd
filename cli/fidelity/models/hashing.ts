/** Which instance owns a key: shares, moves, hot keys. A limiter that never refuses counts what each instance gets. */
import type { VariantResult } from '../../../engine/run.ts'
import type { Adapter, Excuse, Measured, Plan, Sample, Study } from '../adapter.ts'
import { seedsOf } from '../adapter.ts'
import type { ReferenceCase } from '../case.ts'
import { numberOf, perSecond, seconds } from '../law.ts'
import { over, UNLIMITED } from '../station.ts'
import { topKeyStudy } from './caching.ts'

type Part = Readonly<Record<string, unknown>>

const RATE = 1000
const FREE = { concurrency: UNLIMITED, queue: 'unbounded', work: '0s' }

/** Requests to a group of instances, each key to its owner. The group's name decides where the owners lie. */
interface Sharding {
  readonly group: string
  readonly instances: number
  readonly balancer: Part
  readonly load: Part
  readonly scenario?: Part
}

function shardedStudy(
  key: string,
  seeds: readonly number[],
  { group, instances, balancer, load, scenario }: Sharding,
): Study {
  return {
    key,
    seeds,
    scenario: {
      links: { default: { latency: '0s' } },
      services: { [group]: { ...FREE, instances } },
      load: { users: { to: group, ...load } },
      patterns: {
        owners: {
          use: 'load-balancer',
          where: [`users -> ${group}`],
          policy: 'key-partitioner',
          ...balancer,
        },
        counted: { use: 'rate-limiter', where: [group], rate: '1000000000/s', burst: 1e9 },
      },
      budget: { events: 1e12 },
      ...scenario,
    },
  }
}

/** One request is enough: the ring is made for it. Rings differ by the names of the nodes. */
function ring({ params }: ReferenceCase, sample: Sample): Plan {
  const studies = Array.from({ length: sample.size }, (_, at) =>
    shardedStudy(`ring ${at}`, [sample.firstSeed], {
      group: `node${at}`,
      instances: numberOf(params, 'nodes'),
      balancer: { partitioner: 'ring', vnodes: numberOf(params, 'vnodes') },
      load: { arrivals: ['0s'] },
      scenario: { duration: '1s' },
    }),
  ).map((study) => ({ ...study, keep: onlyRing }))
  return {
    studies,
    measure: (results) => {
      const rings = Object.values(results).flat()
      const level = (name: string) => over(rings, (result) => levelOf(result, name))
      return {
        cv: { ...level('unevenness'), size: rings.length },
        max_over_mean: level('largestShare'),
        min_over_mean: level('smallestShare'),
      }
    },
  }
}

/** Of a thousand instances nothing is read but what the ring says. */
function onlyRing(result: VariantResult): VariantResult {
  const rings = Object.entries(result.signals).filter(([, signals]) => 'unevenness' in signals)
  return { ...result, signals: Object.fromEntries(rings) }
}

const levelOf = (result: VariantResult, name: string): number =>
  Number(Object.values(result.signals)[0]![name]!.value)

/** Calls that each instance got, in their order. */
function perInstance({ signals }: VariantResult): number[] {
  return Object.values(signals).flatMap((each) =>
    'admitted' in each ? [Number(each['admitted'].value)] : [],
  )
}

/** Each vector is one request for one key. */
function jump({ params }: ReferenceCase): Plan {
  const vectors = (params['evaluations'] as readonly Part[]).map((one) => ({
    metric: String(one['metric']),
    key: Number(one['key']),
    instances: numberOf(one, 'buckets'),
  }))
  return {
    studies: vectors
      .map(({ metric, key, instances }) =>
        shardedStudy(metric, [1], {
          group: 'bucket',
          instances: Math.min(instances, MOST),
          balancer: { partitioner: 'jump' },
          load: { arrivals: ['1s'] },
          scenario: {
            duration: '2s',
            faults: [{ at: '0s', 'hot-key': 'users', key, by: '100%' }],
          },
        }),
      )
      .filter((_, at) => vectors[at]!.instances <= MOST),
    measure: (results) =>
      Object.fromEntries(
        Object.entries(results).map(([metric, [result]]) => [
          metric,
          perInstance(result!).indexOf(1),
        ]),
      ),
    without: Object.fromEntries(
      vectors
        .filter(({ instances }) => instances > MOST)
        .map(({ metric }) => [metric, `a service has at most ${MOST} instances`]),
    ),
  }
}

/** Most instances of a service. */
const MOST = 1000

/** What happens in the middle of a run. */
interface Change {
  readonly patterns?: Part
  readonly faults?: readonly Part[]
}

/** Requests per key before the new node comes: nearly every key has been asked for. */
const TOUCHES = 12
/** Seconds of either part of a run. */
const HALF = 100

/**
 * Every instance keeps what it was asked for. When one more comes, what has moved is missed; how many different keys were
 * asked for is what would be missed if the caches were emptied instead.
 */
function keyMove({ params }: ReferenceCase, sample: Sample): Plan {
  const [from, to] = [numberOf(params, 'from_nodes'), numberOf(params, 'to_nodes')]
  const keys = sample.size
  const counts = (key: string, partitioner: string, change: Change): Study => ({
    key,
    seeds: seedsOf(sample),
    scenario: {
      duration: seconds(2 * HALF),
      warmup: seconds(HALF + 2),
      links: { default: { latency: '0s' } },
      services: { store: { ...FREE, work: '1ns', instances: from } },
      load: {
        users: {
          to: 'store',
          arrivals: `spike(${perSecond((TOUCHES * keys) / HALF)} ${perSecond(keys / HALF)} ${HALF}s ${HALF}s)`,
          keys: `uniform(${keys})`,
        },
      },
      patterns: {
        owners: {
          use: 'load-balancer',
          where: ['users -> store'],
          policy: 'key-partitioner',
          partitioner,
          vnodes: 1000,
        },
        kept: { use: 'cache', where: ['store'], ttl: '1d', capacity: keys },
        ...change.patterns,
      },
      ...(change.faults && { faults: change.faults }),
      budget: { events: 1e12 },
    },
  })
  const scaler = {
    use: 'autoscaler',
    where: ['store'],
    min: to,
    max: to,
    interval: `${HALF}s`,
    startup: '0s',
  }
  const added = { patterns: { scaler } }
  const emptied = { faults: [{ at: `${HALF}s`, flush: 'kept' }] }
  const evaluations = (params['evaluations'] as readonly Part[]).flatMap((one) =>
    (one['placements'] as readonly string[]).map((placement) => ({
      metric: String(one['metric']),
      partitioner: placement === 'modulo' ? 'mod' : placement,
    })),
  )
  return {
    studies: evaluations.flatMap(({ partitioner }) => [
      counts(`${partitioner} moved`, partitioner, added),
      counts(`${partitioner} emptied`, partitioner, emptied),
    ]),
    measure: (results) => {
      const moved = (partitioner: string): number =>
        over(results[`${partitioner} moved`]!, missed).value /
        over(results[`${partitioner} emptied`]!, missed).value
      const metrics = [...new Set(evaluations.map(({ metric }) => metric))]
      return Object.fromEntries(
        metrics.map((metric) => [
          metric,
          worst(
            evaluations.filter((one) => one.metric === metric).map((one) => moved(one.partitioner)),
          ),
        ]),
      )
    },
  }
}

/** Requests that had to be worked on. */
const missed = ({ latencyMs }: VariantResult): number => latencyMs.count * (1 - latencyMs.zeros)

/** Of several that ought to be equal the one that is farthest from their middle. */
function worst(values: readonly number[]): number {
  const middle = values.reduce((sum, each) => sum + each, 0) / values.length
  return values.reduce((far, each) =>
    Math.abs(each - middle) > Math.abs(far - middle) ? each : far,
  )
}

/** Rings whose owners lie elsewhere: what a shard holds beside the top key is chance. */
const RINGS = 20

function hotKey(one: ReferenceCase, sample: Sample): Plan {
  const { params } = one
  const shards = numberOf(params, 'shards')
  const keys = `zipf(${numberOf(params, 'keys')} ${numberOf(params, 'zipf_alpha')})`
  const requests = sample.size / RINGS
  const study = (at: number): Study =>
    shardedStudy(`ring ${at}`, [sample.firstSeed + at], {
      group: `shard${at}`,
      instances: shards,
      balancer: { partitioner: 'rendezvous' },
      load: { arrivals: `poisson(${perSecond(RATE)})`, keys },
      scenario: { duration: seconds(requests / RATE) },
    })
  return {
    studies: [topKeyStudy(one, sample), ...Array.from({ length: RINGS }, (_, at) => study(at))],
    measure: ({ top, ...rings }) => ({
      top_key_share: over(top!, ({ latencyMs }) => latencyMs.zeros),
      expected_share_of_shard_holding_top_key: over(Object.values(rings).flat(), (result) => {
        const shares = perInstance(result)
        return Math.max(...shares) / shares.reduce((sum, each) => sum + each, 0)
      }),
    }),
  }
}

/** Requests for one key: with so many no instance of its shard is left out. */
const ASKED = 64

/** Each key is asked for at a group of its own, which shows the shard it was given. Any two keys are a pair. */
function shuffleShard({ params }: ReferenceCase, sample: Sample): Plan | Excuse {
  const [workers, size] = [numberOf(params, 'workers'), numberOf(params, 'shard_size')]
  if (workers > MOST) {
    return { notCovered: `a service has at most ${MOST} instances, this needs ${workers}` }
  }
  const keys = Array.from({ length: keysFor(sample.size) }, (_, key) => key)
  const study = (key: number): Study =>
    shardedStudy(`key ${key}`, [sample.firstSeed], {
      group: 'worker',
      instances: workers,
      balancer: { partitioner: 'shuffle', shardSize: size },
      load: { arrivals: 'constant(1/s)', requests: ASKED },
      scenario: {
        duration: `${ASKED + 1}s`,
        faults: [{ at: '0s', 'hot-key': 'users', key, by: '100%' }],
      },
    })
  return {
    studies: keys.map(study),
    measure: (results) => {
      const shards = Object.values(results).map(([result]) => shardOf(result!))
      return {
        possible_shards: new Set(shards.map(String)).size,
        ...overlaps(shards, size),
      }
    },
  }
}

/** Fewest keys that make so many pairs. All shards are equally likely, so that pairs that share a key are not correlated. */
const keysFor = (pairs: number): number => Math.ceil((1 + Math.sqrt(1 + 8 * pairs)) / 2)

/** The instances that were asked. */
const shardOf = (result: VariantResult): number[] =>
  perInstance(result).flatMap((calls, instance) => (calls > 0 ? [instance] : []))

/** Shares of the pairs that have so many instances in common. */
function overlaps(shards: readonly (readonly number[])[], size: number): Record<string, Measured> {
  const counts = Array.from({ length: size + 1 }, () => 0)
  let pairs = 0
  for (const [at, one] of shards.entries()) {
    for (const other of shards.slice(at + 1)) {
      counts[one.filter((instance) => other.includes(instance)).length]!++
      pairs++
    }
  }
  return Object.fromEntries(
    counts.map((count, common) => [`p_overlap_${common}`, { value: count / pairs, size: pairs }]),
  )
}

const adapter = (model: string, plan: Adapter['plan']): Adapter => ({
  model,
  depends: () => [],
  plan,
})

export const adapters: readonly Adapter[] = [
  adapter('ring', ring),
  adapter('jump-hash', jump),
  adapter('key-move', keyMove),
  adapter('hot-key', hotKey),
  adapter('shuffle-shard', shuffleShard),
]
