/** The section `services`, and `links` between them. */
import { z } from './zod.ts'
import type { Distribution } from '../../core/distribution.ts'
import { choice, count, type Param, ratio, size, toggle } from '../../params.ts'
import { QUEUE_DISCIPLINES, type ServiceSpec, type Step } from '../scenario.ts'
import { bare } from '../text/tree.ts'
import { distribution, isWeighted } from './distribution.ts'
import { type About, accept, isMapping, leaf, mapping, oneOf, type Read } from './leaf.ts'
import { field, maybe } from './params.ts'
import { steps } from './steps.ts'
import { anyText, plainNumber, quantity, whole } from './values.ts'

/** Most instances of one service: each costs memory. */
const MOST_INSTANCES = 1000

/** A value for every operation, or one for each. */
function perOperation<T>(
  one: z.ZodType<T, unknown>,
  isOne: (value: unknown) => boolean,
  about: About,
) {
  const all = one.transform((value) => bare([['*', value]]))
  const each = mapping(one, { description: 'By operation; * stands for all others' })
  const form = (value: unknown) => (isMapping(value) && !isOne(value) ? each : all)
  return oneOf<Record<string, T>, unknown>((value) => form(value), [one, each], about)
}

const work = perOperation<Distribution>(
  distribution('duration', { description: 'How long the work of one call takes' }),
  isWeighted,
  { description: 'How long the work of one call takes; one for all operations, or one for each' },
)
const calls = perOperation<readonly Step[]>(steps, () => false, {
  description: 'What it calls after its work, in order; for all operations, or for each',
  examples: [['cart', 'pricing']],
})

const queue: Read<number> = (value) =>
  value === 'unbounded'
    ? accept(Infinity)
    : withWord(whole({ min: 0, max: 10_000_000 }, 'E_LIMIT')(value), 'unbounded')

function withWord<T>(reading: ReturnType<Read<T>>, word: string): ReturnType<Read<T>> {
  return reading.ok ? reading : { ...reading, says: `${reading.says}, or ${word}` }
}

/** A name that is free to choose, such as a zone. */
export const label = (description: string) => leaf(anyText, { type: 'string', description })

const coordinate = leaf(plainNumber({ min: -100_000, max: 100_000 }), { type: 'number' })

/** A whole number whose limit protects memory. */
function limited(param: Param<number>): z.ZodPrefault<z.ZodType<number>> {
  const { min, max, initial, help } = param
  const about = { type: 'integer', minimum: min!, maximum: max!, description: help }
  return leaf(whole({ min, max }, 'E_LIMIT'), about).prefault(initial)
}

/** A service: instances that each have slots and a queue. */
export const service: z.ZodType<ServiceSpec> = z
  .strictObject({
    instances: limited(count(1, 'Instances, each with its own slots', { max: MOST_INSTANCES })),
    concurrency: limited(
      count(16, 'Slots of one instance: calls it works on at once', { max: 1e6 }),
    ),
    queue: leaf(queue, {
      type: ['integer', 'string'],
      description: 'Waiting places of one instance, or `unbounded`',
      examples: [200, 'unbounded'],
    }).prefault(100),
    discipline: field(
      choice(
        QUEUE_DISCIPLINES,
        'fifo',
        'Who is next; processor-sharing works on all at once; the preemptive ones and shortest-remaining interrupt work, which goes on later where it was',
      ),
    ),
    patience: distribution('duration', {
      description:
        'How long a call waits for a slot before it leaves the queue as timed out (abandonment, Erlang-A); left out: as long as it takes',
    }).optional(),
    slots: field(
      choice(
        ['held', 'released'],
        'held',
        'Whether a call keeps its slot while it waits for others: a thread, or an event loop',
      ),
    ),
    work: work.prefault('1ms'),
    errors: field(ratio(0, 'Share of calls that fail on their own')),
    calls: calls.prefault([]),
    zone: label('Zone it stands in').prefault(''),
    region: label('Region it stands in').prefault(''),
    domain: label(
      'Group it belongs to, such as `delivery`: large pictures fold healthy groups; runs do not see it',
    ).prefault(''),
    version: field(count(1, 'Version that is deployed', { max: 1e6 })),
    replyBytes: field(size('1kB', 'Size of a reply')),
    at: z
      .tuple([coordinate, coordinate])
      .optional()
      .meta({
        description:
          'Position in the picture, to the right and down, in units of your own: the picture fits whatever there is',
        examples: [[880, 300]],
      }),
  })
  .transform((spec) => ({ ...spec, at: spec.at, patience: spec.patience }))

const bandwidth: Read<number> = (value) =>
  value === 'unlimited'
    ? accept(Infinity)
    : withWord(quantity('bandwidth', { min: 1, max: 1e15 })(value), 'unlimited')

/** What a fault and a link call bandwidth. */
export const bandwidthSchema = leaf(bandwidth, {
  type: 'string',
  description: 'Bytes per second, or `unlimited`',
  examples: ['10MB/s', 'unlimited'],
})

/** A link, each way. What is left out stands as in `default`. */
export const link = z.strictObject({
  latency: distribution('duration', { description: 'Time a message takes, each way' }).optional(),
  loss: maybe(ratio(0.01, 'Share of messages that never arrive')),
  duplicate: maybe(ratio(0.01, 'Share of requests that arrive twice')),
  bandwidth: bandwidthSchema.optional(),
  fifo: maybe(toggle(true, 'Whether messages keep their order')),
})
