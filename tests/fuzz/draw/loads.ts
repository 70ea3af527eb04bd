/** Users of every kind: open loads of all arrival processes, closed ones, with all that makes requests differ. */
import fc from 'fast-check'
import { SECOND } from '../../../engine/units.ts'
import { chosen, mostly, oneOf, percent, type Pen, perSecond } from './draws.ts'
import type { DistributionDraw } from './distributions.ts'
import { distribution, sizes, writtenSizes, writtenTimes } from './distributions.ts'
import { AREAS, OPERATIONS, serviceName } from './services.ts'

/** A load before it is written. */
export interface LoadDraw {
  readonly kind: number
  /** Requests that come while the run lasts, roughly. */
  readonly requests: number
  readonly to: number
  readonly users: number
  readonly think: DistributionDraw | undefined
  readonly gap: DistributionDraw
  readonly mix: readonly number[]
  readonly timeout: number
  readonly keys: readonly [kind: string, items: number]
  readonly tenants: boolean
  readonly priorities: boolean
  readonly bytes: DistributionDraw | undefined
  /** Shares of the run. */
  readonly from: number
  readonly until: number
  readonly atMost: number
  readonly zone: string
}

const load: fc.Arbitrary<LoadDraw> = fc.record({
  kind: mostly(0, [1, 2, 3, 4, 5, 6, 7, 8, 9], 7),
  requests: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 20, max: 150 })),
  to: mostly(0, [1, 2, 3], 2),
  users: fc.integer({ min: 1, max: 8 }),
  think: fc.option(distribution, { nil: undefined, freq: 8 }),
  gap: distribution,
  mix: oneOf([[], [0.5, 0.5], [0.2, 0.3, 0.5]]),
  timeout: mostly(Infinity, [0.02, 0.1, 0.5], 6),
  keys: oneOf<readonly [string, number]>([
    ['uniform', 1000],
    ['uniform', 1],
    ['uniform', 3],
    ['zipf', 20],
  ]),
  tenants: mostly(false, [true]),
  priorities: mostly(false, [true]),
  bytes: fc.option(sizes, { nil: undefined, freq: 2 }),
  from: mostly(0, [0.1, 0.3], 2),
  until: mostly(1, [0.4, 0.7], 5),
  atMost: mostly(0, [1, 5, 20], 2),
  zone: mostly('', AREAS, 2),
})

/** One load, or a few. */
export const loads: fc.Arbitrary<LoadDraw[]> = fc.array(load, { minLength: 1, maxLength: 3 })

/** Name of the n-th load. */
export const loadName = (index: number): string => `u${index}`

/** How long the run is, what there is to call, and a pen. */
export interface Frame {
  readonly duration: number
  readonly services: number
  readonly pen: Pen
}

/** The section `load`. */
export function writtenLoads(draws: readonly LoadDraw[], frame: Frame): Record<string, object> {
  return Object.fromEntries(draws.map((draw, index) => [loadName(index), writtenLoad(draw, frame)]))
}

function writtenLoad(draw: LoadDraw, { duration, services, pen }: Frame): object {
  const { timeout, keys, bytes, from, until, atMost, zone, mix } = draw
  const part = (of: number): string => pen.span(Math.round(of * duration))
  return {
    to: serviceName(draw.to % services),
    ...comings(draw, duration, pen),
    ...(mix.length > 0 ? { mix: mixOf(mix) } : {}),
    ...(timeout === Infinity ? {} : { timeout: part(timeout) }),
    keys: keys[0] === 'zipf' ? `zipf(${keys[1]} 1.1)` : `uniform(${keys[1]})`,
    ...(draw.tenants ? { tenants: { small: '70%', big: { share: '30%', work: 2.5 } } } : {}),
    ...(draw.priorities ? { priorities: ['30%', '70%'] } : {}),
    ...(bytes ? { bytes: writtenSizes(bytes) } : {}),
    ...(from > 0 ? { from: part(from) } : {}),
    ...(until < 1 ? { until: part(until) } : {}),
    ...(atMost > 0 ? { requests: atMost } : {}),
    ...(zone === '' ? {} : { zone }),
  }
}

/** Names of the loads whose arrivals have a rate. */
export function withRate(written: Readonly<Record<string, object>>): string[] {
  const isRate = (load: { arrivals?: string }): boolean =>
    load.arrivals !== undefined && !load.arrivals.startsWith('trace')
  return Object.keys(written).filter((name) => isRate(written[name]!))
}

function mixOf(shares: readonly number[]): Record<string, string> {
  return Object.fromEntries(shares.map((one, at) => [OPERATIONS[at], percent(one)]))
}

function comings(draw: LoadDraw, duration: number, pen: Pen): object {
  const { kind, users, think } = draw
  if (kind >= 8) {
    // Users who never think may make time stand still: the budget of an instant has to stop them.
    return { users, ...(think ? { think: writtenTimes(think, pen) } : {}) }
  }
  return { arrivals: ARRIVALS[kind]!(draw, duration, pen) }
}

type Write = (draw: LoadDraw, duration: number, pen: Pen) => string

const rateOf = ({ requests }: LoadDraw, duration: number): number => (requests * SECOND) / duration

const ARRIVALS: readonly Write[] = [
  (draw, duration) => `poisson(${perSecond(rateOf(draw, duration))})`,
  (draw, duration) => `constant(${perSecond(rateOf(draw, duration))})`,
  (draw, duration, pen) => {
    const rate = rateOf(draw, duration)
    return `ramp(${perSecond(rate / 4)} ${perSecond(rate * 2)} ${pen.span(duration / 2)})`
  },
  (draw, duration, pen) => {
    const rate = rateOf(draw, duration)
    const [at, span] = [pen.span(duration / 4), pen.span(duration / 10)]
    return `spike(${perSecond(rate / 2)} ${perSecond(rate * 4)} ${at} ${span})`
  },
  (draw, duration, pen) => {
    const rate = rateOf(draw, duration)
    return `diurnal(${perSecond(rate)} ${perSecond(rate * 0.9)} ${pen.span(duration / 3)})`
  },
  (draw, duration, pen) => {
    const rate = rateOf(draw, duration)
    const [quiet, busy] = [pen.span(duration / 6), pen.span(duration / 12)]
    return `bursty(${perSecond(rate / 4)} ${perSecond(rate * 2)} ${quiet} ${busy})`
  },
  ({ requests }, duration, pen) => {
    // Several at one moment, too.
    const moments = Array.from({ length: Math.min(requests, 12) }, (_, n) => n * (n % 3))
    const sorted = moments.toSorted((a, b) => a - b)
    return `trace(${sorted.map((n) => pen.span(Math.round((n * duration) / 24))).join(' ')})`
  },
  (draw, duration, pen) => {
    const mean = duration / draw.requests
    return `gaps(${writtenTimes({ ...draw.gap, mean }, pen)})`
  },
]

/** The edges of all loads, as the file has them. */
export function loadEdges(draws: readonly LoadDraw[], services: number): string[] {
  return draws.map(({ to }, index) => `${loadName(index)} -> ${serviceName(to % services)}`)
}

/** The load that a choice means. */
export function loadOf(draws: readonly LoadDraw[], which: number): string {
  return chosen(
    draws.map((_, index) => loadName(index)),
    which,
  )!
}
