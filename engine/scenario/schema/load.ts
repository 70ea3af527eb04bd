/** The section `load`: who sends requests, how many, and of what kind. */
import { z } from './zod.ts'
import { count, duration, number } from '../../params.ts'
import type { LoadSpec } from '../scenario.ts'
import { bare } from '../text/tree.ts'
import { arrivals, keys } from './arrivals.ts'
import { distribution, isOne, percent, sumOf } from './distribution.ts'
import { type Refusal, isMapping, leaf, mapping, oneOf, refuse, report } from './leaf.ts'
import { field, maybe } from './params.ts'
import { label } from './services.ts'
import { anyText, share } from './values.ts'

const portion = leaf(share(), {
  type: ['string', 'number'],
  description: 'Share of the requests',
  examples: ['55%'],
})

type Context = Parameters<typeof report>[0]

function sumToOne(shares: readonly number[], context: Context, input: unknown): void {
  const sum = sumOf(shares)
  if (!isOne(sum))
    report(context, refuse('E_RANGE', `shares sum to ${percent(sum)}, must be 100%`), input)
}

const mix = mapping(portion, {
  description: 'Operations and their shares; they sum to 100%',
  examples: [{ browse: '55%', buy: '45%' }],
}).superRefine((shares, context) => sumToOne(Object.values(shares), context, shares))

interface TenantFile {
  readonly share: number
  readonly work: number
}

const tenantShare = portion.transform((value): TenantFile => ({ share: value, work: 1 }))
const tenantDetails = z.strictObject({
  share: portion,
  work: field(number(1, 'How much more work its requests are', { min: 0, max: 1e6 })),
})
const tenant = oneOf<TenantFile, unknown>(
  (value) => (isMapping(value) ? tenantDetails : tenantShare),
  [portion, tenantDetails],
)

const tenants = mapping(tenant, {
  description: 'Customers and their shares; they sum to 100%',
  examples: [{ small: '90%', big: { share: '10%', work: 5 } }],
}).superRefine((entries, context) => {
  const shares = Object.values(entries).map((entry) => entry.share)
  sumToOne(shares, context, entries)
})

const priorities = z
  .array(portion)
  .min(1)
  .superRefine((shares, context) => sumToOne(shares, context, shares))
  .meta({
    description: 'Shares of the priorities, the highest (0) first; they sum to 100%',
    examples: [['20%', '80%']],
  })

const fields = z.strictObject({
  to: leaf(anyText, { type: 'string', description: 'Service that it calls' }),
  arrivals: arrivals.optional(),
  users: maybe(
    count(20, 'Users who wait for the answer, think, and ask again', { max: 1_000_000 }),
  ),
  think: distribution('duration', { description: 'How long a user thinks' }).optional(),
  mix: mix.prefault({ request: '100%' }),
  timeout: field(duration('none', 'How long a user waits', { min: '1ns', max: 'none' })),
  keys: keys.prefault('uniform(1000)'),
  tenants: tenants.prefault({ everyone: '100%' }),
  priorities: priorities.prefault(['100%']),
  bytes: distribution('size', { description: 'Size of a request' }).prefault('1kB'),
  from: field(duration('0s', 'No requests before this moment')),
  until: field(duration('none', 'No requests from this moment on', { max: 'none' })),
  requests: maybe(count(100_000, 'At most this many requests; left out: no limit', { max: 1e15 })),
  zone: label('Zone the users are in').prefault(''),
})

/** Somebody who sends requests. */
export const load: z.ZodType<LoadSpec> = fields
  .superRefine((spec, context) => {
    const fault = faultOfLoop(spec)
    if (fault) report(context, fault, spec)
    if (spec.until > spec.from) return
    report(context, refuse('E_RANGE', 'until must be after from'), spec.until, ['until'])
  })
  .transform(({ tenants: named, ...spec }) => ({
    ...spec,
    arrivals: spec.arrivals,
    users: spec.users ?? 0,
    think: spec.users === undefined ? undefined : (spec.think ?? noThinking),
    requests: spec.requests ?? Infinity,
    mix: bare(Object.entries(spec.mix)),
    tenants: Object.entries(named).map(([name, value]) => ({ name, ...value })),
  }))

const noThinking = { kind: 'constant', value: 0 } as const

function faultOfLoop(spec: z.output<typeof fields>): Refusal | undefined {
  const isOpen = spec.arrivals !== undefined
  const hint = 'Write `arrivals: poisson(100/s)`, or `users: 50` and `think: 1s`.'
  if (isOpen && spec.users !== undefined) {
    return refuse('E_TYPE', 'a load has arrivals or users, not both', hint)
  }
  if (!isOpen && spec.users === undefined) {
    return refuse('E_TYPE', 'a load needs arrivals or users', hint)
  }
  return isOpen && spec.think !== undefined
    ? refuse('E_TYPE', 'think belongs to users, not to arrivals', hint)
    : undefined
}
