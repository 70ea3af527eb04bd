import { describe, expect, it } from 'vitest'
import type { MetricName } from '../../../engine/component.ts'
import { component } from '../../../engine/component.ts'
import { choice, duration } from '../../../engine/params.ts'
import { counter, gauge } from '../../../engine/signals.ts'
import { ns, smallWorld } from '../../support/small-world.ts'

const NAMES = ['utilisation', 'arrivals', 'queue', 'latency', 'errors'] as const
type Reading = [at: number, value: number | undefined]

/** Reads a metric every second. */
function reader(readings: Reading[], place: 'controller' | 'server' = 'controller') {
  return component({
    name: 'reader',
    family: 'style',
    at: [place],
    about: 'Reads.',
    source: 'test',
    tradeOff: 'none',
    order: 0,
    params: {
      metric: choice(NAMES, 'utilisation', ''),
      every: duration('15s', ''),
      late: duration('0s', ''),
    },
    signals: { reads: counter(''), last: gauge('') },
    create({ params, signals, clock, every, metrics, node }) {
      const metric = metrics(node.name, params.metric, params)
      return {
        onStart: () => void every(ns('1s'), 'read'),
        onTimer() {
          signals.reads.add()
          signals.last.set(metric.value ?? -1)
          readings.push([clock.now / 1e9, metric.value])
        },
      }
    },
  })
}

function watched(
  readings: Reading[],
  values: { metric: MetricName; every?: string; late?: string },
  more = {},
) {
  return smallWorld({
    services: { shop: { concurrency: 4, work: '100ms' } },
    load: { users: { to: 'shop', every: 20 } },
    patterns: { reader: { use: reader(readings), where: ['shop'], ...values } },
    ...more,
  })
}

describe('what the monitoring shows', () => {
  it('is nothing before the first scrape is over', () => {
    const readings: Reading[] = []
    watched(readings, { metric: 'utilisation' }).run('20s')
    expect(readings.filter(([at]) => at < 15).every(([, value]) => value === undefined)).toBe(true)
    expect(readings.find(([at]) => at === 16)![1]).toBeDefined()
  })

  it('stands still between scrapes', () => {
    const readings: Reading[] = []
    watched(readings, { metric: 'arrivals' }).run('45.5s')
    const seen = readings.filter(([at]) => at >= 16 && at < 30).map(([, value]) => value)
    expect(new Set(seen).size).toBe(1)
  })

  it('comes late by what it says', () => {
    const readings: Reading[] = []
    watched(readings, { metric: 'arrivals', late: '5s' }).run('60s')
    const first = readings.find(([, value]) => value !== undefined)!
    expect(first[0]).toBe(20)
  })

  it.each([
    ['utilisation', 0.5],
    ['arrivals', 20],
    ['queue', 0],
    ['latency', ns('100ms')],
    ['errors', 0],
  ] as const)('is the mean %s over the last interval', (metric, expected) => {
    const readings: Reading[] = []
    watched(readings, { metric }).run('61s')
    expect(readings.at(-1)![1]).toBeCloseTo(expected, 1)
  })

  it('counts the slots of the instances that take traffic', () => {
    const readings: Reading[] = []
    const small = watched(
      readings,
      { metric: 'utilisation' },
      { services: { shop: { instances: 2, concurrency: 4, work: '100ms' } } },
    )
    small.run('20s')
    small.world.service('shop').scaleTo(1, 0)
    small.run('40s')
    expect(readings[16]![1]).toBeCloseTo(0.25, 1)
    expect(readings.at(-1)![1]).toBeCloseTo(0.5, 1)
  })

  it('is kept outside the nodes: a crash of the reader loses no sample', () => {
    const readings: Reading[] = []
    const faults = [{ verb: 'crash' as const, target: 'shop', at: ns('20.5s'), for: ns('2s') }]
    const patterns = {
      reader: { use: reader(readings, 'server'), where: ['shop'], metric: 'arrivals' },
    }
    const small = watched(readings, { metric: 'arrivals' }, { faults, patterns }).run('40.5s')
    expect(readings.filter(([at]) => at > 22.5).every(([, value]) => value !== undefined)).toBe(
      true,
    )
    expect(small.result().pending.periodic).toEqual([
      'reader@shop read',
      'reader@shop scrape arrivals of shop',
    ])
  })

  it('is part of a checkpoint', () => {
    const readings: Reading[] = []
    const small = watched(readings, { metric: 'utilisation', late: '7s' }).run('33s')
    const saved = small.world.save()
    const once = small.run('100s').result()
    const seen = readings.splice(33)
    small.world.load(saved)
    const twice = small.run('100s').result()
    expect(twice.digest).toBe(once.digest)
    expect(readings.slice(33)).toEqual(seen)
  })
})
