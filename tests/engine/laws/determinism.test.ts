import { describe, expect, it } from 'vitest'
import { Run } from '../../../engine/run.ts'
import type { Scenario } from '../../../engine/scenario/scenario.ts'
import { SECOND } from '../../../engine/units.ts'
import { PLAIN_LOAD, PLAIN_SERVICE } from '../../support/alone.ts'
import golden from './golden.json'
import { catalogue, cut, GOLDEN, happenings, runOf, shop, storm, whole } from './worlds.ts'
import { scenarioOf } from '../../support/small-world.ts'

const expected = runOf(storm)

describe('the same scenario and seed', () => {
  it('has something to agree on: the world serves, fails, sheds, retries and wastes', () => {
    const { requests, services, edges, events, violations } = expected
    expect(requests.ok).toBeGreaterThan(300)
    expect(requests.failed + requests.failedFast).toBeGreaterThan(100)
    expect(services['search']!.overload).toBeGreaterThan(5)
    expect(services['bank']!.wasted).toBeGreaterThan(20)
    expect(edges['gate -> cart']!.retries).toBeGreaterThan(50)
    expect(events).toBeGreaterThan(10_000)
    expect(violations).toEqual([])
  })

  it.each([1, 7, 4096, 1_000_000])('come to the same in slices of %d events', (slice) => {
    expect(runOf(storm, { slice })).toEqual(expected)
  })

  it('come to the same in slices of time', () => {
    const run = new Run(storm, { variant: 'x', seed: '7', recording: false, catalogue })
    for (let at = 0; at < storm.duration; at += 12_345_678) run.built.world.run(at)
    expect(run.finish()).toEqual(expected)
  })

  it('come to the same when asked in between for moments that are over', () => {
    const run = new Run(cut(storm, 2), { variant: 'x', seed: '7', recording: true, catalogue })
    for (const at of [0.5, 0.2, 1.3, 0, 1.2]) {
      run.built.world.run(at * SECOND)
      expect(run.built.world.now).toBeGreaterThanOrEqual(0.5 * SECOND)
    }
    expect(happenings(run.finish())).toEqual(happenings(runOf(cut(storm, 2))))
  })

  it('come to the same recorded or not', () => {
    expect(happenings(runOf(storm, { recording: true }))).toEqual(happenings(expected))
    expect(happenings(runOf(storm, { recording: true, slice: 100 }))).toEqual(happenings(expected))
  })

  it('come to the same with the seed as a number and as a text', () => {
    const short = cut(storm, 2)
    expect(runOf(short, { seed: 7 })).toEqual({ ...runOf(short, { seed: '7' }), seed: 7 })
  })

  it('come to the same before and after another run in the same process', () => {
    expect(runOf(cut(storm, 3), { seed: '8' }).digest).not.toBe(runOf(cut(storm, 3)).digest)
    runOf(GOLDEN['mm1']!)
    expect(runOf(storm)).toEqual(expected)
  })

  it('come to the same when two worlds take turns', () => {
    const short = cut(storm, 2)
    const runs = [
      new Run(short, { variant: 'x', seed: '7', recording: false, catalogue }),
      new Run(short, { variant: 'x', seed: '7', recording: true, catalogue }),
    ]
    let over = 0
    for (let n = 0; over < 2; n++) {
      over = 0
      for (const run of runs) if (run.advance(1 + (n % 13))) over++
    }
    expect(runs.map((run) => run.result().digest)).toEqual(runs.map(() => runOf(short).digest))
  })
})

describe('another seed', () => {
  it('is another run', () => {
    const digests = ['7', '8', 'seven', '07', '7 '].map((seed) => runOf(cut(storm, 1), { seed }))
    expect(new Set(digests.map((each) => each.digest)).size).toBe(5)
    expect(new Set(digests.map((each) => each.outcomeDigest)).size).toBe(5)
  })
})

describe('the order of declaration', () => {
  const permuted = (change: (scenario: Scenario) => Partial<Scenario>) =>
    runOf({ ...storm, ...change(storm) })
  const reversed = <T>(record: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(record).toReversed())

  it('of services is of no consequence', () => {
    const { services } = storm
    const names = Object.keys(services)
    for (const order of [names.toReversed(), [names[2]!, names[0]!, names[3]!, names[1]!]]) {
      const result = permuted(() => ({
        services: Object.fromEntries(order.map((name) => [name, services[name]!])),
      }))
      expect([result.outcomeDigest, result.digest]).toEqual([
        expected.outcomeDigest,
        expected.digest,
      ])
      expect(result.services).toEqual(expected.services)
      expect(result.edges).toEqual(expected.edges)
      expect(result.latencyMs).toEqual(expected.latencyMs)
    }
  })

  it('of links and loads is of no consequence', () => {
    const result = permuted(({ links, load }) => ({ links: reversed(links), load: reversed(load) }))
    expect([result.outcomeDigest, result.digest]).toEqual([expected.outcomeDigest, expected.digest])
  })

  it('of faults on different targets is of no consequence', () => {
    const result = permuted(({ faults }) => ({ faults: faults.toReversed() }))
    expect(result.outcomeDigest).toBe(expected.outcomeDigest)
  })
})

describe('a service nobody calls', () => {
  const beside = { ...PLAIN_SERVICE, work: { '*': { kind: 'exponential', mean: 3e6 } as const } }

  it('changes nothing', () => {
    for (const services of [
      { ...storm.services, aside: beside },
      { aside: beside, ...storm.services },
    ]) {
      const result = runOf({ ...storm, services })
      expect([result.outcomeDigest, result.digest]).toEqual([
        expected.outcomeDigest,
        expected.digest,
      ])
      const { aside, ...others } = result.services
      expect(aside).toMatchObject({ arrivals: 0 })
      expect(others).toEqual(expected.services)
    }
  })

  it('with users of its own changes nothing for the others', () => {
    const crowd = { ...PLAIN_LOAD, to: 'aside', arrivals: { kind: 'poisson', rate: 300 } as const }
    const result = runOf({
      ...storm,
      services: { aside: beside, ...storm.services },
      load: { crowd, ...storm.load },
    })
    const { aside, ...services } = result.services
    const { 'crowd -> aside': own, ...edges } = result.edges
    expect(aside!.arrivals).toBeGreaterThan(3000)
    expect(own!.calls).toBe(aside!.arrivals)
    expect(services).toEqual(expected.services)
    expect(edges).toEqual(expected.edges)
    expect(result.outcomeDigest).not.toBe(expected.outcomeDigest)
  })
})

describe('times', () => {
  it('a thousand times longer make the same run a thousand times longer', () => {
    const scaled = (factor: number) =>
      scenarioOf({
        services: {
          a: { work: { '*': { kind: 'exponential', mean: 2e7 * factor } }, concurrency: 2 },
        },
        load: { users: { to: 'a', arrivals: { kind: 'poisson', rate: 80 / factor } } as never },
        duration: `${10 * factor}s`,
      })
    const [one, thousand] = [runOf(scaled(1)), runOf(scaled(1000))]
    expect(thousand.events).toBe(one.events)
    expect(thousand.requests).toEqual(one.requests)
    expect(thousand.latencyMs.mean / one.latencyMs.mean).toBeCloseTo(1000, 4)
  })
})

describe('golden digests', () => {
  const pinned: Record<string, { digest: string; outcomeDigest: string; events: number }> = golden

  it('are kept for three worlds', () => {
    expect(Object.keys(pinned)).toEqual(Object.keys(GOLDEN))
  })

  // A change here is a change of results: say so with a new version of the engine, and copy what the failure shows.
  it.each(Object.keys(GOLDEN))('%s', (name) => {
    const { digest, outcomeDigest, events } = runOf(GOLDEN[name]!)
    expect({ digest, outcomeDigest, events }).toEqual(pinned[name])
  })

  it('tell apart what differs in a nanosecond', () => {
    const later = scenarioOf({
      ...shop,
      services: {
        ...shop.services,
        bank: { ...shop.services['bank'], work: { '*': { kind: 'exponential', mean: 5_000_001 } } },
      },
    })
    expect(runOf(cut(later, 1)).digest).not.toBe(runOf(cut(scenarioOf(shop), 1)).digest)
  })

  it('come from runs that are sound', () => {
    for (const scenario of Object.values(GOLDEN)) {
      const { violations, stopped, requests, pending } = whole(scenario).result()
      expect([violations, stopped, requests.unfinished, pending.other]).toEqual([
        [],
        undefined,
        0,
        0,
      ])
    }
    expect(GOLDEN['shop']!.duration).toBe(12 * SECOND)
  })
})
