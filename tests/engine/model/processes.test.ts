import { describe, expect, it } from 'vitest'
import type { Handlers, Process, Verdict } from '../../../engine/component.ts'
import { component } from '../../../engine/component.ts'
import type { Call, Context, Outcome } from '../../../engine/component.ts'
import { toggle } from '../../../engine/params.ts'
import { counter } from '../../../engine/signals.ts'
import { call, ns, smallWorld } from '../../support/small-world.ts'

const params = { durable: toggle(false, 'Journal survives a crash') }
const signals = { steps: counter('Steps taken') }
interface Memory {
  count: number
}
type Tools = Context<typeof params, typeof signals, Memory, Record<string, never>>

/** A component whose calls run through a process. */
function waiting(onCall: (tools: Tools, call: Call) => Process<Verdict>) {
  return component({
    name: 'waiting',
    family: 'style',
    at: ['server'],
    about: 'Waits.',
    source: 'test',
    tradeOff: 'none',
    order: 0,
    params: { ...params, other: { kind: 'services', initial: ['b', 'c'], help: '' } as const },
    signals,
    state: () => ({ count: 0 }),
    create: (tools): Handlers => ({
      *onCall(call) {
        return yield* onCall(tools as never, call)
      },
    }),
  })
}

/** `a` runs the process and may call `b` and `c`, which work 10 ms and 20 ms. */
function worldOf(
  use: ReturnType<typeof waiting>,
  more: Partial<Parameters<typeof smallWorld>[0]> = {},
  values = {},
) {
  return smallWorld({
    services: {
      a: { work: '5ms', calls: { '*': [call('b')] } },
      b: { work: '10ms' },
      c: { work: '20ms' },
    },
    load: { users: { to: 'a' } },
    patterns: { waiting: { use, where: ['a'], ...values } },
    ...more,
  })
}

const answers = (small: ReturnType<typeof worldOf>) => {
  const { requests, latencyMs } = small.result()
  return { ...requests, ms: latencyMs.mean }
}

describe('a handler that waits', () => {
  it('holds its call over requests and sleeps, one after the other', () => {
    const use = waiting(function* ({ request, sleep }, call) {
      yield* request('b')
      yield* sleep(ns('100ms'))
      yield* request('c')
      return call.answer()
    })
    const small = worldOf(use).send().run('1s')
    expect(answers(small)).toMatchObject({ ok: 1 })
    expect(answers(small).ms).toBeCloseTo(130, 6)
    expect(small.result().services['a']!.completed).toBe(0)
  })

  it('goes on down when it passes, and the service does its work and makes its calls', () => {
    const use = waiting(function* ({ sleep }, call) {
      yield* sleep(ns('100ms'))
      return call.pass()
    })
    expect(answers(worldOf(use).send().run('1s')).ms).toBeCloseTo(115, 6)
  })

  it.each([0, 50])(
    'hears the outcome of the service’s own work, asked for after %i ms',
    (before) => {
      const outcomes: Outcome[] = []
      const use = waiting(function* ({ sleep, work, request }, call) {
        if (before > 0) yield* sleep(ns(`${before}ms`))
        outcomes.push(yield* work(call))
        yield* request('c')
        return call.pass()
      })
      const small = worldOf(use).send().run('1s')
      expect(outcomes).toMatchObject([{ ok: true }])
      expect(answers(small).ms).toBeCloseTo(before + 35, 6)
      expect(small.result().violations).toEqual([])
    },
  )

  it('keeps the books of the queue right while the work it asked for waits for a slot', () => {
    const use = waiting(function* ({ work }, call) {
      yield* work(call)
      return call.pass()
    })
    const services = { a: { concurrency: 1, queue: 1, work: '5ms' }, b: {}, c: {} }
    const small = worldOf(use, { services }).send(3)
    expect(small.result().violations).toEqual([])
    small.run('7ms')
    expect(small.result().violations).toEqual([])
    expect(small.run('1s').result().requests).toMatchObject({ ok: 2, failed: 1 })
  })

  it('may turn a good answer of the service into a failure', () => {
    const use = waiting(function* ({ work }, call) {
      yield* work(call)
      return call.fail('aborted')
    })
    expect(answers(worldOf(use).send().run('1s'))).toMatchObject({ ok: 0, failed: 1 })
  })

  it('takes answers that come at once without losing one', () => {
    const use = waiting(function* ({ request, recall, state }, call) {
      for (let n = 0; n < 50; n++) yield* request('b')
      const count = yield* recall(() => ++state.count)
      return count === 1 ? call.answer() : call.fail('error')
    })
    const services = { a: {}, b: {}, c: {} }
    expect(answers(worldOf(use, { services }).send().run('1s'))).toMatchObject({ ok: 1, ms: 0 })
  })

  it('stops waiting for a request after its timeout, while the callee works on', () => {
    const seen: Outcome[] = []
    const use = waiting(function* ({ request }, call) {
      seen.push(yield* request('c', undefined, undefined, ns('15ms')))
      return call.answer()
    })
    const small = worldOf(use).send().run('1s')
    expect(seen).toMatchObject([{ ok: false, failure: 'timeout', took: ns('15ms') }])
    const result = small.result()
    expect(result.services['c']).toMatchObject({ completed: 1, wasted: 1 })
    expect(result.edges['a -> c']).toMatchObject({ timeouts: 1, late: 1 })
    expect(result.violations).toEqual([])
    expect(result.pending.other).toBe(0)
  })

  it('leaves no timer behind when the request ends before its timeout', () => {
    const use = waiting(function* ({ request }, call) {
      yield* request('c', undefined, undefined, ns('10s'))
      return call.answer()
    })
    expect(worldOf(use).send().run('1s').result().pending.other).toBe(0)
  })

  it('meets the same dice as the service’s own plan would', () => {
    const use = waiting(function* ({ request }, call) {
      const first = yield* request('b')
      return first.ok ? call.answer() : call.fail(first.failure!)
    })
    const services = { a: { calls: { '*': [call('b')] } }, b: { errors: 0.5 }, c: {} }
    const load = { users: { to: 'a', rate: 100 } }
    const withProcess = worldOf(use, { services, load, duration: '10s' }).run('10s').result()
    const withPlan = smallWorld({ services, load, duration: '10s' }).run('10s').result()
    expect(withProcess.requests.failed).toBeGreaterThan(300)
    expect(withProcess.outcomeDigest).toBe(withPlan.outcomeDigest)
  })

  it('refuses a second turn of the service’s own work', () => {
    const use = waiting(function* ({ work }, call) {
      yield* work(call)
      yield* work(call)
      return call.pass()
    })
    expect(() => worldOf(use).send().run('1s')).toThrow('asked twice')
  })
})

describe('a handler that waits, when its node crashes', () => {
  const twoSteps = waiting(function* ({ request, signals: { steps } }, call) {
    yield* request('b', 'first', { step: 1 })
    steps.add()
    yield* request('c', 'second', { step: 2 })
    steps.add()
    return call.answer()
  })
  const faults = [{ verb: 'crash', target: 'a', at: ns('15ms'), for: ns('100ms') }] as const

  it('forgets what it was doing, and its caller hears that nobody is there', () => {
    const small = worldOf(twoSteps, { faults, load: { users: { to: 'a', times: [0] } } }).run('1s')
    expect(answers(small)).toMatchObject({ ok: 0, failed: 1 })
    expect(small.total('waiting.steps')).toBe(1)
    expect(small.result().services['c']).toMatchObject({ arrivals: 1, wasted: 1 })
    expect(small.result().violations).toEqual([])
    expect(small.result().pending.other).toBe(0)
  })

  it('goes on from its journal when that is durable: done steps are not repeated, the open one is', () => {
    const load = { users: { to: 'a', times: [0] } }
    const small = worldOf(twoSteps, { faults, load }, { durable: true }).run('1s')
    const { services, requests, violations, pending } = small.result()
    expect(services['b']!.arrivals).toBe(1)
    expect(services['c']!.arrivals).toBe(2)
    expect(small.total('waiting.steps')).toBe(2)
    expect(requests).toMatchObject({ ok: 0, failed: 1 })
    expect(violations).toEqual([])
    expect(pending.other).toBe(0)
  })

  it('survives a second crash, and sleeps only for what is left of its sleep', () => {
    const use = waiting(function* ({ sleep, request, signals: { steps } }, call) {
      yield* sleep(ns('300ms'))
      steps.add()
      yield* request('b')
      steps.add()
      return call.answer()
    })
    const crashes = [0.1, 0.2].map((at) => ({
      verb: 'crash' as const,
      target: 'a',
      at: at * 1e9,
      for: ns('50ms'),
    }))
    const load = { users: { to: 'a', times: [0] } }
    const small = worldOf(use, { faults: crashes, load }, { durable: true }).run('299ms')
    expect(small.total('waiting.steps')).toBe(0)
    expect(small.run('2ms').total('waiting.steps')).toBe(1)
    expect(small.run('1s').total('waiting.steps')).toBe(2)
    expect(small.result().violations).toEqual([])
    expect(small.world.pool.live).toBe(0)
  })

  it('lets what a silent crash leaves behind end as unfinished', () => {
    const silent = [{ ...faults[0], options: { how: 'silent' } }]
    const small = worldOf(twoSteps, {
      faults: silent,
      load: { users: { to: 'a', times: [0] } },
    }).run('1s')
    expect(small.result().requests.unfinished).toBe(1)
    expect(small.result().violations).toEqual([])
  })
})

describe('a handler that waits, and a checkpoint', () => {
  const busy = waiting(function* (
    { request, sleep, work, recall, chance, state, signals: { steps } },
    call,
  ) {
    yield* sleep(ns('7ms'))
    const first = yield* request('b')
    steps.add()
    if (!first.ok) return call.fail(first.failure!)
    const u = yield* recall(() => chance('pause').next())
    yield* recall(() => state.count++)
    yield* sleep(Math.round(u * ns('40ms')))
    yield* request('c', 'more', { u }, ns('22ms'))
    steps.add()
    yield* work(call)
    steps.add()
    return call.pass()
  })
  const setting = {
    services: {
      a: { instances: 2, concurrency: 2, work: '15ms', calls: { '*': [call('b')] } },
      b: { work: '10ms', errors: 0.1, concurrency: 3 },
      c: { work: '20ms', concurrency: 2 },
    },
    load: { users: { to: 'a', rate: 80, timeout: ns('150ms') } },
    latency: '1ms',
    faults: [
      { verb: 'crash', target: 'a#1', at: ns('1s'), for: ns('200ms') },
      { verb: 'pause', target: 'a#0', at: ns('1.5s'), for: ns('150ms') },
    ] as const,
  }

  it.each(['0.3s', '1.001s', '1.1s', '1.57s', '1.9s'])(
    'goes on from %s as if nothing had happened',
    (moment) => {
      for (const durable of [false, true]) {
        const small = worldOf(busy, setting, { durable }).run(moment)
        const saved = small.world.save()
        const once = small.run('1.5s').result()
        expect(once.violations).toEqual([])
        for (let again = 0; again < 2; again++) {
          small.world.load(saved)
          const twice = small.run('1.5s').result()
          expect(twice).toMatchObject({
            digest: once.digest,
            outcomeDigest: once.outcomeDigest,
            events: once.events,
          })
          expect(twice.requests).toEqual(once.requests)
          expect(twice.violations).toEqual([])
          expect(twice.signals).toEqual(once.signals)
        }
      }
    },
  )
})

describe('a handler that waits, on a node that stands still', () => {
  it('hears of an answer or of its own impatience, whichever came first, and never of both', () => {
    // Both came due during the pause: the answer at 20 ms, the timeout at 25 ms.
    const use = waiting(function* ({ request, sleep, clock, recall }, call) {
      const { ok } = yield* request('c', undefined, undefined, ns('25ms'))
      yield* sleep(ns('500ms'))
      const now = yield* recall(() => clock.now)
      return ok && now === ns('700ms') ? call.answer() : call.fail('error')
    })
    const faults = [{ verb: 'pause' as const, target: 'a', at: ns('10ms'), for: ns('190ms') }]
    const small = worldOf(use, { faults, load: { users: { to: 'a', times: [0] } } }).run('1s')
    expect(answers(small)).toMatchObject({ ok: 1, ms: 700 })
  })
})

describe('an instance that is taken out', () => {
  it('ends with the answer its last process waited for, and ends that call once', () => {
    const use = waiting(function* ({ request }, asked) {
      yield* request('b', undefined, undefined, ns('50ms'))
      return asked.fail('refused')
    })
    const small = worldOf(use, {
      services: { a: { instances: 2 }, b: { work: '1s' }, c: {} },
      load: { users: { to: 'a', every: 100, requests: 2 } },
    })
    small.run('25ms').world.service('a').scaleTo(0, 0)
    const { requests, violations } = small.run('10s').result()
    expect([requests.failedFast, requests.unfinished, violations]).toEqual([2, 0, []])
    expect(small.world.service('a').instances.map(({ up }) => up)).toEqual([false, false])
  })
})
