/** Services and whom they call: always a service further down the list, so that calls never go in a circle. */
import fc from 'fast-check'
import { QUEUE_DISCIPLINES } from '../../../engine/scenario/scenario.ts'
import { choice, chosen, mostly, oneOf, percent, type Pen } from './draws.ts'
import { distribution, type DistributionDraw, writtenTimes } from './distributions.ts'

interface StepDraw {
  readonly kind: 'call' | 'parallel' | 'choose'
  readonly to: number
  readonly other: number
  readonly op: string
  readonly optional: boolean
  readonly times: number
  readonly need: number
  readonly share: number
}

/** A service before it is written. */
export interface ServiceDraw {
  readonly instances: number
  readonly concurrency: number
  readonly queue: number
  readonly discipline: string
  readonly patience: DistributionDraw | undefined
  readonly slots: string
  readonly work: DistributionDraw
  readonly otherWork: DistributionDraw | undefined
  readonly errors: number
  readonly calls: readonly StepDraw[]
  readonly byOperation: boolean
  readonly zone: string
  readonly region: string
  readonly replyBytes: number
}

/** Operations that loads ask for; services may treat each in its own way. */
export const OPERATIONS = ['read', 'write', 'increment'] as const
/** Zones and regions. */
export const AREAS = ['north', 'south'] as const

const step: fc.Arbitrary<StepDraw> = fc.record({
  kind: mostly<StepDraw['kind']>('call', ['parallel', 'choose'], 4),
  to: choice,
  other: choice,
  op: mostly('', OPERATIONS, 2),
  optional: mostly(false, [true], 2),
  times: mostly(1, [2, 3, 5], 2),
  need: oneOf([0, 1, 2]),
  // Never one half: the shares are keys.
  share: oneOf([0.35, 0.1, 0.9]),
})

const service: fc.Arbitrary<ServiceDraw> = fc.record({
  instances: mostly(1, [2, 3, 5], 4),
  concurrency: mostly(16, [1, 2, 3, 50], 6),
  queue: mostly(100, [0, 1, 5, Infinity], 5),
  discipline: mostly('fifo', QUEUE_DISCIPLINES.slice(1), 5),
  patience: fc.option(distribution, { nil: undefined, freq: 2 }),
  slots: mostly('held', ['released'], 4),
  work: distribution,
  otherWork: fc.option(distribution, { nil: undefined, freq: 3 }),
  errors: mostly(0, [0.02, 0.3, 1], 4),
  calls: fc.array(step, { maxLength: 3 }),
  byOperation: mostly(false, [true]),
  zone: mostly('', AREAS, 6),
  region: mostly('', ['east', 'west'], 4),
  replyBytes: mostly(1000, [0, 1, 100_000]),
})

/** Few services mostly, now and then many, seldom very many. */
export const services: fc.Arbitrary<ServiceDraw[]> = fc.oneof(
  { weight: 60, arbitrary: fc.array(service, { minLength: 1, maxLength: 4 }) },
  { weight: 12, arbitrary: fc.array(service, { minLength: 5, maxLength: 12 }) },
  { weight: 1, arbitrary: fc.array(service, { minLength: 40, maxLength: 60 }) },
)

/** Name of the n-th service. */
export const serviceName = (index: number): string => `s${index}`

/** The section `services`. */
export function writtenServices(draws: readonly ServiceDraw[], pen: Pen): Record<string, object> {
  return Object.fromEntries(
    draws.map((draw, index) => [
      serviceName(index),
      writtenService(draw, index, draws.length, pen),
    ]),
  )
}

function writtenService(draw: ServiceDraw, index: number, count: number, pen: Pen): object {
  const { work, otherWork, errors, byOperation, zone, region } = draw
  const callees = Array.from({ length: count - index - 1 }, (_, n) => serviceName(index + 1 + n))
  const calls = draw.calls
    .slice(0, mostCalls(count, index))
    .flatMap((one) => writtenStep(one, callees))
  const times = writtenTimes(work, pen)
  return {
    instances: draw.instances,
    concurrency: draw.concurrency,
    queue: draw.queue === Infinity ? 'unbounded' : draw.queue,
    discipline: draw.discipline,
    ...(draw.patience ? { patience: writtenTimes(draw.patience, pen) } : {}),
    slots: draw.slots,
    work: otherWork ? { write: writtenTimes(otherWork, pen), '*': times } : times,
    errors: percent(errors),
    ...(calls.length > 0
      ? { calls: byOperation ? { read: calls, '*': calls.slice(1) } : calls }
      : {}),
    ...(zone === '' ? {} : { zone }),
    ...(region === '' ? {} : { region }),
    replyBytes: `${draw.replyBytes}B`,
  }
}

/** Many services with many calls each would multiply a request beyond measure. */
function mostCalls(count: number, index: number): number {
  if (count <= 4) return 3
  return index % 4 === 0 ? 2 : 1
}

function writtenStep(draw: StepDraw, callees: readonly string[]): unknown[] {
  const to = chosen(callees, draw.to)
  const other = chosen(callees, draw.other)
  if (to === undefined || other === undefined) return []
  const call = writtenCall(draw, to)
  if (draw.kind === 'call') return [call]
  if (draw.kind === 'choose') {
    return [{ [percent(draw.share)]: [call], [percent(1 - draw.share)]: [other] }]
  }
  const need = draw.need === 0 ? {} : { need: Math.min(draw.need, draw.optional ? 1 : 2) }
  return [{ parallel: [call, other], ...need }]
}

function writtenCall({ op, optional, times }: StepDraw, to: string): unknown {
  if (op === '' && !optional && times === 1) return to
  return { call: to, ...(op === '' ? {} : { op }), ...(optional ? { optional } : {}), times }
}
