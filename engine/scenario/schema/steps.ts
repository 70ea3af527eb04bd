/** What a service calls: in sequence, side by side, or one branch by chance. */
import { z } from './zod.ts'
import { count, toggle } from '../../params.ts'
import type { CallStep, Step } from '../scenario.ts'
import { isOne, percent, sumOf } from './distribution.ts'
import { accept, isMapping, leaf, oneOf, refuse, report } from './leaf.ts'
import { field, maybe } from './params.ts'
import { anyText, share } from './values.ts'

/** Most copies of one call. */
const MOST_COPIES = 10_000

/** A call of a service as an author writes it. */
export type StepFile =
  | string
  | { call: string; op?: string; optional?: boolean; times?: number }
  | { parallel: StepFile[]; need?: number }
  | { [share: string]: StepFile | StepFile[] }

const name = leaf<CallStep, string>(
  (value) => {
    const reading = anyText(value)
    return reading.ok ? accept(callOf(reading.value)) : reading
  },
  { type: 'string', description: 'Name of a service to call', examples: ['cart'] },
)

function callOf(to: string): CallStep {
  return { kind: 'call', to, op: undefined, required: true, times: 1 }
}

const text = (description: string) => leaf<string, string>(anyText, { type: 'string', description })

const detailed = z
  .strictObject({
    call: text('Name of a service to call'),
    op: text('Operation asked of it; left out: the operation of the caller').optional(),
    optional: field(toggle(false, 'Whether the caller succeeds when this call fails')),
    times: field(count(1, 'Copies that go out side by side', { max: MOST_COPIES })),
  })
  .transform(({ call, op, optional, times }): CallStep => ({
    kind: 'call',
    to: call,
    op,
    required: !optional,
    times,
  }))

/** A call: a name, or a mapping with `call`. */
const call = oneOf<CallStep, StepFile>(
  (value) => {
    if (typeof value === 'string') return name
    if (isMapping(value)) return detailed as unknown as z.ZodType<CallStep, StepFile>
    return refuse('E_TYPE', 'it must be a service, or a mapping with `call`', 'Write the name.')
  },
  [name, detailed],
)

const parallel = z
  .strictObject({
    parallel: z.array(call).min(1).meta({ description: 'Calls that go out side by side' }),
    need: maybe(
      count(1, 'How many must succeed; left out: all that are not optional', { max: 1000 }),
    ),
  })
  .superRefine(({ parallel: calls, need = 1 }, context) => {
    if (need <= calls.length) return
    const says = `it must be at most ${calls.length}, the number of calls`
    report(context, refuse('E_RANGE', says), need, ['need'])
  })
  .transform(({ parallel: calls, need }): Step => ({ kind: 'parallel', calls, need }))

const branchSteps: z.ZodType<readonly Step[], StepFile | StepFile[]> = oneOf(
  (value) => (Array.isArray(value) ? lazySteps : lazyStep),
  [z.lazy(() => steps) as z.ZodType, z.lazy(() => step) as z.ZodType],
)

const choose = z
  .record(z.string(), branchSteps)
  .superRefine((branches, context) => {
    const fault = faultOfShares(Object.keys(branches))
    if (fault) report(context, fault, branches)
  })
  .transform((branches): Step => ({
    kind: 'choose',
    branches: Object.entries(branches).map(([key, taken]) => ({
      share: shareOf(key),
      steps: taken,
    })),
  }))
  .meta({
    description: 'One branch, drawn per request; the shares sum to 100%',
    examples: [{ '80%': 'cache', '20%': ['cache', 'db'] }],
  })

function faultOfShares(keys: readonly string[]) {
  const wrong = keys.find((key) => !isShare(key))
  if (wrong !== undefined) {
    return refuse('E_TYPE', `"${wrong.slice(0, 40)}" is no share`, 'Write 35%: search.')
  }
  const sum = sumOf(keys.map(shareOf))
  return isOne(sum) ? undefined : refuse('E_RANGE', `shares sum to ${percent(sum)}, must be 100%`)
}

/** Whether a key is a share of a choice: `35%`. */
export function isShare(key: string): boolean {
  return key.trim().endsWith('%') && share()(key).ok
}

function shareOf(key: string): number {
  const reading = share()(key)
  return reading.ok ? reading.value : 0
}

/** One thing a service does after its own work. */
const step: z.ZodType<Step, StepFile> = oneOf<Step, StepFile>(
  (value) => {
    if (!isMapping(value)) return call
    if (Object.hasOwn(value, 'parallel')) return parallel as unknown as z.ZodType<Step, StepFile>
    const isChoice = Object.keys(value).some((key) => key.includes('%'))
    return isChoice ? choose : call
  },
  [call, parallel, choose],
)

/** What a service calls, in sequence. */
export const steps: z.ZodType<readonly Step[], StepFile[]> = z.array(step).meta({
  id: 'calls',
  description: 'What it calls, one after the other',
  examples: [['cart', { call: 'audit', optional: true }]],
})

const lazySteps = steps as unknown as z.ZodType<readonly Step[], StepFile | StepFile[]>
const lazyStep = step.transform((one): readonly Step[] => [one]) as unknown as typeof lazySteps
