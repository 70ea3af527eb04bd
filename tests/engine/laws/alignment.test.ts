/** The same shopper meets the same dice in both worlds: switching a pattern changes no draw but its own. */
import { describe, expect, it } from 'vitest'
import type { AnyComponent, Place } from '../../../engine/component.ts'
import type { Key } from '../../../engine/core/random.ts'
import { Dice } from '../../../engine/core/random.ts'
import { CLIENT, VISIT } from '../../../engine/model/call-frame.ts'
import type { CallFrame } from '../../../engine/model/call-frame.ts'
import { World } from '../../../engine/model/world.ts'
import { defaultsOf } from '../../../engine/params.ts'
import { patterns } from '../../../engine/patterns/index.ts'
import type { VariantResult } from '../../../engine/results/result.ts'
import { Run } from '../../../engine/run.ts'
import type { Attachment, FaultSpec, Scenario } from '../../../engine/scenario/scenario.ts'
import { MILLISECOND, SECOND } from '../../../engine/units.ts'
import { PLAIN_LOAD, PLAIN_SCENARIO, PLAIN_SERVICE } from '../../support/alone.ts'

const call = (to: string) =>
  ({ kind: 'call', to, op: undefined, required: true, times: 1 }) as const
const exponential = (mean: number) => ({ kind: 'exponential', mean: mean * MILLISECOND }) as const

/** front -> middle (three instances) -> back: errs, sheds, is slow for a while. */
const plain: Scenario = {
  ...PLAIN_SCENARIO,
  duration: 5 * SECOND,
  services: {
    front: {
      ...PLAIN_SERVICE,
      concurrency: 20,
      queue: 10,
      work: { '*': exponential(2) },
      calls: { '*': [call('middle')] },
    },
    middle: {
      ...PLAIN_SERVICE,
      instances: 3,
      concurrency: 3,
      queue: 20,
      work: { '*': exponential(5) },
      errors: 0.02,
      calls: { '*': [call('back')] },
    },
    back: {
      ...PLAIN_SERVICE,
      concurrency: 3,
      queue: 2,
      work: { '*': exponential(4) },
      errors: 0.05,
    },
    aside: { ...PLAIN_SERVICE, concurrency: 3, queue: 5, work: { '*': exponential(1) } },
  },
  links: {
    default: {
      latency: exponential(0.5),
      loss: 0,
      duplicate: 0.01,
      bandwidth: Infinity,
      fifo: false,
    },
  },
  load: {
    users: {
      ...PLAIN_LOAD,
      to: 'front',
      arrivals: { kind: 'poisson', rate: 200 },
      mix: { look: 0.8, buy: 0.2 },
      keys: { kind: 'zipf', items: 50, exponent: 1 },
      tenants: [
        { name: 'a', share: 0.5, work: 1 },
        { name: 'b', share: 0.5, work: 1 },
      ],
      priorities: [0.2, 0.8],
      bytes: exponential(1),
      timeout: SECOND,
      until: 3 * SECOND,
    },
  },
  faults: [
    {
      verb: 'slow',
      target: 'back',
      at: SECOND,
      for: SECOND,
      by: 4,
      mtbf: undefined,
      mttr: undefined,
      options: {},
    },
  ],
}

const SELECTOR: Record<Place, string> = {
  client: 'front -> middle',
  router: 'front -> middle',
  server: 'middle',
  controller: 'middle',
}

/** Values that name services get real ones. */
function attached(component: AnyComponent, place: Place): Attachment {
  const values: Record<string, unknown> = { ...defaultsOf(component.params) }
  for (const [name, param] of Object.entries(
    component.params as Record<string, { kind: string }>,
  )) {
    if (param.kind === 'service') values[name] = 'aside'
    if (param.kind === 'services') values[name] = ['aside']
  }
  return {
    id: 'subject',
    use: component.name,
    where: [{ selector: SELECTOR[place], values: {} }],
    values,
  }
}
const rows = [...patterns.values()].flatMap((component) =>
  component.at.map((place) => [component.name, place, component] as const),
)

/** Every draw that was made, by purpose, then by its counter words; and what each purpose's key is called. */
const draws = new Map<string, Map<string, number>>()
const names = new Map<string, string>()
const uniform = Dice.prototype.uniform
const keyFor = World.prototype.keyFor
const idOf = ({ k0, k1 }: Key) => `${k0} ${k1}`

/** Runs something while every draw is noted. */
function noting<T>(action: () => T): T {
  draws.clear()
  names.clear()
  Dice.prototype.uniform = function (c0, c1) {
    const u = uniform.call(this, c0, c1)
    const id = idOf(this.key)
    let own = draws.get(id)
    if (own === undefined) draws.set(id, (own = new Map()))
    own.set(`${c0} ${c1}`, u)
    return u
  }
  World.prototype.keyFor = function (path, purpose) {
    const key = keyFor.call(this, path, purpose)
    names.set(idOf(key), `${path} / ${purpose}`)
    return key
  }
  try {
    return action()
  } finally {
    Dice.prototype.uniform = uniform
    World.prototype.keyFor = keyFor
  }
}

/** One first attempt, all the way down from the user: where it went, how long it travels and works. */
interface First {
  readonly instance: number
  readonly work: number
  readonly request: number
}
interface Watched {
  readonly result: VariantResult
  readonly draws: ReadonlyMap<string, ReadonlyMap<string, number>>
  readonly firsts: ReadonlyMap<string, First>
}

function watch(scenario: Scenario): Watched {
  return noting(() => watched(scenario))
}
function watched(scenario: Scenario): Watched {
  const run = new Run(scenario, { variant: 'x', seed: '5', recording: false, catalogue: patterns })
  const { world } = run.built
  const firsts = new Map<string, First>()
  world.tracer = {
    mark(station, frame) {
      if (station !== 'send' || frame.side !== VISIT || !isFirst(frame)) return
      const { request, instance, edge } = frame
      const work = instance!.home.workOf(frame)
      firsts.set(`${request} ${edge!.name}`, { request, instance: instance!.index, work })
    },
  }
  const result = run.finish()
  const named = [...draws].map(([id, own]) => [names.get(id) ?? id, new Map(own)] as const)
  return { result, draws: new Map(named), firsts }
}

/** Whether a visit and everything above it is the first attempt. */
function isFirst(visit: CallFrame): boolean {
  const { frames } = visit.world
  for (let at = visit; ; at = frames[at.parent]!) {
    if (at.attempt !== 1) return false
    if (at.side === CLIENT && at.load !== null) return true
    if (at.parent < 0) return false
  }
}

const off = watch(plain)
const LOAD = ['gap', 'operation', 'key', 'tenant', 'priority', 'bytes'].map(
  (purpose) => `load users / ${purpose}`,
)

describe('a pattern switched on', () => {
  it('is compared with a world that draws for every purpose', () => {
    const { draws: made, firsts, result } = off
    for (const purpose of [
      ...LOAD,
      'back / work',
      'back / error',
      'front -> middle / pick',
      'link front -> middle / request',
      'link front -> middle / duplicate',
    ]) {
      expect([purpose, (made.get(purpose)?.size ?? 0) > 300]).toEqual([purpose, true])
    }
    expect(firsts.size).toBeGreaterThan(1200)
    expect(result.requests.failed).toBeGreaterThan(50)
  })

  it.each(rows)(
    '%s at %s leaves all dice of the load, and the work of every first attempt made in both worlds',
    (_name, place, component) => {
      const on = watch({ ...plain, patterns: [attached(component, place)] })
      for (const purpose of LOAD) expect(on.draws.get(purpose)).toEqual(off.draws.get(purpose))
      expect(on.result.requests.offered).toBe(off.result.requests.offered)
      // Its own draws have keys of their own.
      for (const purpose of on.draws.keys())
        if (!off.draws.has(purpose)) expect(purpose).toMatch(/subject@|aside|middle -> /)
      const both = [...on.firsts].filter(([id]) => off.firsts.has(id))
      // A request always comes to the front; whether it gets further is for the pattern and the queues to say.
      expect(both.length).toBeGreaterThanOrEqual(off.result.requests.offered)
      for (const [id, { work, instance }] of both) {
        expect([id, work]).toEqual([id, off.firsts.get(id)!.work])
        if (place !== 'router' && component.name !== 'autoscaler')
          expect([id, instance]).toEqual([id, off.firsts.get(id)!.instance])
      }
    },
  )
})

describe('users of another service', () => {
  const crowd = {
    ...PLAIN_LOAD,
    to: 'elsewhere',
    arrivals: { kind: 'poisson', rate: 150 } as const,
    timeout: SECOND,
  }
  const elsewhere = { ...PLAIN_SERVICE, concurrency: 2, queue: 5, work: { '*': exponential(10) } }
  const crash = {
    verb: 'crash',
    target: 'middle#1',
    at: 2 * SECOND,
    for: SECOND / 2,
    by: 1,
    mtbf: undefined,
    mttr: undefined,
    options: {},
  } satisfies FaultSpec

  it.each(rows)('change nothing for those of %s at %s', (_name, place, component) => {
    const scenario: Scenario = {
      ...plain,
      patterns: [attached(component, place)],
      faults: [...plain.faults, crash],
    }
    const run = (it: Scenario) =>
      new Run(it, { variant: 'x', seed: '5', recording: false, catalogue: patterns }).finish()
    const alone = run(scenario)
    const beside = run({
      ...scenario,
      services: { elsewhere, ...scenario.services },
      load: { crowd, ...scenario.load },
    })
    const { elsewhere: own, ...services } = beside.services
    expect(own!.arrivals).toBeGreaterThan(500)
    expect(services).toEqual(alone.services)
    expect(beside.edges['users -> front']).toEqual(alone.edges['users -> front'])
    expect(beside.signals).toEqual(alone.signals)
  })
})
