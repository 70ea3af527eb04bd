/** Every pattern of the catalogue, wherever it can sit: inert equals absent, calls are conserved, nothing is left pending. */
import { describe, expect, it } from 'vitest'
import type { AnyComponent, Place } from '../../../engine/component.ts'
import { patterns } from '../../../engine/patterns/index.ts'
import { footprint } from '../../../engine/core/footprint.ts'
import { defaultsOf, inertValues, type Params } from '../../../engine/params.ts'
import type { VariantResult } from '../../../engine/results/result.ts'
import { Run } from '../../../engine/run.ts'
import type { Attachment, Scenario } from '../../../engine/scenario/scenario.ts'
import { MILLISECOND, SECOND } from '../../../engine/units.ts'
import { PLAIN_LOAD, PLAIN_SCENARIO, PLAIN_SERVICE } from '../../support/alone.ts'

const call = (to: string) =>
  ({ kind: 'call', to, op: undefined, required: true, times: 1 }) as const
const exponential = (mean: number) => ({ kind: 'exponential', mean: mean * MILLISECOND }) as const
const latency = {
  latency: exponential(0.5),
  loss: 0,
  duplicate: 0,
  bandwidth: Infinity,
  fifo: false,
}

/** front -> middle (two instances) -> back, with errors, a full queue now and then and a slow stretch; arrivals stop, so that it drains. */
const busy: Scenario = {
  ...PLAIN_SCENARIO,
  name: 'busy',
  // Not a whole number of seconds, so that no periodic message is on its way at the end.
  duration: 60.7 * SECOND,
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
      instances: 2,
      concurrency: 4,
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
  links: { default: latency },
  load: {
    users: {
      ...PLAIN_LOAD,
      to: 'front',
      arrivals: { kind: 'poisson', rate: 300 },
      keys: { kind: 'zipf', items: 50, exponent: 1 },
      timeout: SECOND,
      until: 20 * SECOND,
    },
  },
  faults: [
    {
      verb: 'slow',
      target: 'back',
      at: 8 * SECOND,
      for: 4 * SECOND,
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

function run(attachments: Attachment[], seed = '3'): VariantResult {
  const scenario = { ...busy, patterns: attachments }
  return new Run(scenario, { variant: 'x', seed, recording: false, catalogue: patterns }).finish()
}

/** Values that name services get real ones. */
function attached(component: AnyComponent, place: Place, over: object): Attachment {
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
    values: { ...values, ...over },
  }
}

/** Every number that a component takes at its most, one at a time, under each of its choices. */
function generous(params: Params): [knob: string, values: Record<string, unknown>][] {
  const choices = Object.entries(params).flatMap(([name, { choices: all = [] }]) =>
    all.map((choice) => ({ [name]: choice })),
  )
  return mosts(params).flatMap(([knob, value]) =>
    [{}, ...choices].map((choice): [string, Record<string, unknown>] => [
      `${knob} ${JSON.stringify(choice)}`,
      { ...choice, ...value },
    ]),
  )
}

function mosts(params: Params): [knob: string, value: Record<string, unknown>][] {
  return Object.entries(params).flatMap(([name, { kind, max, members, initial }]) => {
    if (kind === 'group')
      return mosts(members!).map(([inner, value]): [string, Record<string, unknown>] => [
        `${name}.${inner}`,
        { [name]: { ...(initial as object), ...value } },
      ])
    return kind === 'count' || kind === 'number' ? [[name, { [name]: max }]] : []
  })
}

/** Bytes that each unit remembers at the end; none where the values cannot be had together. */
function heldBy(scenario: Scenario): number[] {
  const [{ use, values }] = scenario.patterns as [Attachment]
  if ((patterns.get(use)!.check?.(values as never) ?? []).length > 0) return []
  const one = new Run(scenario, { variant: 'x', seed: '3', recording: false, catalogue: patterns })
  one.finish()
  return one.built.world.units.map(({ memory }) => footprint(memory))
}

const absent = run([])
const rows = [...patterns.values()].flatMap((component) =>
  component.at.map((place) => [component.name, place, component] as const),
)

describe('a pattern of the catalogue', () => {
  it('has something to act on: the world it is tried in fails, sheds and times out', () => {
    expect(absent.requests.failed).toBeGreaterThan(50)
    expect(absent.services['back']!.overload).toBeGreaterThan(50)
    expect(absent.violations).toEqual([])
  })

  it.each(rows)(
    '%s at %s: inert equals absent on the outcome digest',
    (_name, place, component) => {
      if (component.inert === undefined) return
      const inert = run([attached(component, place, inertValues(component))])
      expect(inert.outcomeDigest).toBe(absent.outcomeDigest)
      expect(inert.requests).toEqual(absent.requests)
    },
  )

  it.each(rows)(
    '%s at %s: conserves every call and leaves nothing pending but named periodic timers',
    (_name, place, component) => {
      const on = run([attached(component, place, {})])
      expect(on.violations).toEqual([])
      expect(on.requests.unfinished).toBe(0)
      expect(on.pending.other).toBe(0)
    },
  )

  it.each(rows)(
    '%s at %s: allowed the most of anything, holds memory only for what has come',
    (_name, place, component) => {
      for (const [knob, values] of generous(component.params as Params)) {
        const patterns = [attached(component, place, values)]
        expect([knob, Math.max(0, ...heldBy({ ...busy, duration: SECOND / 5, patterns }))]).toEqual(
          [knob, expect.toSatisfy((bytes: number) => bytes < 1e6)],
        )
      }
    },
  )

  it.each(rows)('%s at %s: says what it is, gives and costs', (_name, _place, component) => {
    for (const text of [component.about, component.source, component.tradeOff])
      expect(text.length).toBeGreaterThan(3)
    for (const param of Object.values(component.params as Record<string, { help: string }>))
      expect(param.help).toMatch(/\w{3}/)
    for (const signal of Object.values(component.signals as Record<string, { help: string }>))
      expect(signal.help).toMatch(/\w{3}/)
    expect(component.tradeOff).toContain(' vs ')
  })
})
