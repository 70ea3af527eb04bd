/** Caches before an origin. An answer from the cache takes no time, so the share of such answers is the hit ratio. */
import type { VariantResult } from '../../../engine/run.ts'
import type { Adapter, Plan, Sample, Study } from '../adapter.ts'
import { seedsOf } from '../adapter.ts'
import type { ReferenceCase } from '../case.ts'
import { numberOf, perSecond, seconds } from '../law.ts'
import { over, UNLIMITED } from '../station.ts'

type Part = Readonly<Record<string, unknown>>

/** The shortest time there is: it tells a fetch from a hit, and nobody comes meanwhile. */
const INSTANT = '1ns'
/** Requests per second, where only their order matters. */
const RATE = 1000
/** Longer than any run. */
const FOR_EVER = '100d'

interface Setting {
  readonly rate: number
  readonly keys: string
  readonly cache: Part
  readonly fetch: string
  /** Keys of the scenario. */
  readonly scenario?: Part
}

/** Requests that come by chance, a cache, an origin without limits. */
export function cachedStudy(
  key: string,
  sample: Sample,
  { rate, keys, cache, fetch, scenario }: Setting,
): Study {
  const warmup = sample.warmup / rate
  return {
    key,
    seeds: seedsOf(sample),
    scenario: {
      duration: seconds(warmup + sample.size / sample.seeds / rate),
      warmup: seconds(warmup),
      services: { origin: { concurrency: UNLIMITED, queue: 'unbounded', work: fetch } },
      load: { users: { to: 'origin', arrivals: `poisson(${perSecond(rate)})`, keys } },
      patterns: { cache: { use: 'cache', where: ['users -> origin'], ...cache } },
      budget: { events: 1e12 },
      ...scenario,
    },
  }
}

const hitRatio = (results: readonly VariantResult[]) =>
  over(results, ({ latencyMs }) => latencyMs.zeros)

/** Requests for the objects of a case, through a cache of its size that drops nothing for its age. */
function bounded({ params }: ReferenceCase, sample: Sample, eviction: string): Study {
  return cachedStudy('run', sample, {
    rate: RATE,
    keys: `zipf(${numberOf(params, 'objects')} ${numberOf(params, 'zipf_alpha')})`,
    cache: { ttl: FOR_EVER, capacity: numberOf(params, 'capacity'), eviction },
    fetch: INSTANT,
  })
}

const evicting =
  (eviction: string) =>
  (one: ReferenceCase, sample: Sample): Plan => ({
    studies: [bounded(one, sample, eviction)],
    measure: ({ run }) => {
      const ratio = hitRatio(run!)
      return { hit_ratio: ratio, hit_ratio_che: ratio, hit_ratio_ct: ratio }
    },
  })

/** Requests that a cache which counts needs to tell its favourites from the rest, for each object. */
const TO_LEARN = 200

/** The cache has to find out what is popular: the case starts when it has. */
function lfu(one: ReferenceCase, sample: Sample): Plan {
  const warmup = TO_LEARN * numberOf(one.params, 'objects')
  return evicting('lfu')(one, { ...sample, warmup })
}

/** Times to live before the first request that counts, so that the cache is as full as it stays. */
const LIVES = 5

interface Expiring {
  readonly key: string
  readonly expiry: string
}

function expiring({ params }: ReferenceCase, sample: Sample, { key, expiry }: Expiring): Study {
  const rate = numberOf(params, 'lambda_per_s')
  const ttl = numberOf(params, 'ttl_s')
  const many = numberOf(params, 'keys')
  return cachedStudy(
    key,
    { ...sample, warmup: Math.ceil(LIVES * ttl * rate) },
    {
      rate,
      keys: many === 1 ? 'uniform(1)' : `zipf(${many} ${numberOf(params, 'zipf_alpha')})`,
      cache: { ttl: seconds(ttl), capacity: many, expiry },
      fetch: INSTANT,
    },
  )
}

function ttl(one: ReferenceCase, sample: Sample): Plan {
  const fixed = expiring(one, sample, { key: 'fixed', expiry: 'after-write' })
  const sliding = expiring(one, sample, { key: 'sliding', expiry: 'after-access' })
  const counts = one.metrics.some(({ name }) => name === 'objects_in_cache')
  return {
    studies: [fixed, ...(counts ? [audited(one, sample)] : [sliding])],
    measure: ({ fixed: run, sliding: slides, audit }) => ({
      hit_ratio: hitRatio(run!),
      hit_ratio_fixed_ttl: hitRatio(run!),
      origin_rate_fixed: over(run!, originRate),
      ...(slides && { hit_ratio_sliding_ttl: hitRatio(slides) }),
      ...(audit && { objects_in_cache: over(audit, fresh(numberOf(one.params, 'keys'))) }),
    }),
  }
}

/** Calls that the origin got per second. */
const originRate = ({ services, virtualMs }: VariantResult): number =>
  services['origin']!.arrivals / (virtualMs / 1e3)

/** Somebody who asks for keys at random at the very end, and has no time to wait for the origin. */
const AUDITS = 5000

/** The share of an audit's keys that is there at once, times the keys: how many are in the cache. */
const fresh =
  (keys: number) =>
  (result: VariantResult): number =>
    (keys * result.edges['auditor -> origin']!.ok) / result.edges['auditor -> origin']!.calls

/** The cache stands at the origin, so that the auditor sees what the users left there. */
function audited(one: ReferenceCase, sample: Sample): Study {
  const { scenario, ...study } = expiring(one, sample, { key: 'audit', expiry: 'after-write' })
  const { load, patterns } = scenario as Record<string, Record<string, Part>>
  const end = scenario['duration'] as string
  const keys = `uniform(${numberOf(one.params, 'keys')})`
  const auditor = {
    to: 'origin',
    arrivals: Array.from({ length: AUDITS }, () => end),
    timeout: INSTANT,
    keys,
  }
  return {
    ...study,
    scenario: {
      ...scenario,
      duration: seconds(Number.parseFloat(end) / 1e9 + 1e-6),
      links: { default: { latency: '0s' } },
      load: { users: { ...load!['users'], until: end }, auditor },
      patterns: { cache: { ...patterns!['cache'], where: ['origin'] } },
      // From here on a fetch takes longer than the auditor waits.
      faults: [{ at: end, slow: 'origin', by: 1000 }],
    },
  }
}

/** Requests for one key that everybody wants, for so many ends of its freshness. */
function stampede({ params }: ReferenceCase, sample: Sample): Plan {
  const rate = numberOf(params, 'lambda_per_s')
  const [ttl, refill] = [numberOf(params, 'ttl_s'), numberOf(params, 'refill_s')]
  const expiries = Math.ceil(sample.size * rate * (ttl + 2 * refill))
  const study = (key: string, singleFlight: boolean): Study =>
    cachedStudy(
      key,
      { ...sample, size: expiries },
      {
        rate,
        keys: 'uniform(1)',
        cache: { ttl: seconds(ttl), singleFlight },
        fetch: seconds(refill),
        scenario: { links: { default: { latency: '0s' } } },
      },
    )
  return {
    studies: [study('alone', false), study('shared', true)],
    measure: ({ alone, shared }) => ({
      origin_calls_per_expiry_no_coalescing: over(alone!, perRefill('misses')),
      origin_calls_per_expiry_single_flight: over(shared!, perRefill('misses')),
      waiters_per_expiry_single_flight: over(shared!, perRefill('coalesced')),
      mean_wait_of_waiters_s: over(shared!, waitOfWaiters),
    }),
  }
}

const signal = (result: VariantResult, name: string): number =>
  Number(Object.values(result.signals)[0]![name]!.value)

const perRefill =
  (name: string) =>
  (result: VariantResult): number =>
    signal(result, name) / signal(result, 'refills')

/** Of all the time that requests took, what is not the origin's is the waiters'. */
function waitOfWaiters(result: VariantResult): number {
  const { latencyMs, services } = result
  const { responseMs } = services['origin']!
  const waited = latencyMs.mean * latencyMs.count - responseMs.mean * responseMs.count
  return waited / signal(result, 'coalesced') / 1e3
}

/** A cache with room for one, which keeps what is asked for most: its hits are the calls for the top key. */
export function topKeyStudy({ params }: ReferenceCase, sample: Sample): Study {
  const keys = numberOf(params, 'keys')
  return cachedStudy(
    'top',
    { ...sample, warmup: keys },
    {
      rate: RATE,
      keys: `zipf(${keys} ${numberOf(params, 'zipf_alpha')})`,
      cache: { ttl: FOR_EVER, capacity: 1, eviction: 'lfu' },
      fetch: INSTANT,
    },
  )
}

const adapter = (model: string, plan: Adapter['plan']): Adapter => ({
  model,
  depends: () => [],
  plan,
})

export const adapters: readonly Adapter[] = [
  adapter('lru', evicting('lru')),
  adapter('fifo-cache', evicting('fifo')),
  adapter('lfu', lfu),
  adapter('ttl-cache', ttl),
  adapter('stampede', stampede),
]
