import { describe, expect, it } from 'vitest'
import { component } from '../../../engine/component.ts'
import bulkhead from '../../../engine/patterns/resilience/bulkhead.ts'
import circuitBreaker from '../../../engine/patterns/resilience/circuit-breaker.ts'
import fallback from '../../../engine/patterns/resilience/fallback.ts'
import retry from '../../../engine/patterns/resilience/retry.ts'
import timeout from '../../../engine/patterns/resilience/timeout.ts'
import { HEAT, heatEdge } from '../../../engine/results/frame.ts'
import { bucketWidth, heatRow } from '../../../engine/results/recorder.ts'
import { Run } from '../../../engine/run.ts'
import type { Scenario } from '../../../engine/scenario/scenario.ts'
import { gauge, state } from '../../../engine/signals.ts'
import { MILLISECOND, SECOND } from '../../../engine/units.ts'
import type { Setting } from '../../support/small-world.ts'
import { call, ns, scenarioOf } from '../../support/small-world.ts'

const exponential = (span: string) => ({ '*': { kind: 'exponential', mean: ns(span) } }) as const

/** front -> middle -> back: fails, sheds, times out, breaks, falls back; arrivals stop so that it drains. */
const busy: Setting = {
  services: {
    front: {
      concurrency: 20,
      queue: 10,
      work: exponential('2ms'),
      errors: 0.02,
      calls: { '*': [call('middle')] },
    },
    middle: {
      instances: 2,
      concurrency: 4,
      queue: 20,
      work: exponential('5ms'),
      errors: 0.02,
      calls: { '*': [call('back')] },
    },
    back: { concurrency: 3, queue: 2, work: exponential('4ms'), errors: 0.05 },
  },
  load: { users: { to: 'front', rate: 300, timeout: ns('1s'), until: ns('9s') } },
  latency: '0.5ms',
  patterns: {
    less: { use: fallback, where: ['front -> middle'], fallbackOn: ['error'] },
    breaker: { use: circuitBreaker, where: ['middle -> back'], waitDurationInOpenState: '1s' },
    again: {
      use: retry,
      where: ['middle -> back'],
      backoff: { ...retry.params.backoff.initial, base: ns('20ms') },
    },
    limit: { use: timeout, where: ['middle -> back'], timeout: '12ms' },
    share: { use: bulkhead, where: ['users -> front'] },
  },
  faults: [{ verb: 'slow', target: 'back', at: ns('4s'), for: ns('2s'), by: 6 }],
  duration: '12s',
}
const catalogue = new Map(
  [bulkhead, circuitBreaker, fallback, retry, timeout].map((each) => [each.name, each] as const),
)

/** A recorded run: its result, and its columns by `scope name metric`. */
function recorded(scenario: Scenario, slices: readonly number[] = [Infinity], recording = true) {
  const run = new Run(scenario, { variant: 'x', seed: '3', recording, catalogue })
  const layout = run.layout()
  const columns = layout.columns.map(() => [] as number[])
  const transitions: number[] = []
  const take = (finished: boolean) => {
    const { values, from, to, transitions: log } = run.frame(finished)
    columns.forEach((column, at) =>
      column.push(...values.subarray(at * (to - from), (at + 1) * (to - from))),
    )
    transitions.push(...log)
  }
  for (let n = 0; !run.advance(slices[n % slices.length]!); n++) take(false)
  take(true)
  const named = new Map(
    layout.columns.map(({ scope, name, metric }, at) => [
      `${scope} ${name} ${metric}`,
      columns[at]!,
    ]),
  )
  const of = (name: string) => named.get(name)!
  return { result: run.result(), world: run.built.world, layout, of, named, transitions }
}
const sum = (list: readonly number[]) => list.reduce((total, x) => total + x, 0)
const scenario = scenarioOf(busy)
const full = recorded(scenario)

describe('columns', () => {
  it('have something to add up: the world fails, sheds, refuses, degrades and wastes', () => {
    const { totals } = full.world
    for (const [outcome, count] of Object.entries(totals.ends))
      expect([outcome, count > 10, count]).toEqual([outcome, true, count])
    expect(full.result.violations).toEqual([])
  })

  it('of the users add up to their totals', () => {
    const { offered, ok, degraded, refused, failed } = full.world.totals.ends
    const { of } = full
    expect(sum(of('total  offered'))).toBe(offered)
    expect(sum(of('total  ok')) + sum(of('total  slow'))).toBe(ok)
    expect(sum(of('total  degraded'))).toBe(degraded)
    expect(sum(of('total  refused'))).toBe(refused)
    expect(sum(of('total  failed'))).toBe(failed)
  })

  it('of work add up to the work of all services, in time', () => {
    const { of, result } = full
    expect(sum(of('total  work'))).toBeGreaterThan(0)
    expect(sum(of('total  wasted')) / sum(of('total  work'))).toBeGreaterThan(0.01)
    // Slots of back and middle that are held while waiting are not at work.
    const back = result.services['back']!.utilisation * 3 * 12 * SECOND
    expect(sum(of('total  work'))).toBeGreaterThan(back)
  })

  it('of each service add up to its totals', () => {
    for (const [name, summary] of Object.entries(full.result.services)) {
      const total = (metric: string) => sum(full.of(`service ${name} ${metric}`))
      expect(total('arrivals')).toBe(summary.arrivals)
      expect(total('ok')).toBe(summary.ok)
      expect(total('degraded')).toBe(summary.degraded)
      expect(total('failed')).toBe(summary.failed)
      expect(total('refused')).toBe(summary.failedFast)
      expect(total('overload')).toBe(summary.overload)
      expect(total('wasted')).toBe(summary.wasted)
    }
  })

  it('of each edge add up to its totals', () => {
    for (const [name, summary] of Object.entries(full.result.edges)) {
      const total = (metric: string) => sum(full.of(`edge ${name} ${metric}`))
      expect(total('calls')).toBe(summary.calls)
      expect(total('attempts')).toBe(summary.attempts)
      expect(total('retries')).toBe(summary.retries)
      // Degraded answers are answers.
      expect(total('ok')).toBe(summary.ok + summary.degraded)
      expect(total('failed')).toBe(summary.failed)
      expect(total('refused')).toBe(summary.failedFast)
      expect(total('timeouts')).toBe(summary.timeouts)
      expect(total('late')).toBe(summary.late)
    }
  })

  it('of counters add up to their totals', () => {
    for (const [path, signals] of Object.entries(full.result.signals)) {
      for (const [name, { value }] of Object.entries(signals)) {
        const info = full.layout.columns.find((each) => each.name === path && each.metric === name)
        if (info?.kind === 'count') expect(sum(full.of(`signal ${path} ${name}`))).toBe(value)
      }
    }
    expect(full.result.signals['again@middle -> back#0']!['retries']!.value).toBeGreaterThan(10)
  })

  it('of the heat map add up to all requests, by outcome', () => {
    const { ok, degraded, refused, failed } = full.world.totals.ends
    const heat = (outcome: string) =>
      sum(Array.from({ length: HEAT.rows }, (_, row) => sum(full.of(`heat ${outcome} ${row}`))))
    expect(heat('served')).toBe(ok + degraded)
    expect(heat('refused')).toBe(refused)
    expect(heat('failed')).toBe(failed)
  })

  it('are the series of the result', () => {
    for (const [name, series] of Object.entries(full.result.series))
      expect(series).toEqual(full.of(`total  ${name}`))
    expect(full.result.bucketMs).toBe(full.layout.bucket / MILLISECOND)
  })

  it('are none without recording, which changes nothing else', () => {
    const { result, layout } = recorded(scenario, [Infinity], false)
    expect(layout.buckets).toBe(0)
    expect({ ...result, series: {} }).toEqual({ ...full.result, series: {} })
    for (const series of Object.values(result.series)) expect(series).toEqual([])
  })

  it.each([[[1]], [[997]], [[1, 5000, 3]]])('are the same in frames of %j events', (slices) => {
    const short = { ...scenario, duration: 2 * SECOND }
    const pieces = recorded(short, slices)
    const whole = recorded(short)
    expect(pieces.named).toEqual(whole.named)
    expect(pieces.transitions).toEqual(whole.transitions)
    expect(pieces.result).toEqual(whole.result)
  })

  it('hold as many values as there are buckets', () => {
    expect(full.layout.buckets).toBe(1200)
    for (const column of full.named.values()) expect(column.length).toBe(1200)
  })
})

describe('levels', () => {
  it('are means over time: together they make the utilisation and the mean queue', () => {
    for (const [name, { utilisation, meanQueue }] of Object.entries(full.result.services)) {
      const mean = (metric: string) => sum(full.of(`service ${name} ${metric}`)) / 1200
      expect(mean('busy') / mean('slots')).toBeCloseTo(utilisation, 6)
      expect(mean('queue')).toBeCloseTo(meanQueue, 5)
    }
  })

  it('are never above their maximum, nor that above what there is', () => {
    const slots = { front: 20, middle: 8, back: 3 }
    const queues = { front: 10, middle: 40, back: 2 }
    for (const name of ['front', 'middle', 'back'] as const) {
      const column = (metric: string) => full.of(`service ${name} ${metric}`)
      for (let bucket = 0; bucket < 1200; bucket++) {
        expect(column('busy')[bucket]).toBeLessThanOrEqual(column('busyMax')[bucket]! + 1e-6)
        expect(column('queue')[bucket]).toBeLessThanOrEqual(column('queueMax')[bucket]! + 1e-6)
      }
      expect(Math.max(...column('busyMax'))).toBeLessThanOrEqual(slots[name])
      expect(Math.max(...column('queueMax'))).toBeLessThanOrEqual(queues[name])
      expect(new Set(column('slots'))).toEqual(new Set([slots[name]]))
    }
    expect(Math.max(...full.of('service back queueMax'))).toBe(2)
  })

  it('of requests under way follow from offers and ends', () => {
    const { of } = full
    let open = 0
    for (let bucket = 0; bucket < 1200; bucket++) {
      open += of('total  offered')[bucket]!
      for (const outcome of ['ok', 'slow', 'degraded', 'refused', 'failed'])
        open -= of(`total  ${outcome}`)[bucket]!
      expect(of('total  waiting')[bucket]).toBe(open)
    }
    expect(open).toBe(full.result.requests.unfinished)
  })

  it('of a gauge stay until it is set anew', () => {
    const meter = component({
      name: 'meter',
      family: 'style',
      at: ['server'],
      about: '',
      source: '',
      tradeOff: '',
      order: 0,
      params: {},
      signals: { level: gauge(''), mood: state(['low', 'high'], '') },
      create: ({ signals }) => ({
        onCall(asked) {
          signals.level.set(asked.request + 5)
          signals.mood.enter(asked.request === 1 ? 'high' : 'low')
          return asked.pass()
        },
      }),
    })
    const small = scenarioOf({
      services: { a: {} },
      load: { users: { to: 'a', times: [0.1, 0.45, 0.9] } },
      patterns: { meter: { use: meter, where: ['a'] } },
      duration: '1.2s',
    })
    const run = new Run(small, {
      variant: 'x',
      seed: '1',
      recording: true,
      catalogue: new Map([[meter.name, meter]]),
    })
    run.finish()
    const at = run
      .layout()
      .columns.findIndex((each) => each.metric === 'level' && each.scope === 'signal')
    const { values, transitions, to } = run.frame(true)
    expect(to).toBe(1200)
    const level = (bucket: number) => values[at * to + bucket]
    expect([0, 99, 100, 449, 450, 899, 900, 1199].map(level)).toEqual([0, 0, 5, 5, 6, 6, 7, 7])
    expect([...transitions]).toEqual([0.45e9, 0, 1, 0.9e9, 0, 0])
  })
})

describe('the ends of a run', () => {
  const steady = (duration: string, more: Partial<Setting> = {}) =>
    recorded(
      scenarioOf({
        services: { a: { work: '1000s', concurrency: 1 } },
        load: { users: { to: 'a', times: [0, 0.5] } },
        duration,
        ...more,
      }),
    )

  it('may be a shorter bucket: levels are means over what there is of it', () => {
    const { of, layout } = steady('1207ms')
    expect([layout.bucket, layout.buckets]).toEqual([2 * MILLISECOND, 604])
    expect(of('service a busy').at(-1)).toBe(1)
    expect(of('service a queue').at(-1)).toBe(1)
    expect(of('service a slots').at(-1)).toBe(1)
    expect(of('service a queue').slice(249, 251)).toEqual([0, 1])
  })

  it('has in its last bucket what happens at the very end', () => {
    const { of, result } = steady('1.2s', { load: { users: { to: 'a', times: [0, 1.199, 1.2] } } })
    expect(result.requests.offered).toBe(3)
    expect(of('total  offered').at(-1)).toBe(2)
    expect(of('total  waiting').at(-1)).toBe(3)
  })

  it('by a budget keeps what is known so far', () => {
    const stopped = recorded({ ...scenario, budget: { events: 5000, memory: 1e9 } })
    expect(stopped.result.stopped).toMatch(/^events/)
    const { offered, ok } = stopped.world.totals.ends
    expect(sum(stopped.of('total  offered'))).toBe(offered)
    expect(sum(stopped.of('total  ok')) + sum(stopped.of('total  slow'))).toBe(ok)
    expect(stopped.named.get('service back arrivals')!.length).toBe(1200)
    // Asked once more, it says the same.
    expect(recorded({ ...scenario, budget: { events: 5000, memory: 1e9 } }, [100]).named).toEqual(
      stopped.named,
    )
  })

  it('within the warm-up has no means yet', () => {
    const { result } = recorded({
      ...scenario,
      warmup: 5 * SECOND,
      budget: { events: 3000, memory: 1e9 },
    })
    expect(result.services['back']).toMatchObject({ utilisation: 0, meanQueue: 0, meanInSystem: 0 })
    expect(result.requests).toMatchObject({ offered: 0, unfinished: 0 })
    expect(result.violations).toEqual([])
  })
})

describe('the warm-up', () => {
  it('leaves out requests that arrived in it, whenever they ended, and time before its end', () => {
    const small = scenarioOf({
      services: { a: { work: '1s', concurrency: 1 } },
      load: { users: { to: 'a', times: [1, 1.1, 3.5] } },
      duration: '6s',
    })
    const { result } = recorded({ ...small, warmup: 2.5 * SECOND })
    // The second is served from 2 to 3: in the warm-up it only counts as time.
    expect(result.requests).toMatchObject({ offered: 1, ok: 1 })
    expect(result.latencyMs).toMatchObject({ count: 1, max: 1000 })
    expect(result.services['a']).toMatchObject({
      utilisation: 1.5 / 3.5,
      meanQueue: 0,
      meanInSystem: 1.5 / 3.5,
      ok: 3,
    })
    expect(result.services['a']!.waitMs.count).toBe(1)
  })

  it('does not depend on buckets: jumping far beyond it gives the same means', () => {
    const small = scenarioOf({
      services: { a: { work: '1000s', concurrency: 1 } },
      load: { users: { to: 'a', times: [0.0005] } },
      duration: '1200s',
    })
    for (const recording of [true, false]) {
      const { result } = recorded({ ...small, warmup: 100.5 * SECOND }, [Infinity], recording)
      expect(result.services['a']!.utilisation).toBeCloseTo((1000.0005 - 100.5) / 1099.5, 12)
      expect(result.services['a']!.meanInSystem).toBeCloseTo((1000.0005 - 100.5) / 1099.5, 12)
    }
  })
})

describe('slow requests', () => {
  it('are those that took longer than the objective', () => {
    const small = scenarioOf({
      services: { a: { work: '1s', concurrency: 1 } },
      load: { users: { to: 'a', times: [0, 0.5] } },
      duration: '6s',
    })
    const { of, result } = recorded({ ...small, objective: { served: undefined, p99: SECOND } })
    expect([sum(of('total  ok')), sum(of('total  slow'))]).toEqual([1, 1])
    expect(result.requests.ok).toBe(2)
  })
})

describe('a bucket', () => {
  it.each([
    ['1ms', '1ms'],
    ['1.2s', '1ms'],
    ['1201ms', '2ms'],
    ['120s', '100ms'],
    ['121s', '200ms'],
    ['1h', '5s'],
    ['20000s', '20s'],
    ['30d', '3000s'],
  ])('of a run of %s is about a 1,200th of it', (duration, width) => {
    const found = bucketWidth(ns(duration))
    expect(found * 1200).toBeGreaterThanOrEqual(ns(duration))
    if (width !== '3000s') expect(found).toBe(ns(width))
  })

  it('of the heat map holds the latencies from its edge to the next', () => {
    for (let row = 1; row < HEAT.rows; row++) {
      expect(heatRow(heatEdge(row))).toBe(row)
      expect(heatRow(heatEdge(row) - 1)).toBe(row - 1)
    }
    expect([0, 1, 8191, 1e15].map(heatRow)).toEqual([0, 0, 0, HEAT.rows - 1])
  })
})
