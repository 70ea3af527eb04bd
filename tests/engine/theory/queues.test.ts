/** Queues against their textbook answers, at a size that is quick. `acceptance.nightly.ts` holds the same at full size. */
import { describe, expect, it } from 'vitest'
import { SECOND } from '../../../engine/units.ts'
import type { Scenario } from '../../../engine/scenario/scenario.ts'
import { PLAIN_LOAD, PLAIN_SCENARIO, PLAIN_SERVICE } from '../../support/alone.ts'
import type { Heard } from '../../support/ear.ts'
import { ear } from '../../support/ear.ts'
import { Run } from '../../../engine/run.ts'
import {
  constant,
  erlangB,
  expectClose,
  exponential,
  HISTOGRAM,
  mmc,
  observe,
  run,
  wide,
} from './support.ts'

const REQUESTS = 40_000

describe('the theory itself', () => {
  it.each([0.5, 0.8, 0.9, 0.95])('for one server at %d agrees with the formulas', (rho) => {
    const { waiting, meanWait, meanNumber, p99, asdWait, asdNumber } = mmc(1, rho)
    expect(waiting).toBeCloseTo(rho, 10)
    expect(meanWait).toBeCloseTo(rho / (1 - rho), 8)
    expect(meanNumber).toBeCloseTo(rho / (1 - rho), 8)
    expect(p99).toBeCloseTo(Math.log(100) / (1 - rho), 6)
    const idle = (1 - rho) * (1 - rho)
    expect(
      asdWait / (Math.sqrt(rho * (2 + 5 * rho - 4 * rho * rho + rho * rho * rho)) / idle),
    ).toBeCloseTo(1, 6)
    // Time average of the number in system: 2ρ(1+ρ)/(1-ρ)⁴ per unit of time.
    expect((asdNumber * asdNumber) / rho / ((2 * rho * (1 + rho)) / (idle * idle))).toBeCloseTo(
      1,
      6,
    )
  })

  it('for several servers agrees with Erlang', () => {
    expect(mmc(10, 0.8)).toMatchObject({
      waiting: expect.closeTo(0.40918, 5) as number,
      meanWait: expect.closeTo(0.20459, 5) as number,
    })
    expect(mmc(10, 0.8).p99).toBeCloseTo(4.946111, 5)
    expect(mmc(2, 0.9).meanWait).toBeCloseTo(4.263158, 5)
    expect(erlangB(10, 8)).toBeCloseTo(0.121661, 6)
  })
})

describe('M/M/c', () => {
  // Spread of the 99th percentile: measured over 100 replications of the Kiefer-Wolfowitz recursion.
  it.each([
    [1, 0.5, 62.8],
    [1, 0.8, 429],
    [1, 0.9, 1796],
    [2, 0.8, 228],
    [10, 0.5, 10.1],
    [10, 0.8, 20.6],
  ])('with %d servers at %d', (servers, rho, asdP99) => {
    const theory = mmc(servers, rho)
    const { server, result, requests } = observe({
      requests: REQUESTS,
      rate: servers * rho,
      server: { concurrency: servers },
    })
    expectClose(server.waitMs.mean / 1000, theory.meanWait, theory.asdWait, requests)
    expectClose(server.meanInSystem, theory.meanNumber, theory.asdNumber, requests)
    expectClose(result.latencyMs.p99 / 1000, theory.p99, asdP99, requests, HISTOGRAM * theory.p99)
  })

  it('keeps its servers as busy as the load says', () => {
    const { server, requests } = observe({ requests: REQUESTS, rate: 0.8 })
    expectClose(server.utilisation, 0.8, 1.324, requests)
  })

  it('of instances with a queue each and a random split is as many queues M/M/1', () => {
    // A random split makes ten queues M/M/1 at 0.5 each: mean wait 1, not 0.007.
    const split = observe({ requests: REQUESTS, rate: 5, server: { instances: 10 } })
    expectClose(split.server.waitMs.mean / 1000, 1, mmc(1, 0.5).asdWait, split.requests)
  })
})

describe('M/D/1', () => {
  it('waits half as long as M/M/1', () => {
    const { server, result, requests } = observe({
      requests: REQUESTS,
      rate: 0.8,
      work: constant(),
    })
    expectClose(server.waitMs.mean / 1000, 2, 13.1, requests)
    expectClose(result.latencyMs.p99 / 1000, 11.355887, 147, requests, HISTOGRAM * 11.4)
  })
})

describe('bounded queues', () => {
  it.each([
    [0.8, 0.023493, 0.39, 3.797098, 12.83],
    [1.5, 0.337232, 1.117, 8.176476, 20.09],
  ])('M/M/1/10 at %d loses its share', (rate, lost, asdLost, mean, asdMean) => {
    const { server, result, requests } = observe({ requests: REQUESTS, rate, server: { queue: 9 } })
    expectClose(result.requests.failed / requests, lost, asdLost, requests)
    expectClose(server.responseMs.mean / 1000, mean, asdMean, requests)
  })

  it.each([
    ['exponential', exponential(), 0.512],
    ['constant', constant(), 0.44],
    ['lognormal', wide, 0.779],
  ] as const)('Erlang B does not mind how the work is distributed: %s', (_name, work, asd) => {
    const { result, requests, server } = observe({
      requests: REQUESTS,
      rate: 8,
      work,
      server: { concurrency: 10, queue: 0 },
    })
    expectClose(result.requests.failed / requests, erlangB(10, 8), asd, requests)
    expect(server.waitMs.max).toBe(0)
  })
})

describe('disciplines', () => {
  it('last come, first served has the mean of first come, first served and a second moment 1/(1-ρ) as large', () => {
    const { server, world, requests } = observe({
      requests: 60_000,
      rate: 0.7,
      server: { discipline: 'lifo' },
    })
    expectClose(server.waitMs.mean / 1000, 0.7 / 0.3, 16.25, requests)
    let squares = 0
    for (const { from, to, count } of world.service('server').columns.waits.buckets()) {
      const middle = (from + to) / 2 / SECOND
      squares += count * middle * middle
    }
    expectClose(squares / requests, 51.851852, 1195, requests)
  })

  it.each([
    ['exponential', exponential(), 17.71],
    ['constant', constant(), 12.69],
    ['lognormal', wide, 28.79],
  ] as const)(
    'processor sharing takes 1/(1-ρ) whatever the distribution: %s',
    (_name, work, asd) => {
      const { result, requests, server } = observe({
        requests: REQUESTS,
        rate: 0.7,
        work,
        server: { discipline: 'processor-sharing' },
      })
      expectClose(result.latencyMs.mean / 1000, 1 / 0.3, asd, requests)
      expect(server.utilisation).toBeGreaterThan(0.65)
      expect(server.utilisation).toBeLessThan(0.75)
    },
  )

  it('priority without preemption: waits of Cobham', () => {
    const heard: Heard[] = []
    const requests = 60_000
    const listener = ear(heard)
    const scenario: Scenario = {
      ...PLAIN_SCENARIO,
      duration: (requests / 0.7) * SECOND,
      services: {
        server: {
          ...PLAIN_SERVICE,
          concurrency: 1,
          queue: Infinity,
          discipline: 'priority',
          work: { '*': exponential() },
        },
      },
      load: {
        users: {
          ...PLAIN_LOAD,
          to: 'server',
          arrivals: { kind: 'poisson', rate: 0.7 },
          priorities: [0.4, 0.6],
        },
      },
      patterns: [
        { id: 'ear', use: 'ear', where: [{ selector: 'users -> server', values: {} }], values: {} },
      ],
    }
    new Run(scenario, {
      variant: '',
      seed: '1',
      recording: false,
      catalogue: new Map([['ear', listener]]),
    }).finish()
    const waitOf = (priority: number) => {
      const own = heard.filter((each) => each.priority === priority)
      return own.reduce((sum, each) => sum + each.took / 1000, 0) / own.length - 1
    }
    // W₀ = ρ = 0.7; W₀/(1-ρ₁) and W₀/((1-ρ₁)(1-ρ)) with ρ₁ = 0.28.
    expectClose(waitOf(0), 0.7 / 0.72, 3.879 + 1.6, heard.length)
    expectClose(waitOf(1), 0.7 / 0.72 / 0.3, 27.2 + 1.3, heard.length)
  })
})

describe('networks', () => {
  const call = (to: string) =>
    ({ kind: 'call', to, op: undefined, required: true, times: 1 }) as const
  const station = {
    ...PLAIN_SERVICE,
    concurrency: 1,
    queue: Infinity,
    slots: 'released',
    work: { '*': exponential() },
  } as const

  it('three M/M/1 in a row are independent of each other', () => {
    const { result, requests } = observe({
      requests: 60_000,
      rate: 0.8,
      scenario: {
        services: {
          server: { ...station, calls: { '*': [call('two')] } },
          two: { ...station, calls: { '*': [call('three')] } },
          three: station,
        },
      },
    })
    expectClose(result.latencyMs.mean / 1000, 15, 132.5, requests)
    for (const name of ['server', 'two', 'three']) {
      expectClose(result.services[name]!.waitMs.mean / 1000, 4, mmc(1, 0.8).asdWait, requests)
    }
  })

  it('a fork to two queues and its join: (12-ρ)/8 of M/M/1', () => {
    const { result, requests } = observe({
      requests: REQUESTS,
      rate: 0.5,
      scenario: {
        services: {
          server: {
            ...PLAIN_SERVICE,
            calls: {
              '*': [{ kind: 'parallel', calls: [call('two'), call('three')], need: undefined }],
            },
          },
          two: station,
          three: station,
        },
      },
    })
    expectClose(result.latencyMs.mean / 1000, 2.875, 5.648, requests)
  })

  it.each([
    [5, 9, 1, 0.475092, 0.4082, 1.524277, 2.039],
    [20, 9, 1, 0.999383, 0.8904, 11.012347, 19.63],
    [50, 20, 3, 2.311687, 1.955, 1.629229, 5.595],
  ])(
    '%d users who think %d s at %d repairmen',
    (users, think, servers, throughput, asdThroughput, mean, asdMean) => {
      const requests = 20_000
      const span = requests / throughput
      const { result } = run({
        ...PLAIN_SCENARIO,
        duration: Math.round((span + 500) * SECOND),
        warmup: 500 * SECOND,
        services: { server: { ...station, concurrency: servers, slots: 'held' } },
        load: {
          users: {
            ...PLAIN_LOAD,
            to: 'server',
            arrivals: undefined,
            users,
            think: exponential(think),
          },
        },
      })
      expectClose(result.latencyMs.count / span, throughput, asdThroughput, requests)
      expectClose(result.latencyMs.mean / 1000, mean, asdMean, requests)
      // Interactive law N = X(R + Z), with the rate of those that began in the window.
      expectClose(
        (result.latencyMs.count / span) * (result.latencyMs.mean / 1000 + think),
        users,
        users,
        requests,
      )
    },
  )
})

describe('breakdowns', () => {
  it('M/M/1 that stands still now and then and goes on where it was', () => {
    const { result, requests } = observe({
      requests: 40_000,
      rate: 0.5,
      scenario: {
        faults: [
          {
            verb: 'pause',
            target: 'server',
            at: undefined,
            for: 0,
            mtbf: 10 * SECOND,
            mttr: SECOND,
            by: 1,
            options: {},
          },
        ],
      },
    })
    expectClose(result.latencyMs.mean / 1000, 2.646465, 10.58, requests)
  })
})

describe("Little's law", () => {
  const call = (to: string) =>
    ({ kind: 'call', to, op: undefined, required: true, times: 1 }) as const
  const station = { ...PLAIN_SERVICE, queue: Infinity, work: { '*': exponential() } }
  const { result } = run({
    ...PLAIN_SCENARIO,
    duration: 2000 * SECOND,
    services: {
      held: {
        ...station,
        concurrency: 12,
        calls: {
          '*': [
            { kind: 'parallel', calls: [call('released'), call('shared')], need: undefined },
            call('last'),
          ],
        },
      },
      released: { ...station, concurrency: 3, slots: 'released', calls: { '*': [call('last')] } },
      shared: { ...station, concurrency: 3, discipline: 'processor-sharing' },
      last: {
        ...station,
        concurrency: 5,
        instances: 2,
        discipline: 'lifo',
        work: { '*': exponential(0.8) },
      },
    },
    load: {
      users: {
        ...PLAIN_LOAD,
        to: 'held',
        arrivals: { kind: 'poisson', rate: 2 },
        until: 1500 * SECOND,
      },
    },
  })
  const services = Object.entries(result.services)
  const slots: Record<string, number> = { held: 12, released: 3, shared: 3, last: 10 }

  it('has something to hold for: all is served and somebody waited', () => {
    expect(result.requests).toMatchObject({ failed: 0, unfinished: 0 })
    for (const [, { meanQueue, ok }] of services)
      expect([meanQueue > 0, ok > 2000]).toEqual([true, true])
  })

  it.each(services)(
    'holds exactly for %s: mean number = arrivals per time x mean response',
    (_name, summary) => {
      const { arrivals, meanInSystem, responseMs } = summary
      const product = (arrivals / 2_000_000) * responseMs.mean
      expect(Math.abs(meanInSystem / product - 1)).toBeLessThan(1e-9)
    },
  )

  // Who shares a processor waits for a share all the time, not at first.
  it.each(services.filter(([name]) => name !== 'shared'))(
    'holds exactly for the queue of %s',
    (_name, { arrivals, meanQueue, waitMs }) => {
      expect(Math.abs(meanQueue / ((arrivals / 2_000_000) * waitMs.mean) - 1)).toBeLessThan(1e-9)
    },
  )

  it('counts those who fail, too: slots and queue come to the time spent, to the nanosecond', () => {
    const { server, span } = observe({
      requests: 3000,
      rate: 0.9,
      server: { errors: 0.3, queue: 3 },
    })
    expect(server.failed).toBeGreaterThan(900)
    const off = server.meanQueue + server.utilisation - server.meanInSystem
    expect(Math.abs(off) * span * SECOND).toBeLessThan(0.5)
  })

  it.each(services)('agrees with slots and queue counted by themselves: %s', (name, summary) => {
    const counted = summary.meanQueue + summary.utilisation * slots[name]!
    if (name === 'released') expect(counted).toBeLessThan(summary.meanInSystem)
    else expect(Math.abs(counted / summary.meanInSystem - 1)).toBeLessThan(1e-9)
  })
})
