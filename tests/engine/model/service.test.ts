import { describe, expect, it } from 'vitest'
import type { ServiceSpec } from '../../../engine/scenario/scenario.ts'
import type { Heard } from '../../support/ear.ts'
import { ear, eye } from '../../support/ear.ts'
import type { Setting, SmallLoad, SmallService } from '../../support/small-world.ts'
import { call, ns, smallWorld } from '../../support/small-world.ts'

const exponential = (span: string) => ({ '*': { kind: 'exponential', mean: ns(span) } }) as const

/** One service under one load, with an ear at the user's side and an eye at the door. */
function alone(service: SmallService, load: Partial<SmallLoad> = {}, more: Partial<Setting> = {}) {
  const heard: Heard[] = []
  const seen: Heard[] = []
  const small = smallWorld({
    services: { a: service },
    load: { users: { to: 'a', ...load } },
    ...more,
    patterns: {
      ear: { use: ear(heard), where: ['users -> a'] },
      eye: { use: eye(seen), where: ['a'] },
    },
  })
  return { small, heard, seen }
}
const endsOf = (heard: readonly Heard[]) => heard.map((each) => each.at)
const orderOf = (heard: readonly Heard[]) => heard.map((each) => each.request)

describe('slots and queue', () => {
  it('work on as many calls at once as there are slots', () => {
    const { small, heard } = alone({ work: '1s', concurrency: 3 })
    small.send(7).run('10s')
    expect(endsOf(heard)).toEqual([1000, 1000, 1000, 2000, 2000, 2000, 3000])
  })

  it('shed what finds the queue full, at once and as overload', () => {
    const { small, heard } = alone({ work: '1s', concurrency: 1, queue: 2 })
    small.send(5).run('10s')
    expect(heard.slice(0, 2)).toMatchObject([
      { took: 0, outcome: 'overload' },
      { took: 0, outcome: 'overload' },
    ])
    expect(endsOf(heard.slice(2))).toEqual([1000, 2000, 3000])
    expect(small.result().services['a']).toMatchObject({
      overload: 2,
      failed: 2,
      ok: 3,
      failedFast: 0,
    })
  })

  it('without queue and slots left shed everything else', () => {
    const { small } = alone({ work: '1s', concurrency: 1, queue: 0 }, { times: [0, 0.5, 1, 1.5] })
    expect(small.run('10s').result().services['a']).toMatchObject({ ok: 2, overload: 2 })
  })

  it('of each instance are its own', () => {
    const { small, heard, seen } = alone({ work: '1s', concurrency: 2, queue: 3, instances: 3 })
    small.send(60).run('10s')
    const perInstance = [0, 1, 2].map((n) => seen.filter((each) => each.instance === n).length)
    expect(perInstance.every((count) => count > 5)).toBe(true)
    expect(heard.filter((each) => each.outcome === 'ok').length).toBe(15)
    expect(small.result().services['a']!.overload).toBe(45)
  })

  it('are chosen by chance among listed instances, each as often as the other', () => {
    const { small, seen } = alone({ instances: 4 }, { every: 1000 })
    small.run('6s')
    for (let n = 0; n < 4; n++) {
      const share = seen.filter((each) => each.instance === n).length / seen.length
      expect(Math.abs(share - 0.25)).toBeLessThan(4 * Math.sqrt(0.1875 / seen.length))
    }
  })
})

describe('a discipline', () => {
  const load = { times: [0, 0.1, 0.2, 0.3, 0.4] }

  it.each([
    ['fifo', [0, 1, 2, 3, 4]],
    ['lifo', [0, 4, 3, 2, 1]],
  ] as const)('%s serves in its order', (discipline, order) => {
    const { small, heard } = alone({ work: '1s', concurrency: 1, discipline }, load)
    small.run('10s')
    expect(orderOf(heard)).toEqual(order)
  })

  it('priority serves the highest first, and the oldest among equals', () => {
    const { small, heard, seen } = alone(
      { work: '1s', concurrency: 1, discipline: 'priority' },
      { priorities: [0.3, 0.3, 0.4], times: Array.from({ length: 40 }, (_, n) => n / 100) },
    )
    small.run('100s')
    const waiting = seen.slice(1)
    const expected = waiting.toSorted((x, y) => x.priority - y.priority || x.request - y.request)
    expect(new Set(waiting.map((each) => each.priority)).size).toBe(3)
    expect(orderOf(heard.slice(1))).toEqual(orderOf(expected))
  })

  it('lifo and priority keep a queue with growing and shrinking in order', () => {
    // A queue of over a thousand makes the ring grow while its head is in the middle.
    for (const discipline of ['fifo', 'lifo', 'priority'] as const) {
      const burst = [
        ...Array.from({ length: 10 }, (_, n) => n / 1000),
        ...Array.from({ length: 1500 }, (_, n) => 0.5 + n / 1e4),
      ]
      const { small, heard } = alone(
        { work: '100ms', concurrency: 1, discipline, queue: 2000 },
        { times: burst },
      )
      small.run('200s')
      expect(heard.length).toBe(1510)
      expect(new Set(orderOf(heard)).size).toBe(1510)
      if (discipline !== 'lifo')
        expect(orderOf(heard)).toEqual(Array.from({ length: 1510 }, (_, n) => n))
    }
  })
})

describe('processor sharing', () => {
  const sharing = { discipline: 'processor-sharing', concurrency: 1 } as const

  it('gives two calls half the speed each', () => {
    const { small, heard } = alone({ work: '1s', ...sharing }, { times: [0, 0.5] })
    small.run('10s')
    // 0.5 s alone, then 0.5 s of work at half speed; the second has 0.5 s left and is alone again.
    expect(endsOf(heard)).toEqual([1500, 2000])
  })

  it('lets the short overtake the long', () => {
    const work = {
      long: { kind: 'constant', value: ns('10s') },
      short: { kind: 'constant', value: ns('1s') },
    } as const
    const { small, heard } = alone(
      { work, ...sharing },
      {},
      {
        load: {
          users: { to: 'a', mix: { long: 1 }, times: [0] },
          others: { to: 'a', mix: { short: 1 }, times: [2] },
        },
      },
    )
    small.run('100s')
    expect(endsOf(heard)).toEqual([11000])
    expect(small.result().latencyMs.max).toBe(11000)
    expect(small.result().latencyMs.mean).toBe((11000 + 2000) / 2)
  })

  it('runs as many at full speed as there are slots', () => {
    const { small, heard } = alone({ work: '1s', ...sharing, concurrency: 2 })
    small.send(3).run('10s')
    expect(endsOf(heard)).toEqual([1500, 1500, 1500])
  })

  it('sheds when slots and queue are taken', () => {
    const { small, heard } = alone({ work: '1s', ...sharing, queue: 3 })
    small.send(6).run('10s')
    expect(heard.filter((each) => each.outcome === 'overload').length).toBe(2)
    expect(endsOf(heard).at(-1)).toBe(4000)
  })

  it('reports busy slots and those beyond them apart, and breaks no law', () => {
    const { small } = alone({ work: '1s', ...sharing, concurrency: 2 })
    small.send(3)
    expect(small.result().violations).toEqual([])
    small.run('1s')
    expect(small.result().violations).toEqual([])
    const { utilisation, meanQueue, meanInSystem } = small.result().services['a']!
    expect({ utilisation, meanQueue, meanInSystem }).toEqual({
      utilisation: 1,
      meanQueue: 1,
      meanInSystem: 3,
    })
  })
})

describe('held and released slots', () => {
  const services = (slots: ServiceSpec['slots']): Record<string, SmallService> => ({
    a: { work: '10ms', concurrency: 1, slots, calls: { '*': [call('b')] } },
    b: { work: '100ms' },
  })
  const ends = (slots: ServiceSpec['slots']) => {
    const { small, heard } = alone({}, {}, { services: services(slots) })
    small.send(3).run('10s')
    expect(small.result().violations).toEqual([])
    return endsOf(heard)
  }

  it('held: a call keeps its slot while it waits for others', () => {
    expect(ends('held')).toEqual([110, 220, 330])
  })

  it('released: a call that waits for others leaves its slot to the next', () => {
    expect(ends('released')).toEqual([110, 120, 130])
  })
})

describe('own errors', () => {
  const failed = (errors: number) => {
    const { small, heard } = alone({ errors }, { every: 1000 })
    small.run('6s')
    return heard.filter((each) => each.outcome === 'error').map((each) => each.request)
  }

  it('fail their share of the calls', () => {
    expect(Math.abs(failed(0.2).length / 6000 - 0.2)).toBeLessThan(4 * Math.sqrt(0.16 / 6000))
    expect(failed(0)).toEqual([])
  })

  it('hit the same calls and some more when the share grows', () => {
    const many = new Set(failed(0.2))
    const few = failed(0.1)
    expect(few.length).toBeGreaterThan(450)
    expect(few.every((request) => many.has(request))).toBe(true)
  })

  it('come after the work is done', () => {
    const { small, heard } = alone(
      { errors: 1, work: '70ms', calls: { '*': [call('b')] } },
      {},
      {
        services: { a: { errors: 1, work: '70ms', calls: { '*': [call('b')] } }, b: {} },
      },
    )
    small.send().run('1s')
    expect(heard).toMatchObject([{ took: 70, outcome: 'error' }])
    expect(small.result().services['b']!.arrivals).toBe(0)
  })
})

describe('operations', () => {
  const work = {
    read: { kind: 'constant', value: ns('1ms') },
    '*': { kind: 'constant', value: ns('9ms') },
  } as const

  it('have work of their own, or that of *', () => {
    const { small, heard } = alone({ work }, { mix: { read: 0.5, write: 0.5 }, every: 10 })
    small.run('10s')
    expect(new Set(heard.map((each) => `${each.op} ${each.took}`))).toEqual(
      new Set(['read 1', 'write 9']),
    )
  })

  it('have calls of their own, or those of *', () => {
    const small = smallWorld({
      services: { a: { calls: { read: [call('b')], '*': [call('c')] } }, b: {}, c: {} },
      load: { users: { to: 'a', mix: { read: 0.5, write: 0.5 }, every: 100 } },
    })
    const { services } = small.run('10s').result()
    expect(services['b']!.arrivals).toBeGreaterThan(400)
    expect(services['c']!.arrivals).toBeGreaterThan(400)
    expect(services['b']!.arrivals + services['c']!.arrivals).toBe(services['a']!.arrivals)
  })
})

describe('the number of instances', () => {
  it('shrinks by draining: work in hand is finished, nothing new comes', () => {
    const { small, heard, seen } = alone({ instances: 2, work: '1s' }, { every: 10 })
    small.run('5s')
    const before = seen.length
    small.world.service('a').scaleTo(1, 0)
    const drained = small.world.service('a').instances[1]!
    expect(drained).toMatchObject({ listed: false, draining: true, up: true })
    small.run('2s')
    expect(seen.slice(before).every((each) => each.instance === 0)).toBe(true)
    expect(heard.every((each) => each.outcome === 'ok')).toBe(true)
    expect(drained).toMatchObject({ listed: false, draining: false, up: false, busy: 0 })
    expect(small.result().violations).toEqual([])
  })

  it('grows again after a start that takes its time', () => {
    const { small, seen } = alone({ instances: 2 }, { every: 1000 })
    small.run('1s')
    const service = small.world.service('a')
    service.scaleTo(1, 0)
    service.scaleTo(2, ns('3s'))
    expect(service).toMatchObject({ desired: 2, listed: 1 })
    const before = seen.length
    small.run('2.999s')
    expect(seen.slice(before).every((each) => each.instance === 0)).toBe(true)
    small.run('2s')
    expect(service.listed).toBe(2)
    expect(seen.some((each) => each.instance === 1 && each.at >= 4000)).toBe(true)
    expect(seen.some((each) => each.instance === 1 && each.at > 1000 && each.at < 4000)).toBe(false)
  })

  it('counts for utilisation from the moment it changes', () => {
    const { small } = alone({ instances: 2, concurrency: 5, work: '1s' })
    small.run('10s')
    small.world.service('a').scaleTo(1, 0)
    small.send(5).run('10s')
    // Five slot-seconds of ten slots for 10 s and five slots for 10 s.
    expect(small.result().services['a']!.utilisation).toBeCloseTo(5 / 150, 12)
  })

  it('leaves those that drain their slots, so that no more are busy than there are', () => {
    const { small } = alone({ instances: 2, concurrency: 1, work: '8s' })
    small.send(20).run('2s')
    expect(small.world.service('a').instances.map((each) => each.busy)).toEqual([1, 1])
    small.world.service('a').scaleTo(1, 0)
    small.run('4s')
    expect(small.result().services['a']!.utilisation).toBe(1)
  })

  it('of none leaves nobody to reach', () => {
    const { small, heard } = alone({})
    small.world.service('a').scaleTo(0, 0)
    small.send().run('1s')
    expect(heard).toMatchObject([{ took: 0, outcome: 'unreachable' }])
  })
})

describe('random work', () => {
  it('has the mean of its distribution and is drawn per call', () => {
    const { small, heard } = alone(
      { work: exponential('10ms'), concurrency: 1000 },
      { every: 1000 },
    )
    small.run('20s')
    const mean = heard.reduce((sum, each) => sum + each.took, 0) / heard.length
    expect(Math.abs(mean - 10)).toBeLessThan((4 * 10) / Math.sqrt(heard.length))
    expect(new Set(heard.map((each) => each.took)).size).toBeGreaterThan(0.99 * heard.length)
  })
})
