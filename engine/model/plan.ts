/** What a service does after its own work, as a flat list of instructions. */
import type { CallStep, Step } from '../scenario/scenario.ts'

export interface CallInstruction {
  /** Position of the callee among the edges of the caller's instances. */
  readonly edge: number
  /** Operation index asked of the callee, -1: the caller's own. */
  readonly op: number
  readonly required: boolean
  /** Ordinal of the call in the plan: part of the identity of the call, so that no other draw depends on it. */
  readonly ordinal: number
}
/** Start these calls side by side and go on when `need` succeeded; or choose where to go on; or jump; or end. */
export type Instruction =
  | {
      readonly kind: 'calls'
      readonly calls: readonly CallInstruction[]
      readonly need: number
      readonly required: number
    }
  | {
      readonly kind: 'choose'
      readonly upTo: readonly number[]
      readonly goTo: readonly number[]
      readonly ordinal: number
    }
  | { readonly kind: 'jump'; readonly goTo: number }
  | { readonly kind: 'end' }

/** Flattens steps into instructions, of which the last is the end. `operation` gives the index of an operation's name, `edge` that of a callee. */
export function compilePlan(
  steps: readonly Step[],
  operation: (name: string) => number,
  edge: (callee: string) => number,
): Instruction[] {
  const plan: Instruction[] = []
  let ordinal = 0
  const call = (step: CallStep): CallInstruction[] =>
    Array.from({ length: step.times }, () => ({
      edge: edge(step.to),
      op: step.op === undefined ? -1 : operation(step.op),
      required: step.required,
      ordinal: ordinal++,
    }))
  const emit = (step: Step): void => {
    if (step.kind === 'choose') return emitChoice(step)
    const calls = step.kind === 'call' ? call(step) : step.calls.flatMap(call)
    const required = calls.filter((each) => each.required).length
    const need = step.kind === 'parallel' ? (step.need ?? required) : required
    plan.push({ kind: 'calls', calls, need, required })
  }
  const emitChoice = (step: Step & { kind: 'choose' }): void => {
    const at = plan.push({ kind: 'end' }) - 1
    const upTo: number[] = []
    const goTo: number[] = []
    const ends: number[] = []
    let total = 0
    for (const branch of step.branches) {
      upTo.push((total += branch.share))
      goTo.push(plan.length)
      branch.steps.forEach(emit)
      ends.push(plan.push({ kind: 'end' }) - 1)
    }
    plan[at] = { kind: 'choose', upTo, goTo, ordinal: ordinal++ }
    for (const end of ends) plan[end] = { kind: 'jump', goTo: plan.length }
  }
  steps.forEach(emit)
  plan.push({ kind: 'end' })
  return plan
}

/** Every callee a plan may call. */
export function calleesOf(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => {
    if (step.kind === 'call') return [step.to]
    if (step.kind === 'parallel') return step.calls.map((call) => call.to)
    return step.branches.flatMap((branch) => calleesOf(branch.steps))
  })
}
