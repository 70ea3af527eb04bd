import { describe, expect, it } from 'vitest'
import circuitBreaker from '../../../engine/patterns/resilience/circuit-breaker.ts'
import retry, { pauseBefore } from '../../../engine/patterns/resilience/retry.ts'
import timeout from '../../../engine/patterns/resilience/timeout.ts'
import type { BudgetSettings } from '../../../engine/tools/retry-budget.ts'
import { RetryBudget } from '../../../engine/tools/retry-budget.ts'
import { MILLISECOND, SECOND } from '../../../engine/units.ts'
import type { Reply } from '../../support/alone.ts'
import { alone } from '../../support/alone.ts'
import { constant, expectNear, poisson, signalOf, smallRun } from '../../support/small-run.ts'

const ms = (time: number): number => time * MILLISECOND
const times = (count: number, reply: Reply): Reply[] => Array.from({ length: count }, () => reply)
const backoff = {
  kind: 'constant',
  base: ms(100),
  multiplier: 2,
  cap: ms(1000),
  jitter: 'none',
  jitterFactor: 0.5,
} as const
const noPause = { ...backoff, kind: 'none' } as const

function budgetOf(settings: Partial<BudgetSettings>): RetryBudget {
  return new RetryBudget({
    kind: 'none',
    ratio: 0.1,
    minRetriesPerSecond: 0,
    ttl: 10 * SECOND,
    maxTokens: 10,
    cost: 1,
    deposit: 'start',
    minRetryConcurrency: 3,
    ...settings,
  })
}

describe('retry', () => {
  it('tries so many times in all, and then passes the failure on', () => {
    const world = alone(retry, { backoff: { ...backoff } })
    world.neighbour(...times(4, 'error'))
    world.call()
    world.run('1s')
    expect(world.reached.map(({ attempt }) => attempt)).toEqual([1, 2, 3])
    expect(world.reached.map(({ at }) => at)).toEqual([0, ms(101), ms(202)])
    expect(world.ended).toMatchObject([{ failure: 'error', took: ms(203) }])
    expect(world.signal('exhausted')).toBe(1)
  })

  it('stops at the first success', () => {
    const world = alone(retry, { backoff: noPause })
    world.neighbour('error', 'ok', 'error')
    world.call()
    world.run('1s')
    expect(world.reached).toHaveLength(2)
    expect(world.ended).toMatchObject([{ ok: true }])
  })

  it('does not try again what cannot help or was turned away on purpose', () => {
    const world = alone(retry, { backoff: noPause })
    world.neighbour('refused', 'invalid', 'unauthenticated')
    world.call(3)
    world.run('1s')
    expect(world.reached).toHaveLength(3)
  })

  it('ends with the call: one that its user gave up is not tried again', () => {
    const world = alone(retry, { backoff: { ...backoff } }, { load: { timeout: ms(50) } })
    world.neighbour('error')
    world.call()
    world.run('1s')
    expect(world.reached).toHaveLength(1)
    expect(world.result().pending.other).toBe(0)
  })

  it('does not begin a pause that would outlast the deadline when told so', () => {
    const params = { backoff: { ...backoff }, withinDeadline: true }
    const world = alone(retry, params, { load: { timeout: ms(150) } })
    world.neighbour(...times(3, 'error'))
    world.call()
    world.run('1s')
    expect(world.reached).toHaveLength(2)
    expect(world.ended).toMatchObject([{ failure: 'error', took: ms(102) }])
  })

  it('goes to another instance when told so', () => {
    const params = { backoff: noPause, maxAttempts: 2, avoidPreviousHost: true }
    const world = alone(retry, params, { instances: 4 })
    for (let n = 0; n < 50; n++) {
      world.neighbour('error')
      world.call()
      world.run('10ms')
    }
    const pairs = Array.from({ length: 50 }, (_, n) => world.reached.slice(2 * n, 2 * n + 2))
    expect(pairs.every(([first, second]) => first!.instance !== second!.instance)).toBe(true)
  })

  it('multiplies over layers: three attempts in each of three layers are 27 at the bottom', () => {
    const call = (to: string) =>
      [{ kind: 'call', to, op: undefined, required: true, times: 1 }] as const
    const { result } = smallRun({
      services: {
        a: { calls: { '*': call('b') } },
        b: { calls: { '*': call('c') } },
        c: { errors: 1 },
      },
      load: { users: { to: 'a', arrivals: { kind: 'trace', times: [0] } } },
      patterns: [[retry, ['users -> a', 'a -> b', 'b -> c'], { backoff: noPause }]],
      duration: 1,
    })
    expect(result.services['c']!.arrivals).toBe(27)
  })

  it('lifts success at 10 % errors from 90 % to 99.9 %, for 1.11 times the load', () => {
    const { result } = smallRun({
      services: { db: { errors: 0.1, work: constant(1) } },
      load: { users: { to: 'db', arrivals: poisson(100) } },
      patterns: [[retry, 'users -> db', { backoff: noPause }]],
      duration: 500,
    })
    expectNear(result.requests.ok / result.requests.offered, 0.999, 0.0005)
    expectNear(result.edges['users -> db']!.attempts / result.requests.offered, 1.11, 0.005)
  })

  it('needs 1.553 attempts a call at a timeout of one mean work time and three retries', () => {
    const { result } = smallRun({
      services: {
        db: { concurrency: 1e6, work: { '*': { kind: 'exponential', mean: ms(100) } } },
      },
      load: { users: { to: 'db', arrivals: poisson(100) } },
      patterns: [
        [retry, 'users -> db', { maxAttempts: 4, backoff: noPause }],
        [timeout, 'users -> db', { timeout: ms(100) }],
      ],
      duration: 1000,
    })
    const { offered, failed } = result.requests
    expectNear(failed / offered, 0.018316, 0.002)
    expectNear(result.edges['users -> db']!.attempts / offered, 1.553, 0.012)
    expectNear(result.latencyMs.mean, 92.54, 1.2)
  })

  describe('outside or inside a breaker', () => {
    const run = (order: readonly string[]) =>
      smallRun({
        services: { db: { errors: 1, work: constant(1) } },
        load: { users: { to: 'db', arrivals: { kind: 'constant', rate: 100 }, requests: 30 } },
        patterns: [
          [retry, 'users -> db', { backoff: noPause }],
          [
            circuitBreaker,
            'users -> db',
            { slidingWindow: { size: 12 }, minimumNumberOfCalls: 12 },
          ],
        ],
        order,
        duration: 1,
      }).result

    it('outside, every attempt counts: the breaker opens after a third of the calls', () => {
      // Four calls of three attempts; the fifth is refused, and a refusal is not tried again.
      const result = run(['retry', 'circuit-breaker'])
      expect(result.edges['users -> db']).toMatchObject({ attempts: 12, failed: 4, failedFast: 26 })
    })
    it('inside, the breaker sees calls, and opens after twelve of them', () => {
      const result = run(['circuit-breaker', 'retry'])
      expect(result.edges['users -> db']).toMatchObject({ attempts: 36, failed: 12 })
    })
  })
})

describe('pauses of a retry', () => {
  const pauses = (settings: object, u: number): number[] =>
    [1, 2, 3, 4, 5].map((tried) => pauseBefore(tried, 0, { ...backoff, ...settings }, u) / ms(1))

  it('grow as their kind says, no further than the cap', () => {
    expect(pauses({ kind: 'none' }, 0.5)).toEqual([0, 0, 0, 0, 0])
    expect(pauses({ kind: 'constant' }, 0.5)).toEqual([100, 100, 100, 100, 100])
    expect(pauses({ kind: 'linear' }, 0.5)).toEqual([100, 200, 300, 400, 500])
    expect(pauses({ kind: 'exponential' }, 0.5)).toEqual([100, 200, 400, 800, 1000])
  })

  it('are spread by jitter: full U(0,p), equal p/2+U(0,p/2), proportional p(1±f), exponential', () => {
    const at = (jitter: string, u: number) => pauses({ kind: 'exponential', jitter }, u)[1]
    expect([at('full', 0.25), at('full', 1)]).toEqual([50, 200])
    expect([at('equal', 0), at('equal', 0.5)]).toEqual([100, 150])
    expect([at('proportional', 0), at('proportional', 1)]).toEqual([100, 300])
    expect(at('exponential', 0.5)).toBeCloseTo(200 * Math.LN2, 5)
  })

  it('are decorrelated as U(base, 3 × the last), no further than the cap', () => {
    const settings = { ...backoff, kind: 'decorrelated' as const }
    expect(pauseBefore(1, ms(100), settings, 0)).toBe(ms(100))
    expect(pauseBefore(1, ms(100), settings, 0.5)).toBe(ms(200))
    expect(pauseBefore(2, ms(300), settings, 0.5)).toBe(ms(500))
    expect(pauseBefore(2, ms(900), settings, 0.9)).toBe(ms(1000))
  })

  it('differ from call to call, and are the same dice in every world of a seed', () => {
    const starts = (seed: string) => {
      const params = { backoff: { ...backoff, jitter: 'full' } }
      const world = alone(retry, params, { seed })
      world.neighbour(...times(20, 'error'))
      world.call(20)
      world.run('2s')
      return world.reached.slice(20).map(({ at }) => at)
    }
    expect(new Set(starts('1')).size).toBeGreaterThan(15)
    expect(starts('1')).toEqual(starts('1'))
    expect(starts('1')).not.toEqual(starts('2'))
  })
})

describe('retry budget', () => {
  it('gRPC: from a full bucket the fifth failure in a row is the first that is not tried again', () => {
    const budget = budgetOf({ kind: 'grpc' })
    const tried = Array.from({ length: 6 }, () => {
      budget.onFailure(0)
      return budget.allows(0, 1)
    })
    expect(tried).toEqual([true, true, true, true, false, false])
  })

  it('gRPC: from 5 tokens one success re-enables, from 0 it takes 51', () => {
    const budget = budgetOf({ kind: 'grpc' })
    for (let n = 0; n < 5; n++) budget.onFailure(0)
    expect(budget.allows(0, 1)).toBe(false)
    budget.onSuccess(1)
    expect(budget.allows(0, 1)).toBe(true)
    for (let n = 0; n < 20; n++) budget.onFailure(0)
    expect(budget.level(0)).toBe(0)
    let successes = 0
    for (; !budget.allows(0, 1); successes++) budget.onSuccess(1)
    expect(successes).toBe(51)
  })

  it('failure-ratio: as long as failed tries per call of the last while are few enough', () => {
    const budget = budgetOf({ kind: 'failure-ratio', ratio: 0.1 })
    for (let n = 0; n < 10; n++) budget.onCall(0)
    budget.onFailure(0)
    expect(budget.allows(0, 1)).toBe(true)
    budget.onFailure(0)
    expect(budget.allows(0, 1)).toBe(false)
    expect(budget.level(0)).toBe(-1)
    // The failures are forgotten, and so are the calls they came from.
    expect(budget.allows(20 * SECOND, 1)).toBe(true)
  })

  it('tells how many calls began without a retry to give', () => {
    const world = alone(retry, {
      maxAttempts: 4,
      backoff: noPause,
      budget: { ...plainBudget, kind: 'grpc', maxTokens: 4 },
    })
    // 4 → 3 → 2: no retry at 2 or less, so the second call begins with nothing to give.
    world.neighbour('error', 'error', 'error')
    world.call()
    world.run('1s')
    expect(world.signal('dry')).toBe(0)
    world.call()
    expect(world.signal('dry')).toBe(1)
  })

  it('gRPC: a call that is tried again counts every attempt against the tokens', () => {
    const budget = { kind: 'grpc', ratio: 0.1 }
    const world = alone(retry, {
      maxAttempts: 4,
      backoff: noPause,
      budget: { ...plainBudget, ...budget },
    })
    world.neighbour(...times(40, 'error'))
    for (let n = 0; n < 4; n++) {
      world.call()
      world.run('10ms')
    }
    // 10 → 9, 8, 7, 6 in the first call; 5 is not above half: one attempt for each call after it.
    expect(world.reached).toHaveLength(4 + 1 + 1 + 1)
    expect(world.signal('denied')).toBe(3)
  })

  it('ratio: no more retries than the share of calls and the reserve allow, over any ttl', () => {
    const budget = budgetOf({ kind: 'ratio', ratio: 0.2, minRetriesPerSecond: 1 })
    for (let n = 0; n < 100; n++) budget.onCall(0)
    let allowed = 0
    while (budget.allows(0, 1)) allowed++
    expect(allowed).toBe(100 * 0.2 + 10)
    expect(budget.allows(5 * SECOND, 1)).toBe(false)
    // What happened is forgotten after the ttl: only the reserve is left.
    expect(budget.level(20 * SECOND)).toBe(10)
  })

  it('aws: a retry takes its cost, its success gives it back, a first success gives one', () => {
    const budget = budgetOf({ kind: 'aws', maxTokens: 20, cost: 5 })
    for (let n = 0; n < 4; n++) expect(budget.allows(0, 1)).toBe(true)
    expect(budget.allows(0, 1)).toBe(false)
    budget.onSuccess(2)
    expect(budget.level(0)).toBe(5)
    budget.onSuccess(1)
    expect(budget.level(0)).toBe(6)
  })

  it('bucket: a call earns at its start, or on success when told so; a retry needs more than its cost', () => {
    const atStart = budgetOf({ kind: 'bucket', maxTokens: 5 })
    let allowed = 0
    while (atStart.allows(0, 1)) allowed++
    expect(allowed).toBe(4)
    for (let n = 0; n < 10; n++) atStart.onCall(0)
    expect(atStart.level(0)).toBeCloseTo(2, 9)
    const onSuccess = budgetOf({ kind: 'bucket', maxTokens: 5, deposit: 'success' })
    while (onSuccess.allows(0, 1)) allowed++
    for (let n = 0; n < 10; n++) onSuccess.onCall(0)
    expect(onSuccess.level(0)).toBe(1)
    onSuccess.onSuccess(1)
    expect(onSuccess.level(0)).toBeCloseTo(1.1, 9)
  })

  it('bucket: saturates at a load of 1.1 + its size, as in the published simulation (p = 0.5: 0.571, 1.142)', () => {
    const budget = { kind: 'bucket', ratio: 0.1, maxTokens: 5 }
    const { result } = smallRun({
      services: { db: { errors: 0.5, work: constant(20) } },
      load: Object.fromEntries(
        Array.from({ length: 20 }, (_, n) => [
          `client-${n}`,
          { to: 'db', arrivals: poisson(10), until: 10 * SECOND },
        ]),
      ),
      patterns: [
        [
          retry,
          Array.from({ length: 20 }, (_, n) => `client-${n} -> db`),
          { maxAttempts: 1000, backoff: noPause, budget },
        ],
      ],
      duration: 15,
    })
    const { offered, ok } = result.requests
    expectNear(ok / offered, 0.571, 0.03)
    expectNear(result.services['db']!.arrivals / offered, 1.142, 0.015)
  })

  it('active: retries under way are a share of the calls under way, and always a few', () => {
    const budget = { ...plainBudget, kind: 'active', ratio: 0.2, minRetryConcurrency: 3 }
    const world = alone(retry, { maxAttempts: 2, backoff: { ...backoff }, budget })
    world.neighbour(...times(100, 'error'))
    world.call(50)
    world.run('10ms')
    expect(world.signal('retries')).toBe(10)
    world.run('1s')
    world.call(5)
    world.run('10ms')
    expect(world.signal('retries')).toBe(13)
    world.run('1s')
    world.call(1)
    world.run('10ms')
    expect(world.signal('retries')).toBe(14)
  })

  it('active: a call that is being retried keeps its place until it is over', () => {
    const budget = { ...plainBudget, kind: 'active', ratio: 0, minRetryConcurrency: 1 }
    const world = alone(retry, { maxAttempts: 4, backoff: noPause, budget })
    world.neighbour(...times(10, 'error'))
    world.call()
    world.run('10ms')
    expect(world.reached).toHaveLength(4)
    world.call()
    world.run('10ms')
    expect(world.reached).toHaveLength(8)
  })

  it('holds amplification down in a storm that without it triples the load', () => {
    const storm = (budget: object) =>
      smallRun({
        services: { db: { errors: 1, work: constant(1) } },
        load: { users: { to: 'db', arrivals: poisson(100) } },
        patterns: [[retry, 'users -> db', { backoff: noPause, budget }]],
        duration: 100,
      }).result
    const attempts = (result: ReturnType<typeof storm>): number =>
      result.edges['users -> db']!.attempts / result.requests.offered
    expect(attempts(storm({ kind: 'none' }))).toBe(3)
    expect(attempts(storm({ kind: 'ratio', minRetriesPerSecond: 0 }))).toBeCloseTo(1.2, 1)
    expect(attempts(storm({ kind: 'grpc', ratio: 0.1 }))).toBeLessThan(1.01)
    expect(signalOf(storm({ kind: 'grpc', ratio: 0.1 }), 'retry', 'tokens')).toBeLessThan(10)
  })
})

const plainBudget = {
  kind: 'none',
  ratio: 0.2,
  minRetriesPerSecond: 10,
  ttl: 10 * SECOND,
  maxTokens: 10,
  cost: 1,
  deposit: 'start',
  minRetryConcurrency: 3,
}
