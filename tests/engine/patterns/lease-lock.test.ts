import { describe, expect, it } from 'vitest'
import { component } from '../../../engine/component.ts'
import fencing from '../../../engine/patterns/coordination/fencing.ts'
import leaseLock from '../../../engine/patterns/coordination/lease-lock.ts'
import lockService from '../../../engine/patterns/coordination/lock-service.ts'
import type { SmallWorld } from '../../support/small-world.ts'
import { call, ns, smallWorld } from '../../support/small-world.ts'

type Setting = Parameters<typeof smallWorld>[0]
type Values = Record<string, unknown>

/** Workers that read a record, think about it for a second and write it back. */
function office(
  values: { lock?: Values; locks?: Values; store?: Values },
  more: Partial<Setting> = {},
): SmallWorld {
  const { lock = {}, locks = {}, store = {} } = values
  return smallWorld({
    services: {
      worker: {
        instances: 2,
        calls: { '*': [call('store', 'read'), call('thought', 'think'), call('store', 'write')] },
      },
      thought: { work: '1s' },
      locks: { work: '1ms' },
      store: { work: '1ms' },
    },
    load: { jobs: { to: 'worker', every: 0.5, requests: 40 } },
    patterns: {
      lock: { use: leaseLock, where: ['worker'], lock: 'locks', ...lock },
      locks: { use: lockService, where: ['locks'], ...locks },
      store: { use: fencing, where: ['store'], mode: 'observe', ...store },
    },
    latency: '1ms',
    ...more,
  })
}

/** A layer that answers with nothing, whatever it is asked. */
const answering = component({
  name: 'answering',
  family: 'style',
  at: ['server'],
  about: '',
  source: '',
  tradeOff: '',
  order: 999,
  params: {},
  signals: {},
  create: () => ({ onCall: (asked) => asked.answer() }),
})

/** Many jobs at once on one record. */
const rush = { load: { jobs: { to: 'worker', rate: 5, requests: 100 } } }

describe('lease lock', () => {
  it('lets one work at a time: no write destroys another', () => {
    const small = office({ lock: { waitTimeout: Infinity } }, rush).run('300s')
    expect(small.result().requests.ok).toBe(100)
    expect([small.total('store.writes'), small.total('store.corrupted')]).toEqual([100, 0])
    expect(small.result().violations).toEqual([])
    expect(small.result().pending.other).toBe(0)
  })

  it('without it updates are lost', () => {
    const small = office({ lock: leaseLock.inert! }, rush).run('300s')
    expect(small.total('store.writes')).toBe(100)
    expect(small.total('store.corrupted')).toBeGreaterThan(50)
  })

  it('is as if it were not there in its inert form', () => {
    const setting = {
      ...rush,
      patterns: { store: { use: fencing, where: ['store'], mode: 'observe' } },
    }
    const absent = office({}, setting).run('100s').result()
    const inert = office({ lock: leaseLock.inert! }, rush).run('100s').result()
    expect(inert.outcomeDigest).toBe(absent.outcomeDigest)
  })

  it('decides nothing about an answer that a layer below it made', () => {
    const locks = { use: lockService, where: ['locks'] }
    const lock = { use: leaseLock, where: ['worker'], lock: 'locks' }
    const below = { use: answering, where: ['locks'] }
    const small = office({}, { patterns: { lock, locks, below } }).run('100s')
    expect(small.result().requests.ok).toBe(40)
    expect(small.total('locks.granted')).toBe(0)
  })

  it('gives up after the wait timeout', () => {
    const small = office({ lock: { waitTimeout: ns('3s') } }, rush).run('300s')
    const { ok, failedFast } = small.result().requests
    expect(ok + failedFast).toBe(100)
    expect(small.total('lock.gaveUp')).toBe(failedFast)
    expect(failedFast).toBeGreaterThan(0)
    expect(small.result().refusedLatencyMs.max).toBeLessThan(3100)
  })

  it('locks each key by itself', () => {
    const keyed = {
      load: {
        jobs: { to: 'worker', every: 20, requests: 20, keys: { kind: 'uniform', items: 1000 } },
      },
    } as const
    expect(office({}, keyed).run('10s').result().latencyMs.max).toBeLessThan(1100)
    const one = office({ lock: { scope: 'service', waitTimeout: Infinity } }, keyed).run('100s')
    expect(one.result().latencyMs.max).toBeGreaterThan(10_000)
    expect(one.total('store.corrupted')).toBe(0)
  })

  it('asks again after the retry interval while another holds it', () => {
    const two = { load: { jobs: { to: 'worker', times: [0, 0.1] } } }
    const small = office({ lock: { retryInterval: ns('400ms') } }, two).run('10s')
    // The first is done at 1.02 s; the second asks at 0.1, 0.5, 0.9 and 1.3 s.
    expect(small.total('locks.refused')).toBe(3)
  })

  it('renews its lease while it works for longer than the ttl', () => {
    const long = {
      services: { ...servicesOf('25s') },
      load: { jobs: { to: 'worker', times: [0, 1] } },
    }
    const renewed = office({ lock: { ttl: ns('10s'), renewInterval: ns('3s') } }, long).run('100s')
    expect(renewed.total('store.corrupted')).toBe(0)
    expect(renewed.total('locks.renewed')).toBe(16)
    expect(renewed.total('lock.lost')).toBe(0)
    expect(renewed.result().pending.other).toBe(0)
    const lapsed = office({ lock: { ttl: ns('10s') } }, long).run('100s')
    expect(lapsed.total('locks.lapsed')).toBe(1)
    expect(lapsed.total('store.corrupted')).toBe(1)
  })

  it.each([
    ['that comes after its work was done says nothing', '3050ms', 0],
    ['that comes while it works means that its lease is lost', '4s', 1],
  ])('a refused renewal %s', (_, work, lost) => {
    // Granted until 3.3 s at 0.2 s; renewed at 3.2 s, which is decided at 3.4 s.
    const slow = { ...servicesOf(work), locks: { work: '200ms' } }
    const job = { jobs: { to: 'worker', times: [0] } }
    const lock = { ttl: ns('3100ms'), renewInterval: ns('3s'), requestTimeout: Infinity }
    const small = office({ lock }, { services: slow, load: job }).run('100s')
    expect(small.total('locks.lost')).toBe(1)
    expect(small.total('lock.lost')).toBe(lost)
  })

  it('shows what each instance believes', () => {
    const small = office({}, { load: { jobs: { to: 'worker', times: [0] } } }).run('500ms')
    const believed = () =>
      small.world.units
        .filter(({ site }) => site.pattern === 'lock')
        .map((unit) => unit.signals.summaries()['lock']!.value)
    expect(believed().toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['free', 'holding'])
    small.run('1s')
    expect(believed()).toEqual(['free', 'free'])
  })

  it('goes on from a checkpoint while some hold and others wait', () => {
    const faults = [
      { verb: 'pause' as const, target: 'worker#0', at: ns('6s'), for: ns('5s') },
      { verb: 'crash' as const, target: 'worker#1', at: ns('20s'), for: ns('1s') },
    ]
    const small = office(
      { lock: { ttl: ns('3s'), renewInterval: ns('800ms') } },
      { ...rush, faults },
    ).run('4.7s')
    for (const step of ['3s', '12.5s', '0.3s', '5s']) {
      const saved = small.world.save()
      const once = small.run('20s').result()
      small.world.load(saved)
      const twice = small.run('20s').result()
      expect(twice.digest).toBe(once.digest)
      expect(twice.requests).toEqual(once.requests)
      small.world.load(saved)
      small.run(step)
    }
  })
})

describe('a holder that pauses for longer than its lease', () => {
  const faults = [{ verb: 'pause' as const, target: 'worker#0', at: ns('0.5s'), for: ns('20s') }]
  // Whoever has the first job pauses; the others go on with the second.
  const jobs = (instances: number) => ({
    faults,
    load: { jobs: { to: 'worker', every: 4, requests: instances } },
  })

  it('wakes up, does not know, and destroys the work of the next', () => {
    const small = office({}, jobs(8)).run('60s')
    expect(small.total('store.corrupted')).toBeGreaterThan(0)
    expect(small.total('store.rejected')).toBe(0)
  })

  it('is turned away where the store compares tokens', () => {
    const small = office({ store: { mode: 'reject' } }, jobs(8)).run('60s')
    expect(small.total('store.corrupted')).toBe(0)
    expect(small.total('store.rejected')).toBeGreaterThan(0)
    expect(small.result().requests.failed + small.result().requests.failedFast).toBe(
      small.total('store.rejected'),
    )
  })

  it('is not cured by renewal: a paused process renews nothing', () => {
    const small = office({ lock: { renewInterval: ns('2s') } }, jobs(8)).run('60s')
    expect(small.total('store.corrupted')).toBeGreaterThan(0)
    expect(small.total('lock.lost')).toBeGreaterThan(0)
  })

  it('without a lock, versions compared: a write over what was not read is aborted, so none destroys another', () => {
    const values = (mode: string) => ({ lock: { lock: '' }, store: { mode } })
    const small = office(values('compare'), rush).run('300s')
    const [conflicts, writes] = [small.total('store.conflicts'), small.total('store.writes')]
    expect(small.total('store.corrupted')).toBe(0)
    expect(conflicts).toBeGreaterThan(20)
    expect(conflicts + writes).toBe(100)
    expect(small.result().requests).toMatchObject({ ok: writes, failed: conflicts })
    expect(office(values('observe'), rush).run('300s').total('store.corrupted')).toBeGreaterThan(20)
  })

  it('fencing in its inert form changes nothing', () => {
    const { store: _, ...patterns } = {
      lock: { use: leaseLock, where: ['worker'], lock: 'locks' },
      locks: { use: lockService, where: ['locks'] },
      store: 0,
    }
    const absent = office({}, { ...jobs(8), patterns })
      .run('60s')
      .result()
    expect(office({ store: fencing.inert! }, jobs(8)).run('60s').result().outcomeDigest).toBe(
      absent.outcomeDigest,
    )
  })
})

describe('lock service', () => {
  it('grants every lock with a higher token than before, also over its own crash', () => {
    for (const durable of [true, false]) {
      const faults = [{ verb: 'crash' as const, target: 'locks', at: ns('3.2s'), for: ns('10ms') }]
      const small = office(
        { locks: { durable }, lock: { waitTimeout: Infinity, requestTimeout: ns('500ms') } },
        { ...rush, faults },
      )
      let last = 0
      for (let step = 0; step < 100; step++) {
        const token = small.run('1s').total('locks.token')
        expect(token).toBeGreaterThanOrEqual(last)
        last = token
      }
      expect(last).toBe(small.total('locks.granted'))
      // Leases that are forgotten are granted to a second holder.
      expect(small.total('store.corrupted') > 0).toBe(!durable)
    }
  })

  it('gives a lock whose holder died to the next after ttl and lock delay, not before', () => {
    for (const lockDelay of [0, ns('15s')]) {
      const faults = [{ verb: 'crash' as const, target: 'worker', at: ns('0.5s'), for: ns('0.1s') }]
      const load = { jobs: { to: 'worker', times: [0, 1] } }
      const small = office(
        { locks: { lockDelay }, lock: { retryInterval: ns('100ms') } },
        { faults, load },
      ).run('100s')
      const available = (ns('10s') + lockDelay) / 1e6
      const { ok } = small.result().requests
      expect(ok).toBe(1)
      // It came at 1 s, got the lock when it was free, and worked for a second.
      expect(small.result().latencyMs.max).toBeGreaterThan(available - 1)
      expect(small.result().latencyMs.max).toBeLessThan(available + 200)
    }
  })

  it('judges leases by its own clock', () => {
    const jumps = [{ verb: 'jump' as const, target: 'locks', at: ns('0.5s'), by: ns('30s') }]
    const load = { jobs: { to: 'worker', times: [0, 0.6] } }
    const small = office({}, { faults: jumps, load }).run('20s')
    expect(small.total('locks.lapsed')).toBe(1)
    expect(small.total('store.corrupted')).toBe(1)
  })

  it('gives who asks again with the same name what it has', () => {
    const links = { 'locks -> worker': {}, 'worker -> locks': { loss: 0.3 } }
    const small = office(
      { lock: { requestTimeout: ns('100ms'), waitTimeout: Infinity } },
      { ...rush, links },
    ).run('1000s')
    expect(small.result().requests.ok).toBe(100)
    expect(small.total('store.corrupted')).toBe(0)
  })

  it('grants everyone everything in its inert form, as a service without it would', () => {
    const plain = {
      lock: { use: leaseLock, where: ['worker'], lock: 'locks' },
      store: { use: fencing, where: ['store'], mode: 'observe' },
    }
    const absent = office({}, { ...rush, patterns: plain })
      .run('100s')
      .result()
    expect(office({ locks: lockService.inert! }, rush).run('100s').result().outcomeDigest).toBe(
      absent.outcomeDigest,
    )
  })
})

function servicesOf(thought: string): Setting['services'] {
  return {
    worker: {
      instances: 2,
      calls: { '*': [call('store', 'read'), call('thought', 'think'), call('store', 'write')] },
    },
    thought: { work: thought },
    locks: { work: '1ms' },
    store: { work: '1ms' },
  }
}
