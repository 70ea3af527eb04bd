/** Parts of a result that only some runs have: classes of requests, occupancy, slowdown. */
import { describe, expect, it } from 'vitest'
import { parseMetric } from '../../../engine/results/metrics.ts'
import type { VariantResult } from '../../../engine/results/result.ts'
import { ns, smallWorld } from '../../support/small-world.ts'

const exponential = (span: string) => ({ '*': { kind: 'exponential', mean: ns(span) } }) as const

function measure(text: string, result: VariantResult): number {
  const { metric, args } = parseMetric(text)!
  return metric.compute(result, args)
}

describe('requests by class', () => {
  const tenants = [
    { name: 'big', share: 0.25, work: 4 },
    { name: 'small', share: 0.75, work: 1 },
  ]
  const result = smallWorld({
    services: { a: { work: exponential('10ms'), concurrency: 1, queue: 5 } },
    load: {
      people: { to: 'a', rate: 40, tenants, priorities: [0.2, 0.8] },
      robots: { to: 'a', rate: 10, tenants: [{ name: 'small', share: 1, work: 1 }] },
    },
  })
    .run('200s')
    .result()
  const classes = result.classes!

  it('add up to all requests, by load, by tenant and by priority', () => {
    const kinds = ['load', 'tenant', 'priority'].map((kind) =>
      Object.entries(classes).filter(([name]) => name.startsWith(`${kind} `)),
    )
    for (const kind of kinds) {
      expect(kind.length).toBe(2)
      for (const key of ['offered', 'ok', 'failed', 'unfinished'] as const) {
        const sum = kind.reduce((total, [, each]) => total + each[key], 0)
        expect(sum).toBe(result.requests[key])
      }
    }
  })

  it('tell who has to work longer', () => {
    const gap = classes['tenant big']!.latencyMs.mean - classes['tenant small']!.latencyMs.mean
    // Three times 10 ms more work; both wait in the same line.
    expect(gap).toBeGreaterThan(25)
    expect(gap).toBeLessThan(35)
  })

  it('can be asked for by name', () => {
    expect(measure('p99(tenant big)', result)).toBe(classes['tenant big']!.latencyMs.p99)
    const { ok, offered, failed } = classes['load robots']!
    expect(measure('servedOf(load robots)', result)).toBe(ok / offered)
    expect(measure('failedOf(load robots)', result)).toBe(failed / offered)
    expect(measure('mean(tenant none)', result)).toBeNaN()
    expect(measure('mean', result)).toBe(result.latencyMs.mean)
  })

  it('are left out where all requests are of one kind', () => {
    const plain = smallWorld({ services: { a: {} }, load: { users: { to: 'a', rate: 1 } } })
    expect(plain.run('10s').result().classes).toBeUndefined()
  })
})

describe('waits by priority', () => {
  it('are those of two lines: the higher one waits less (M/M/1 at 0.7: 0.97 s and 3.24 s)', () => {
    const { services } = smallWorld({
      services: { a: { work: exponential('1s'), concurrency: 1, discipline: 'priority' } },
      load: { users: { to: 'a', rate: 0.7, priorities: [0.4, 0.6] } },
    })
      .run('100000s')
      .result()
    const [high, low] = services['a']!.waitByPriorityMs!
    const n = Math.sqrt(high!.count + low!.count)
    expect(Math.abs(high!.mean / 1e3 - 0.9722)).toBeLessThan((4 * 3.88) / n)
    expect(Math.abs(low!.mean / 1e3 - 3.2407)).toBeLessThan((4 * 27.2) / n)
  })
})

describe('occupancy', () => {
  it('sums to the mean number present', () => {
    const { services } = smallWorld({
      services: { a: { work: exponential('1s'), concurrency: 1, instances: 4 } },
      load: { users: { to: 'a', rate: 2.5 } },
    })
      .run('5000s')
      .result()
    const { occupancy, meanInSystem, utilisation } = services['a']!
    expect(occupancy![0]).toBeCloseTo(utilisation, 9)
    const present = occupancy!.reduce((sum, share) => sum + 4 * share, 0)
    expect(present).toBeCloseTo(meanInSystem, 6)
  })

  it('falls back to nothing when an instance dies', () => {
    const { services } = smallWorld({
      services: { a: { work: '100s', concurrency: 1, instances: 2 } },
      load: { users: { to: 'a' } },
      faults: [{ verb: 'crash', target: 'a', at: ns('1s') }],
    })
      .send(6)
      .run('10s')
      .result()
    // All six are gone after a tenth of the time; the slots are counted as they were listed.
    const present = services['a']!.occupancy!.reduce((sum, share) => sum + 2 * share, 0)
    expect(present).toBeCloseTo(0.6, 9)
  })
})

describe('slowdown', () => {
  it('is the time at a shared processor over the time alone', () => {
    const small = smallWorld({
      services: { a: { work: '1s', concurrency: 1, discipline: 'processor-sharing' } },
      load: { users: { to: 'a', times: [0, 0.5] } },
    })
    const result = small.run('10s').result()
    // Alone for half a second, then together until the first is done at 1.5 s; the second ends at 2 s.
    expect(result.services['a']!.slowdown).toBeCloseTo(1.5, 9)
    expect(measure('slowdown(a)', result)).toBeCloseTo(1.5, 9)
  })
})
