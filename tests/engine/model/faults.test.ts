import { describe, expect, it } from 'vitest'
import { copyOf } from '../../../engine/core/snapshot.ts'
import timeout from '../../../engine/patterns/resilience/timeout.ts'
import type { FaultSpec } from '../../../engine/scenario/scenario.ts'
import { VERBS } from '../../../engine/scenario/schema/faults.ts'
import type { Setting, SmallWorld } from '../../support/small-world.ts'
import { call, ns, smallWorld } from '../../support/small-world.ts'
import type { Fault } from './fault-world.ts'
import { world } from './fault-world.ts'

/** What faults may touch, as plain data. */
function stateOf({ world: it }: SmallWorld) {
  const { instances, links, loads, units } = it.save()
  const services = [...it.services.values()]
  const clocks = services.flatMap((each) =>
    each.instances.map(({ clock }) => [clock.now - it.now, clock.toTrue(1e9)]),
  )
  return copyOf({
    instances,
    links,
    loads,
    units,
    clocks,
    listed: services.map((each) => each.listed),
  })
}
/** A pause has taken time, a spike a part of a gap, a restart begins a new life, what was heard was heard; how a clock keeps its error is its own affair. */
function settled(state: ReturnType<typeof stateOf>): string {
  return JSON.stringify(state).replaceAll(
    /"(lostTime|pausedAt|life|since|left|due|coming)":(-?[\d.e+]+|null)|"heard":\[[^\]]*\]|"(clock|segment)":\{[^{}]*\}/g,
    '',
  )
}

const OF_EVERY_VERB: Record<FaultSpec['verb'], Fault> = {
  crash: { verb: 'crash', target: 'b' },
  pause: { verb: 'pause', target: 'b' },
  slow: { verb: 'slow', target: 'b', by: 2.7 },
  errors: { verb: 'errors', target: 'b', by: 0.1 },
  delay: { verb: 'delay', target: 'a -> b', by: ns('100ms') },
  abort: { verb: 'abort', target: '* -> b', by: 0.3 },
  loss: { verb: 'loss', target: 'a -> b', by: 0.3 },
  duplicate: { verb: 'duplicate', target: 'a -> b', by: 0.7 },
  bandwidth: { verb: 'bandwidth', target: 'a -> b', by: 1000 },
  partition: { verb: 'partition', target: 'west -> there' },
  skew: { verb: 'skew', target: 'b', by: ns('3s'), options: { drift: 0.013 } },
  jump: { verb: 'jump', target: 'b', by: -ns('3s') },
  'disk-full': { verb: 'disk-full', target: 'b' },
  flush: { verb: 'flush', target: 'gauge' },
  deploy: { verb: 'deploy', target: 'b', options: { slow: 3, errors: 0.2 } },
  certificate: { verb: 'certificate', target: 'a -> b' },
  config: { verb: 'config', target: 'patterns.gauge.knob', options: { value: 77 } },
  'hot-key': { verb: 'hot-key', target: 'users', by: 0.5, options: { key: 9 } },
  spike: { verb: 'spike', target: 'users', by: 3 },
  region: { verb: 'region', target: 'there' },
}
/** Users of whom nobody comes before it is over. */
const load = { users: { to: 'a', every: 0.001, until: ns('5s') } }
const verbs = Object.keys(VERBS) as FaultSpec['verb'][]

describe('every verb', () => {
  it.each(verbs)(
    '%s changes the world when it begins, and leaves it as it was when it ends',
    (verb) => {
      const links = { 'a -> b': { loss: 0.3, duplicate: 0.1, bandwidth: 5000 } }
      const { small } = world([OF_EVERY_VERB[verb]], { links, load })
      const before = stateOf(small.run('0.999s'))
      const during = stateOf(small.run('0.5s'))
      const after = stateOf(small.run('1s'))
      expect(during).not.toEqual(before)
      expect(settled(after)).toBe(settled(before))
    },
  )

  it.each(verbs)('%s overlaps with another of its kind: it ends with the last', (verb) => {
    const one = OF_EVERY_VERB[verb]
    const { small } = world([one, { ...one, at: ns('1.5s') }], { load })
    const before = stateOf(small.run('0.999s'))
    small.run('1.251s')
    const during = stateOf(small)
    expect(during).not.toEqual(before)
    const twice = [
      { ...one, at: 1, for: 1 },
      { ...one, at: ns('1.5s') },
    ]
    const apart = world(twice, { load })
    const single = stateOf(apart.small.run('2.25s'))
    expect(settled(during)).toBe(settled(single))
    expect(settled(stateOf(small.run('1s')))).toBe(settled(before))
  })

  it.each(verbs)('%s that never ends stays', (verb) => {
    const { small } = world([{ ...OF_EVERY_VERB[verb], for: Infinity }], { load })
    const before = stateOf(small.run('0.999s'))
    expect(stateOf(small.run('1000s'))).not.toEqual(before)
    expect(small.result().pending.other).toBe(0)
  })
})

describe('a stochastic fault', () => {
  const storm = {
    verb: 'crash',
    target: 'b#0',
    at: undefined,
    mtbf: ns('10s'),
    mttr: ns('2s'),
  } as const
  const spansOf = (setting: Partial<Setting> = {}, faults: readonly Fault[] = [storm]) => {
    const small = smallWorld({
      services: { a: { calls: { '*': [call('b')] } }, b: { instances: 2 } },
      load: { users: { to: 'a' } },
      duration: '20000s',
      faults,
      ...setting,
    })
    return small.world.faults.spans
  }

  it('has exponential times between failures and to repair', () => {
    const spans = spansOf()
    const downs = spans.map((span) => span.until - span.from)
    const ups = spans.map((span, n) => span.from - (spans[n - 1]?.until ?? 0))
    expect(Math.abs(spans.length - 20_000 / 12)).toBeLessThan(
      4 * Math.sqrt((20_000 / 12) * (104 / 144)),
    )
    for (const [list, mean] of [
      [downs, 2],
      [ups, 10],
    ] as const) {
      const scaled = list.map((each) => each / 1e9 / mean)
      const average = scaled.reduce((sum, each) => sum + each, 0) / scaled.length
      expect(Math.abs(average - 1)).toBeLessThan(4 / Math.sqrt(scaled.length))
      const long = scaled.filter((each) => each > 1).length / scaled.length
      expect(Math.abs(long - 0.3679)).toBeLessThan(4 * Math.sqrt(0.2325 / scaled.length))
    }
  })

  it('goes on for as long as the run does, and is the same again after a checkpoint', () => {
    const small = smallWorld({
      services: { a: {}, b: { instances: 2 } },
      load: { users: { to: 'a' } },
      duration: '24000s',
      faults: [
        { ...storm, mtbf: ns('1s'), mttr: ns('1s') },
        { ...storm, target: 'b#1', mtbf: ns('2s'), mttr: ns('1s') },
      ],
    })
    const { world } = small
    small.run('1000s')
    const early = world.save()
    small.run('23000s')
    const { length } = world.faults.spans
    const both = 24_000 / 2 + 24_000 / 3
    expect(Math.abs(length - both)).toBeLessThan(5 * Math.sqrt(both))
    const last = world.digest.hex
    world.load(early)
    small.run('23000s')
    expect(world.digest.hex).toBe(last)
    expect(world.faults.spans.length).toBe(length)
  })

  it('is the same storm in every variant', () => {
    const times = (spans: ReturnType<typeof spansOf>) =>
      spans.filter(({ spec }) => spec.target === 'b#0').map(({ from, until }) => [from, until])
    const plain = times(spansOf())
    const patterns = { limit: { use: timeout, where: ['a -> b'], timeout: '1s' } }
    expect(times(spansOf({ patterns }))).toEqual(plain)
    expect(times(spansOf({ services: { b: { instances: 3, work: '1s' }, a: {}, z: {} } }))).toEqual(
      plain,
    )
    // Nor does a fault of another kind or target change it, before it in the file or behind.
    const other = {
      verb: 'pause',
      target: 'a',
      at: undefined,
      mtbf: ns('1s'),
      mttr: ns('1s'),
    } as const
    expect(times(spansOf({}, [other, storm]))).toEqual(plain)
    expect(times(spansOf({ seed: '2' }))).not.toEqual(plain)
  })

  it('of the same verb on the same target twice is two storms', () => {
    const spans = spansOf({}, [storm, storm])
    expect(new Set(spans.map((span) => span.from)).size).toBe(spans.length)
  })

  it('begins and ends in the run', () => {
    const { small, heard } = world(
      [{ ...storm, target: 'b', mtbf: ns('3s'), mttr: ns('1s'), for: 1 }],
      { load: { users: { to: 'a', every: 10 } } },
    )
    small.run('100s')
    const { spans } = small.world.faults
    const isDown = (at: number) =>
      spans.some(({ from, until }) => at * 1e6 >= from && at * 1e6 < until)
    const failed = heard.filter((each) => each.outcome === 'error')
    expect(failed.length).toBeGreaterThan(100)
    for (const each of heard) expect(isDown(each.at)).toBe(each.outcome === 'error')
  })
})
