import { describe, expect, it } from 'vitest'
import type { Call } from '../../../engine/component.ts'
import { component } from '../../../engine/component.ts'
import { service } from '../../../engine/params.ts'
import { counter, gauge, state } from '../../../engine/signals.ts'
import { call, ns, smallWorld } from '../../support/small-world.ts'

type Setting = Parameters<typeof smallWorld>[0]

/** Holds every call for 50 ms, and calls `helper` for each on its own account. */
const helped = component({
  name: 'helped',
  family: 'style',
  at: ['server'],
  about: 'Holds calls.',
  source: 'test',
  tradeOff: 'none',
  order: 0,
  params: { helper: service('Who helps') },
  signals: { asked: counter(''), answered: counter(''), woken: counter(''), starts: counter('') },
  state: () => ({ held: [] as Call[], asked: 0 }),
  create: ({ params, state, signals, launch, after, release }) => ({
    onStart: () => signals.starts.add(),
    onCall(call) {
      signals.asked.add()
      launch(params.helper, { token: state.asked, ordinal: state.asked++, like: call })
      state.held.push(call)
      after(ns('50ms'), 'wake')
      return call.hold()
    },
    onOutcome: () => signals.answered.add(),
    onTimer() {
      signals.woken.add()
      release(state.held.shift()!)
    },
  }),
})

/** Looks at a call 20 ms after it came, by a timer of that call. */
const waking = component({
  name: 'waking',
  family: 'style',
  at: ['server'],
  about: 'Looks later.',
  source: 'test',
  tradeOff: 'none',
  order: 0,
  params: { helper: service('Nobody') },
  signals: { woken: counter('') },
  create: ({ signals, after }) => ({
    onCall(call) {
      after(ns('20ms'), 'look', call)
      return call.hold()
    },
    onTimer({ call }) {
      signals.woken.add()
      return call!.pass()
    },
  }),
})

/** Shows that it has seen a call, in its memory alone or in what outlives a crash. */
const showing = (durable: object | undefined) =>
  component({
    name: 'showing',
    family: 'style',
    at: ['server'],
    about: 'Shows.',
    source: 'test',
    tradeOff: 'none',
    order: 0,
    params: {},
    signals: { seen: gauge(''), phase: state(['idle', 'busy'], '') },
    ...(durable ? { durable: () => durable } : {}),
    create: ({ signals }) => ({
      onCall(call) {
        signals.seen.set(1)
        signals.phase.enter('busy')
        return call.pass()
      },
    }),
  })

function worldOf(more: Partial<Setting> = {}) {
  return smallWorld({
    services: { a: { work: '5ms' }, b: { work: '30ms' } },
    load: { users: { to: 'a' } },
    patterns: { helped: { use: helped, where: ['a'], helper: 'b' } },
    ...more,
  })
}

describe('a component', () => {
  it('holds calls, makes calls of its own and lets the held ones go on', () => {
    const small = worldOf().send(3).run('1s')
    expect(small.result().requests).toMatchObject({ ok: 3 })
    expect(small.result().latencyMs.mean).toBeCloseTo(55, 6)
    expect(small.total('helped.answered')).toBe(3)
    expect(small.result().violations).toEqual([])
  })

  it('dies with its node: its timers never fire and its calls are taken back', () => {
    const faults = [{ verb: 'crash' as const, target: 'a', at: ns('10ms'), for: ns('10ms') }]
    const small = worldOf({ faults, load: { users: { to: 'a', times: [0, 0.025] } } }).run('1s')
    expect(small.total('helped.asked')).toBe(2)
    expect(small.total('helped.answered')).toBe(1)
    expect(small.total('helped.woken')).toBe(1)
    expect(small.total('helped.starts')).toBe(2)
    const { requests, services, violations, pending } = small.result()
    expect(requests).toMatchObject({ ok: 1, failed: 1 })
    expect(services['b']).toMatchObject({ completed: 2, wasted: 1 })
    expect(violations).toEqual([])
    expect(pending.other).toBe(0)
    expect(small.world.pool.live).toBe(0)
  })

  it('hears no timer of a call whose end is still on its way to the caller', () => {
    const faults = [{ verb: 'crash' as const, target: 'a', at: ns('60ms') }]
    const patterns = { waking: { use: waking, where: ['a'], helper: 'b' } }
    const services = { front: { calls: { '*': [call('a')] } }, a: {}, b: {} }
    const load = { users: { to: 'front' } }
    const setting = { services, load, faults, patterns, latency: '50ms' }
    const small = worldOf(setting).send(1).run('100ms')
    expect(small.total('waking.woken')).toBe(0)
    expect(small.result().requests).toMatchObject({ failed: 0 })
    expect(small.run('1s').result().requests).toMatchObject({ failed: 1 })
  })

  it.each([
    ['shows nothing any more', undefined, { seen: 0, phase: 'idle', busy: 0.01 }],
    ['shows on what outlives it', {}, { seen: 1, phase: 'busy', busy: 0.1 }],
  ])('that dies %s', (_, durable, { seen, phase, busy }) => {
    const faults = [{ verb: 'crash' as const, target: 'a', at: ns('10ms'), for: ns('10ms') }]
    const patterns = { shown: { use: showing(durable), where: ['a'] } }
    const small = worldOf({ faults, patterns }).send(1).run('100ms')
    const shown = small.result().signals['shown@a']!
    expect(shown['seen']!.value).toBe(seen)
    expect(shown['phase']!.value).toBe(phase)
    expect(shown['phase']!.seconds['busy']).toBeCloseTo(busy, 3)
  })

  it('with held calls goes on from a checkpoint as if nothing had happened', () => {
    const faults = [{ verb: 'crash' as const, target: 'a', at: ns('1s'), for: ns('0.1s') }]
    const load = { users: { to: 'a', rate: 200, timeout: ns('70ms') } }
    const services = { a: { work: '5ms' }, b: { work: '30ms', errors: 0.2 } }
    for (const moment of ['0.51s', '1.05s', '1.13s']) {
      const small = worldOf({ faults, load, services, latency: '1ms' }).run(moment)
      const saved = small.world.save()
      const once = small.run('2s').result()
      small.run('1s').world.load(saved)
      const twice = small.run('2s').result()
      expect(twice).toMatchObject({ digest: once.digest, outcomeDigest: once.outcomeDigest })
      expect(twice.requests).toEqual(once.requests)
      expect(twice.signals).toEqual(once.signals)
      expect(twice.violations).toEqual([])
    }
  })
})

describe('an instance that is taken out', () => {
  const services = {
    a: { slots: 'released' as const, work: '5ms', instances: 2, calls: { '*': [call('b')] } },
    b: { work: '100ms' },
  }

  it('finishes what it has, also where a waiting call holds no slot', () => {
    const small = worldOf({ services, patterns: {}, load: { users: { to: 'a', every: 100 } } }).run(
      '1s',
    )
    small.world.service('a').scaleTo(1, 0)
    const { requests, violations } = small.run('1s').result()
    expect(requests.failed).toBe(0)
    expect(violations).toEqual([])
    expect(small.world.service('a').instances.map((each) => each.up)).toEqual([true, false])
  })

  it('takes no new calls, and comes back when it is wanted again', () => {
    const small = worldOf({ services, patterns: {}, load: { users: { to: 'a', every: 100 } } }).run(
      '1s',
    )
    const shop = small.world.service('a')
    shop.scaleTo(1, 0)
    expect(shop.listed).toBe(1)
    small.run('20ms')
    shop.scaleTo(2, ns('10s'))
    // It was still draining: there is nothing to start.
    expect(shop.listed).toBe(2)
    small.run('1s')
    shop.scaleTo(1, 0)
    small.run('1s')
    shop.scaleTo(2, ns('1s'))
    expect(small.run('990ms').world.service('a').listed).toBe(1)
    expect(small.run('20ms').world.service('a').listed).toBe(2)
    expect(small.run('1s').result().requests.failed).toBe(0)
  })
})

describe('an instance that dies while it is taken out', () => {
  it('has to start when it is wanted again, and has no slots until then', () => {
    const services = { a: { work: '10s', instances: 2, concurrency: 4 }, b: {} }
    const faults = [{ verb: 'crash' as const, target: 'a#1', at: ns('2s'), for: ns('1s') }]
    const small = worldOf({ services, faults, patterns: {} }).send(4).run('1s')
    const shop = small.world.service('a')
    const slots = (): number => shop.instances.filter((each) => each.draining || each.listed).length
    shop.scaleTo(1, 0)
    expect([shop.listed, slots()]).toEqual([1, 2])
    small.run('3s')
    expect([shop.listed, slots()]).toEqual([1, 1])
    shop.scaleTo(2, ns('5s'))
    expect([shop.listed, shop.instances[1]!.up]).toEqual([1, false])
    small.run('5.1s')
    expect([shop.listed, shop.instances[1]!.up]).toEqual([2, true])
  })
})

describe('a crash of a node that is paused', () => {
  it('loses its plans; replies that wait at its door are cleared away', () => {
    const faults = [
      { verb: 'pause' as const, target: 'a', at: ns('20ms'), for: ns('200ms') },
      { verb: 'crash' as const, target: 'a', at: ns('100ms'), for: ns('50ms') },
    ]
    const services = { a: { work: '5ms', calls: { '*': [call('b')] } }, b: { work: '30ms' } }
    const load = { users: { to: 'a', every: 100 } }
    const small = worldOf({
      services,
      patterns: {},
      load,
      faults,
      latency: '1ms',
      duration: '0.5s',
    }).run('0.5s')
    expect(small.result().violations).toEqual([])
    small.world.loads[0]!.save()
    const late = smallWorld({
      services,
      load: { users: { to: 'a', every: 100, requests: 20 } },
      faults,
      latency: '1ms',
    }).run('2s')
    expect(late.result().violations).toEqual([])
    expect(late.world.pool.live).toBe(0)
    expect(late.world.orphans).toBe(0)
    expect([...late.world.links.values()].every((link) => link.onWire === 0)).toBe(true)
  })
})
