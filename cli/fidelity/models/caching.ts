/** Caches before an origin. An answer from the cache takes no time, so the share of such answers is the hit ratio. */
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
}

function cachedStudy(key: string, sample: Sample, { rate, keys, cache, fetch }: Setting): Study {
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
    },
  }
}

function lru(one: ReferenceCase, sample: Sample): Plan {
  const objects = numberOf(one.params, 'objects')
  const setting = {
    rate: RATE,
    keys: `zipf(${objects} ${numberOf(one.params, 'zipf_alpha')})`,
    cache: { ttl: FOR_EVER, capacity: numberOf(one.params, 'capacity') },
    fetch: INSTANT,
  }
  return {
    studies: [cachedStudy('run', sample, setting)],
    measure: ({ run }) => {
      const ratio = over(run!, ({ latencyMs }) => latencyMs.zeros)
      return { hit_ratio: ratio, hit_ratio_che: ratio }
    },
  }
}

const adapter = (model: string, plan: Adapter['plan']): Adapter => ({
  model,
  depends: () => [],
  plan,
})

export const adapters: readonly Adapter[] = [adapter('lru', lru)]
