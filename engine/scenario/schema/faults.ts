/** The section `faults`: the verb is a key, its value is what is hit. */
import { z } from './zod.ts'
import { choice, count, duration, number, ratio } from '../../params.ts'
import type { FaultSpec, FaultVerb } from '../scenario.ts'
import { tidySelector } from '../text/selector.ts'
import { didYouMean } from '../text/suggest.ts'
import { distribution } from './distribution.ts'
import { type Refusal, isMapping, leaf, oneOf, refuse, report } from './leaf.ts'
import { field, maybe, needed } from './params.ts'
import { bandwidthSchema } from './services.ts'
import { anyText, orList, quantity } from './values.ts'

/** What a fault is aimed at. */
export type Aim =
  'instance' | 'service' | 'edge' | 'cut' | 'pattern' | 'knob' | 'load' | 'rate' | 'area'

interface Verb {
  readonly aim: Aim
  readonly help: string
  readonly example: string
  /** Keys of its own; `by` is the strength. */
  readonly keys: Readonly<Record<string, z.ZodType>>
}

const share = (help: string) => needed(ratio(0, help))
const factor = (help: string) => needed(number(1, help, { min: 1e-9, max: 1e6 }))
const offset = (description: string) =>
  leaf(quantity('duration', { min: -86_400e9 * 100, max: 86_400e9 * 100 }), {
    type: 'string',
    description,
    examples: ['100ms', '-5s'],
  })
const how = field(
  choice(['refuse', 'silent'], 'refuse', 'Whether callers are refused at once, or hear nothing'),
)
const anything = z.unknown().meta({ description: 'The new value' })

/** Every verb, what it is aimed at and what it may say. */
export const VERBS: Readonly<Record<FaultVerb, Verb>> = {
  crash: {
    aim: 'instance',
    help: 'Stops; what it worked on and what waited is gone',
    example: '{ at: 10s, for: 5s, crash: db#2, how: silent }',
    keys: { how },
  },
  pause: {
    aim: 'instance',
    help: 'Stands still and goes on where it was (garbage collection)',
    example: '{ at: 10s, for: 2s, pause: db }',
    keys: {},
  },
  slow: {
    aim: 'instance',
    help: 'Takes longer for its work',
    example: '{ at: 30s, for: 15s, slow: db, by: 2.7 }',
    keys: { by: factor('Factor on the work') },
  },
  errors: {
    aim: 'instance',
    help: 'Fails some of its calls',
    example: '{ at: 30s, for: 15s, errors: db, by: 20% }',
    keys: { by: share('Share of calls that fail') },
  },
  delay: {
    aim: 'edge',
    help: 'Messages take longer',
    example: '{ at: 30s, for: 15s, delay: api -> db, by: 100ms }',
    keys: { by: distribution('duration', { description: 'Time added to each message' }) },
  },
  abort: {
    aim: 'edge',
    help: 'Calls fail on the way',
    example: '{ at: 30s, for: 15s, abort: api -> db, by: 10% }',
    keys: { by: share('Share of calls that fail') },
  },
  loss: {
    aim: 'edge',
    help: 'Messages are lost, so that the caller hears nothing',
    example: '{ at: 30s, for: 15s, loss: api -> db, by: 5% }',
    keys: { by: share('Share of messages that are lost') },
  },
  duplicate: {
    aim: 'edge',
    help: 'Requests arrive twice',
    example: '{ at: 30s, for: 15s, duplicate: api -> db, by: 5% }',
    keys: { by: share('Share of requests that arrive twice') },
  },
  bandwidth: {
    aim: 'edge',
    help: 'The link gets narrow',
    example: '{ at: 30s, for: 15s, bandwidth: api -> db, by: 1MB/s }',
    keys: { by: bandwidthSchema },
  },
  partition: {
    aim: 'cut',
    help: 'No message gets through between two services, zones or regions',
    example: '{ at: 30s, for: 15s, partition: eu -> us, direction: one-way }',
    keys: {
      direction: field(choice(['both', 'one-way'], 'both', 'Whether the way back is cut too')),
    },
  },
  skew: {
    aim: 'instance',
    help: 'Its clock is off',
    example: '{ at: 30s, for: 15s, skew: db#1, by: 100ms, drift: 1% }',
    keys: {
      by: offset('How far the clock is ahead (behind, when negative)'),
      drift: field(number(0, 'Seconds gained per second', { min: -1, max: 1 })),
    },
  },
  jump: {
    aim: 'instance',
    help: 'Its clock jumps',
    example: '{ at: 30s, jump: db#1, by: -5s }',
    keys: { by: offset('How far it jumps') },
  },
  'disk-full': {
    aim: 'instance',
    help: 'Its store refuses to write',
    example: '{ at: 30s, for: 15s, disk-full: db }',
    keys: {},
  },
  flush: {
    aim: 'pattern',
    help: 'A pattern forgets what it holds (cache flush)',
    example: '{ at: 30s, flush: cache }',
    keys: {},
  },
  deploy: {
    aim: 'service',
    help: 'A new version goes out, with its own flaws',
    example: '{ at: 30s, for: 15s, deploy: api, version: 2, errors: 20%, slow: 1.5 }',
    keys: {
      version: needed(count(2, 'Version that goes out', { max: 1e6 })),
      errors: field(ratio(0, 'Share of its calls that fail')),
      slow: field(number(1, 'Factor on its work', { min: 1e-9, max: 1e6 })),
    },
  },
  certificate: {
    aim: 'edge',
    help: 'A certificate is expired: calls fail as unauthenticated',
    example: '{ at: 30s, for: 15s, certificate: api -> db }',
    keys: {},
  },
  config: {
    aim: 'knob',
    help: 'A knob of a pattern is turned while it runs; of a group, those that the value names; limits, budgets and what they count begin anew',
    example: '{ at: 30s, for: 15s, config: patterns.retries.maxAttempts, value: 10 }',
    keys: { value: anything },
  },
  'hot-key': {
    aim: 'load',
    help: 'Many requests of a load ask for one key',
    example: '{ at: 30s, for: 15s, hot-key: shoppers, key: 7, by: 50% }',
    keys: {
      key: field(count(0, 'The key', { min: 0, max: Number.MAX_SAFE_INTEGER })),
      by: share('Share of its requests that ask for it'),
    },
  },
  spike: {
    aim: 'rate',
    help: 'More requests of a load',
    example: '{ at: 30s, for: 15s, spike: shoppers, by: 3 }',
    keys: { by: factor('Factor on its rate') },
  },
  region: {
    aim: 'area',
    help: 'Every service of a region or zone is lost',
    example: '{ at: 30s, for: 15s, region: eu, how: silent }',
    keys: { how },
  },
}

/** All verbs. */
export const FAULT_VERBS = Object.keys(VERBS) as FaultVerb[]

const timing = {
  at: maybe(duration('20s', 'When it starts')),
  for: field(
    duration('none', 'How long it lasts; `none`: to the end', { min: '1ns', max: 'none' }),
  ),
  mtbf: maybe(duration('1h', 'Instead of `at`: mean time between failures', { min: '1ns' })),
  mttr: maybe(duration('1min', 'With `mtbf`: mean time to repair', { min: '1ns' })),
}
/** Keys that say when. */
export const TIMING_KEYS = Object.keys(timing)

interface FaultFile {
  readonly at?: number | undefined
  readonly for: number
  readonly mtbf?: number | undefined
  readonly mttr?: number | undefined
  readonly [key: string]: unknown
}

function faultSchema(verb: FaultVerb): z.ZodType<FaultSpec> {
  const { keys, help, aim, example } = VERBS[verb]
  const description = `${help}. Aimed at: ${AIMS[aim]}`
  const target = leaf(anyText, { type: 'string', description, examples: [example] })
  const schema = z
    .strictObject({ [verb]: target, ...keys, ...timing })
    .superRefine((fault, context) => {
      const refusal = faultOfTiming(fault)
      if (refusal) report(context, refusal, fault)
    })
    .transform((fault) => specOf(verb, fault as FaultFile))
  return schema
}

/** What each aim is, in words. */
export const AIMS: Readonly<Record<Aim, string>> = {
  instance: 'a service (`db`) or one of its instances (`db#2`, counted from 0)',
  service: 'a service',
  edge: 'an edge (`a -> b`, `*` stands for any)',
  cut: 'an edge between two services, zones or regions (`a -> b`)',
  pattern: 'a pattern, by its name in the file',
  knob: 'a knob of a pattern (`patterns.retries.maxAttempts`)',
  load: 'a load',
  rate: 'a load whose arrivals have a rate',
  area: 'a region or zone',
}

function faultOfTiming({ at, mtbf, mttr }: FaultFile): Refusal | undefined {
  const hint = 'Write `at: 30s, for: 15s`, or `mtbf: 1h, mttr: 1min`.'
  const isStochastic = mtbf !== undefined || mttr !== undefined
  if (at !== undefined && isStochastic) {
    return refuse('E_TYPE', 'a fault has `at`, or `mtbf` and `mttr`, not both', hint)
  }
  if (at !== undefined) return undefined
  return mtbf !== undefined && mttr !== undefined
    ? undefined
    : refuse('E_TYPE', 'a fault must say when it starts', hint)
}

function specOf(verb: FaultVerb, fault: FaultFile): FaultSpec {
  const { at, for: span, mtbf, mttr, [verb]: target, ...own } = fault
  const { by, ...options } = own
  const strength = typeof by === 'number' ? by : 0
  const kept = typeof by === 'object' ? { ...options, distribution: by } : options
  const timed = { at, for: span, mtbf, mttr }
  return { verb, target: tidySelector(String(target)), ...timed, by: strength, options: kept }
}

const forms = new Map(FAULT_VERBS.map((verb) => [verb, faultSchema(verb)]))

/** One thing that goes wrong. */
export const fault: z.ZodType<FaultSpec> = oneOf(pickFault, [...forms.values()])

function pickFault(value: unknown): z.ZodType<FaultSpec> | Refusal {
  const hint = 'Write `{ at: 30s, for: 15s, slow: db, by: 2.7 }`.'
  if (!isMapping(value)) return refuse('E_TYPE', 'it must be a mapping with a verb', hint)
  const verbs = verbsIn(value)
  if (verbs.length === 1) return forms.get(verbs[0]!)!
  if (verbs.length > 1) {
    return refuse('E_TYPE', `a fault has one verb; this has ${verbs.join(' and ')}`, hint)
  }
  const strange = Object.keys(value).find((key) => !KNOWN_KEYS.has(key))
  const must = `it does not say what goes wrong; its verb must be ${orList(FAULT_VERBS)}`
  if (strange === undefined) return refuse('E_ENUM', must, hint)
  return refuse('E_UNKNOWN_KEY', must, didYouMean(strange, FAULT_VERBS))
}

/** The verb of a fault as the file has it; `deploy` has keys that are verbs elsewhere. */
export function verbsIn(fault: Readonly<Record<string, unknown>>): FaultVerb[] {
  if (Object.hasOwn(fault, 'deploy')) return ['deploy']
  return FAULT_VERBS.filter((verb) => Object.hasOwn(fault, verb))
}

const KNOWN_KEYS = new Set([
  ...TIMING_KEYS,
  ...FAULT_VERBS.flatMap((verb) => Object.keys(VERBS[verb].keys)),
])
