import { describe, expect, it } from 'vitest'
import ledger from '../../../engine/patterns/coordination/ledger.ts'
import saga from '../../../engine/patterns/coordination/saga-orchestrator.ts'
import type { SmallWorld } from '../../support/small-world.ts'
import { call, ns, smallWorld } from '../../support/small-world.ts'
import { alone } from '../../support/alone.ts'
import type { Reply } from '../../support/alone.ts'

type Setting = Parameters<typeof smallWorld>[0]
const PLACES = ['flight', 'hotel', 'car', 'payment']
const steps = PLACES.map((service) => ({ service, act: 'book', undo: 'cancel' }))
const retry = { base: ns('1s'), multiplier: 2, cap: ns('100s'), maxAttempts: 0 }

/** Four bookings one after the other, each with a ledger. */
function travel(
  values: Record<string, unknown> | undefined,
  more: Partial<Setting> = {},
  errors = 0.05,
): SmallWorld {
  const participant = { work: '10ms', errors }
  return smallWorld({
    services: {
      booking: { calls: { '*': PLACES.map((place) => call(place, 'book')) } },
      flight: participant,
      hotel: participant,
      car: participant,
      payment: participant,
    },
    load: { travellers: { to: 'booking', every: 100, requests: 2000 } },
    patterns: {
      ...(values ? { saga: { use: saga, where: ['booking'], steps, ...values } } : {}),
      ...Object.fromEntries(PLACES.map((place) => [`${place}s`, { use: ledger, where: [place] }])),
    },
    ...more,
  })
}

const kept = (small: SmallWorld) => PLACES.map((place) => small.total(`${place}s.kept`))
const total = (small: SmallWorld, name: string) => small.total(`saga.${name}`)

/** A saga over two scripted services: what reached them, in order. */
function scripted(values: Record<string, unknown>, ...replies: Reply[]) {
  const two = [
    { service: 'first', act: 'do', undo: 'undo' },
    { service: 'second', act: 'do', undo: 'undo' },
  ]
  const world = alone(saga, { steps: two, retry, ...values }, { others: ['first', 'second'] })
  world.neighbour(...replies)
  return world
}

describe('saga orchestrator', () => {
  it('does its steps in order and answers when all are done', () => {
    const world = scripted({})
    world.call()
    world.run('1s')
    expect(world.reached.map(({ op, at }) => [op, at])).toEqual([
      ['do', 0],
      ['do', ns('1ms')],
    ])
    expect(world.ended).toMatchObject([{ ok: true, took: ns('2ms') }])
    expect([world.signal('committed'), world.signal('phase'), world.signal('open')]).toEqual([
      1,
      'idle',
      0,
    ])
  })

  it('undoes what was done when a step is refused, and not the refused step', () => {
    const world = scripted({}, 'ok', 'error', 'ok')
    world.call()
    world.run('1s')
    expect(world.reached.map(({ op, body }) => [op, body])).toEqual([
      ['do', { step: 0, undo: false }],
      ['do', { step: 1, undo: false }],
      ['undo', { step: 0, undo: true }],
    ])
    expect(world.ended).toMatchObject([{ ok: false, failure: 'aborted' }])
    expect([world.signal('compensated'), world.signal('compensations')]).toEqual([1, 1])
  })

  it('undoes the step of which nobody knows whether it happened too, the last first', () => {
    const world = scripted({ stepTimeout: ns('5s') }, 'ok', 'silent')
    world.call()
    world.run('10s')
    expect(world.reached.map(({ op, body }) => [op, (body as { step: number }).step])).toEqual([
      ['do', 0],
      ['do', 1],
      ['undo', 1],
      ['undo', 0],
    ])
  })

  it('tries a compensation again after 1 s, 2 s, 4 s … until it succeeds', () => {
    const world = scripted({}, 'ok', 'error', 'error', 'error', 'error', 'ok')
    world.call()
    world.run('60s')
    const undos = world.reached
      .filter(({ op }) => op === 'undo')
      .map(({ at }) => Math.round(at / ns('1s')))
    expect(undos).toEqual([0, 1, 3, 7])
    expect([
      world.signal('retried'),
      world.signal('compensated'),
      world.signal('stranded'),
    ]).toEqual([3, 1, 0])
  })

  it('does not pause longer than the cap, and leaves a workflow stranded when tries are limited', () => {
    const errors = Array.from({ length: 20 }, () => 'error' as const)
    const capped = scripted(
      { retry: { ...retry, cap: ns('3s'), maxAttempts: 6 } },
      'ok',
      'error',
      ...errors,
    )
    capped.call()
    capped.run('60s')
    const undos = capped.reached
      .filter(({ op }) => op === 'undo')
      .map(({ at }) => Math.round(at / ns('1s')))
    expect(undos).toEqual([0, 1, 3, 6, 9, 12])
    expect([capped.signal('stranded'), capped.signal('compensated')]).toEqual([1, 0])
  })

  it('cannot go back behind a step that nothing undoes: put it last', () => {
    const irrecoverable = [
      { service: 'first', act: 'do', undo: undefined },
      { service: 'second', act: 'do', undo: 'undo' },
    ]
    const world = scripted({ steps: irrecoverable }, 'ok', 'error')
    world.call()
    world.run('10s')
    expect([world.signal('stranded'), world.signal('compensated')]).toEqual([1, 0])
  })

  it('shows what the open workflows are doing', () => {
    const world = scripted({}, { outcome: 'ok', after: '1s' }, 'error', {
      outcome: 'ok',
      after: '1s',
    })
    world.call()
    world.run('500ms')
    expect([world.signal('phase'), world.signal('open')]).toEqual(['forward', 1])
    world.run('1s')
    expect(world.signal('phase')).toBe('compensating')
    world.run('1s')
    expect([world.signal('phase'), world.signal('open')]).toEqual(['idle', 0])
  })

  it('of four steps that fail with 5 %: 18.55 % are compensated, .266 compensations each (G23)', () => {
    const small = travel({
      retry: { base: ns('10ms'), multiplier: 1, cap: ns('10ms'), maxAttempts: 0 },
    }).run('100s')
    expect(total(small, 'committed') + total(small, 'compensated')).toBe(2000)
    // Two standard errors of 2000 draws.
    expect(Math.abs(total(small, 'compensated') / 2000 - 0.1855)).toBeLessThan(0.0174)
    expect(Math.abs(total(small, 'compensations') / 2000 - 0.266)).toBeLessThan(0.033)
  })

  it('leaves every booking whole or undone; without it some are left half done', () => {
    const nothing = travel(undefined).run('100s')
    const [flights = 0, , , payments = 0] = kept(nothing)
    expect(payments).toBe(nothing.result().requests.ok)
    expect(flights - payments).toBeGreaterThan(200)
    const undone = travel({}).run('200s')
    expect(new Set(kept(undone))).toEqual(new Set([total(undone, 'committed')]))
    expect(undone.result().violations).toEqual([])
    expect(undone.result().pending.other).toBe(0)
  })

  it('fails the same bookings as the service’s own calls would', () => {
    expect(travel({}).run('200s').result().requests.ok).toBe(
      travel(undefined).run('100s').result().requests.ok,
    )
  })

  it('is as if it were not there in its inert form', () => {
    const setting: Partial<Setting> = {
      load: { travellers: { to: 'booking', rate: 100, requests: 500, timeout: ns('60ms') } },
      latency: '1ms',
    }
    const absent = travel(undefined, setting).run('20s').result()
    expect(travel(saga.inert, setting).run('20s').result().outcomeDigest).toBe(absent.outcomeDigest)
  })
})

describe('a crash of the orchestrator', () => {
  const faults = [{ verb: 'crash' as const, target: 'booking', at: ns('3s'), for: ns('2s') }]
  const load = { travellers: { to: 'booking', every: 100, requests: 600 } }

  it('leaves nothing half done when the journal is durable: open workflows go on, and no step counts twice', () => {
    const small = travel({ durable: true }, { faults, load, latency: '3ms' }).run('100s')
    expect(new Set(kept(small))).toEqual(new Set([total(small, 'committed')]))
    expect(total(small, 'stranded')).toBe(0)
    // The step under way was asked for again: its key told the participant.
    expect(
      PLACES.reduce((sum, place) => sum + small.total(`${place}s.repeated`), 0),
    ).toBeGreaterThan(0)
    expect(total(small, 'open')).toBe(0)
    expect(small.result().violations).toEqual([])
    expect(small.result().pending.other).toBe(0)
    expect(small.world.pool.live).toBe(0)
  })

  it('strands the open workflows when it is not', () => {
    const small = travel({ durable: false }, { faults, load, latency: '3ms' }).run('100s')
    expect(total(small, 'stranded')).toBeGreaterThan(0)
    expect(new Set(kept(small)).size).toBeGreaterThan(1)
    expect(total(small, 'open')).toBe(0)
  })

  it('books twice what is asked for twice, when participants keep no keys', () => {
    const patterns = {
      saga: { use: saga, where: ['booking'], steps },
      ...Object.fromEntries(
        PLACES.map((place) => [`${place}s`, { use: ledger, where: [place], idempotent: false }]),
      ),
    }
    const small = travel({}, { faults, load, latency: '3ms', patterns }).run('100s')
    expect(Math.max(...kept(small))).toBeGreaterThan(total(small, 'committed'))
  })

  it('can be looked at from any checkpoint', () => {
    const small = travel({ durable: true }, { faults, load, latency: '3ms' }, 0.3).run('2.99s')
    for (const step of ['5ms', '1s', '1.02s', '30ms']) {
      const saved = small.world.save()
      const once = small.run('4s').result()
      small.world.load(saved)
      const twice = small.run('4s').result()
      expect(twice.digest).toBe(once.digest)
      expect(twice.signals).toEqual(once.signals)
      small.world.load(saved)
      small.run(step)
    }
  })
})

describe('a ledger', () => {
  it('lets an undo that overtakes its action hold it off', () => {
    // Nobody waits for the slow hotel; its undo is there first.
    const setting: Partial<Setting> = {
      services: {
        booking: {},
        flight: { work: '10ms' },
        hotel: {
          work: {
            book: { kind: 'constant', value: ns('5s') },
            '*': { kind: 'constant', value: ns('10ms') },
          },
        },
        car: {},
        payment: {},
      },
      load: { travellers: { to: 'booking', every: 100, requests: 20 } },
    }
    const small = travel({ stepTimeout: ns('1s') }, setting).run('20s')
    expect(total(small, 'compensated')).toBe(20)
    expect(kept(small)).toEqual([0, 0, 0, 0])
    expect(small.total('hotels.made')).toBe(0)
  })

  it('changes nothing by itself', () => {
    const setting = {
      services: { a: { work: '5ms', errors: 0.2 } },
      load: { users: { to: 'a', rate: 100 } },
    }
    const absent = smallWorld(setting).run('3s').result()
    const present = smallWorld({ ...setting, patterns: { ledger: { use: ledger, where: ['a'] } } })
      .run('3s')
      .result()
    expect(present.digest).toBe(absent.digest)
    expect(present.signals['ledger@a']!['made']!.value).toBe(present.requests.ok)
  })
})
