import { describe, expect, it } from 'vitest'
import type { Message } from '../../../engine/component.ts'
import { component } from '../../../engine/component.ts'
import { duration } from '../../../engine/params.ts'
import { counter, gauge } from '../../../engine/signals.ts'
import { ns, smallWorld } from '../../support/small-world.ts'

/** Tells every other instance how often it has told them, ten times a second. */
function chatter(heard: (message: Message, at: number) => void = () => {}) {
  return component({
    name: 'chatter',
    family: 'style',
    at: ['server'],
    about: 'Talks.',
    source: 'test',
    tradeOff: 'none',
    order: 0,
    params: { interval: duration('100ms', 'How often') },
    signals: { heard: counter('Messages heard'), last: gauge('The last number heard') },
    state: () => ({ told: 0 }),
    create: ({ params, state, signals, peers, send, every, clock }) => ({
      onStart: () => void every(params.interval, 'talk'),
      onTimer() {
        state.told++
        for (const peer of peers()) send(peer, 'count', { told: state.told })
      },
      onMessage(message) {
        heard(message, clock.now)
        signals.heard.add()
        signals.last.set((message.body as { told: number }).told)
      },
    }),
  })
}

function crowd(
  more: Partial<Parameters<typeof smallWorld>[0]> = {},
  heard?: Parameters<typeof chatter>[0],
) {
  return smallWorld({
    services: { crowd: { instances: 3 } },
    load: { users: { to: 'crowd' } },
    patterns: { chat: { use: chatter(heard), where: ['crowd'] } },
    ...more,
  })
}

describe('messages between instances', () => {
  it('arrive after the latency of the link, from whom they came, as a copy', () => {
    const heard: [Message, number][] = []
    crowd({ latency: '30ms' }, (message, at) => heard.push([message, at])).run('135ms')
    expect(heard).toHaveLength(6)
    expect(new Set(heard.map(([, at]) => at))).toEqual(new Set([ns('130ms')]))
    expect(heard.map(([message]) => message.from.index).sort((a, b) => a - b)).toEqual([
      0, 0, 1, 1, 2, 2,
    ])
  })

  it('go to who is listed at the time, and to oneself never', () => {
    const heard: [Message, number][] = []
    const small = crowd({ latency: '30ms' }, (message, at) => heard.push([message, at]))
    const crowdOf = small.world.service('crowd')
    const afterScalingTo = (instances: number): number[] => {
      crowdOf.scaleTo(instances, 0)
      small.run('50ms')
      heard.length = 0
      small.run('200ms')
      return heard.map(([message]) => message.from.index).toSorted((a, b) => a - b)
    }
    expect(afterScalingTo(3)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2])
    expect(afterScalingTo(1)).toEqual([])
    expect(afterScalingTo(2)).toEqual([0, 0, 1, 1])
  })

  it('are conserved: sent is delivered, lost or on the way', () => {
    const small = crowd({ latency: '130ms', links: { 'crowd -> crowd': { loss: 0.3 } } }).run(
      '20.05s',
    )
    const { sent, delivered, lost, inFlight } = small.world.messages
    expect(sent).toBe(1200)
    expect(inFlight).toBeGreaterThan(0)
    expect(delivered + lost + inFlight).toBe(sent)
    expect(lost / sent).toBeCloseTo(0.3, 1)
    expect(small.total('chat.heard')).toBe(delivered)
    expect(small.result().violations).toEqual([])
  })

  it('do not cross a partition of the link', () => {
    const faults = [
      { verb: 'partition' as const, target: 'crowd -> crowd', at: ns('1s'), for: ns('1s') },
    ]
    const small = crowd({ faults }).run('1.001s')
    const before = small.total('chat.heard')
    expect(small.run('990ms').total('chat.heard')).toBe(before)
    expect(small.run('500ms').total('chat.heard')).toBeGreaterThan(before)
    expect(small.result().violations).toEqual([])
  })

  it('wait at a paused instance and come in their order when it goes on', () => {
    const heard: number[] = []
    const faults = [{ verb: 'pause' as const, target: 'crowd#0', at: ns('1.05s'), for: ns('1s') }]
    const small = crowd({ faults }, ({ body, from }) => {
      if (from.index === 1) heard.push((body as { told: number }).told)
    })
    small.run('2.04s')
    expect(small.values('chat.last')[0]).toBe(10)
    small.run('20ms')
    expect(small.values('chat.last')[0]).toBe(20)
    expect(small.result().violations).toEqual([])
  })

  it('are lost at an instance that is down; its timers rest and come back with it', () => {
    const faults = [{ verb: 'crash' as const, target: 'crowd#0', at: ns('1.05s'), for: ns('1s') }]
    const small = crowd({ faults }).run('2.01s')
    const { lost } = small.world.messages
    expect(lost).toBe(20)
    // What it told it has forgotten: it counts from one again.
    expect(small.run('100ms').values('chat.last')[1]).toBeLessThanOrEqual(21)
    expect(small.world.messages.lost).toBe(20)
    expect(small.result().violations).toEqual([])
  })

  it('that wait at a paused instance are lost when it dies, and none is forgotten', () => {
    const faults = [
      { verb: 'pause' as const, target: 'crowd#0', at: ns('1.05s'), for: ns('1s') },
      { verb: 'crash' as const, target: 'crowd#0', at: ns('1.5s'), for: ns('5s') },
    ]
    const small = crowd({ faults }).run('3s')
    expect(small.world.messages.inFlight).toBe(0)
    expect(small.world.messages.lost).toBeGreaterThan(0)
    expect(small.result().violations).toEqual([])
  })

  it('of one component do not change the latencies of another’s', () => {
    const times = (extra: boolean) => {
      const at: number[] = []
      const use = chatter((_, now) => at.push(now))
      const other = { ...chatter(), name: 'other' }
      const patterns = {
        chat: { use, where: ['crowd'] },
        ...(extra ? { noise: { use: other, where: ['crowd'] } } : {}),
      }
      const link = { latency: { kind: 'exponential', mean: ns('5ms') } as const }
      crowd({ patterns, links: { 'crowd -> crowd': link } }).run('3s')
      return at
    }
    expect(times(true)).toEqual(times(false))
  })

  it('on the way are part of a checkpoint', () => {
    const faults = [{ verb: 'crash' as const, target: 'crowd#2', at: ns('0.4s'), for: ns('0.3s') }]
    const small = crowd({
      latency: '130ms',
      links: { 'crowd -> crowd': { loss: 0.2 } },
      faults,
    }).run('0.55s')
    const saved = small.world.save()
    const once = small.run('2s').result()
    small.world.load(saved)
    const twice = small.run('2s').result()
    expect(twice).toMatchObject({ digest: once.digest, outcomeDigest: once.outcomeDigest })
    expect(twice.signals).toEqual(once.signals)
  })
})
