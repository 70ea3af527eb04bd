/**
 * A study is a plan that asks for runs, learns from what they come to, and asks for more. It is pure: who runs them, on
 * how many threads, is for whoever follows it (`workers/follow.ts`), so the same study gives the same answer in the
 * page and on the command line.
 */
import type { RunTask, VariantResult } from '../run.ts'

/** Runs that are wanted now, or something that is known by now. */
export type Step<Update> =
  | { readonly kind: 'runs'; readonly tasks: readonly RunTask[] }
  | { readonly kind: 'update'; readonly update: Update }

/** What runs came to, in the order of the tasks; undefined for one that was cancelled, after which no more are made. */
export type Results = readonly (VariantResult | undefined)[]

/** Asks for runs and tells updates; ends with the answer. */
export type Study<Update, Answer> = Generator<Step<Update>, Answer, Results>

/** Asks for runs. */
export function* runs(tasks: readonly RunTask[]): Generator<Step<never>, Results, Results> {
  return tasks.length === 0 ? [] : yield { kind: 'runs', tasks }
}

/** Tells what is known by now. */
export function* tell<U>(update: U): Generator<Step<U>, void, Results> {
  yield { kind: 'update', update }
}

/** Whether no run was cancelled. */
export function isComplete(results: Results): results is readonly VariantResult[] {
  return !results.includes(undefined)
}

/** A task under another seed, as another variant, and with more values set. */
export function changed(
  base: RunTask,
  { variant, seed, set }: Partial<Pick<RunTask, 'variant' | 'seed' | 'set'>>,
): RunTask {
  const own = variant === undefined ? base.variant : variant
  return { ...base, variant: own, seed: seed ?? base.seed, set: { ...base.set, ...set } }
}

/** Seeds `from`, `from + 1`, … */
export function seedsFrom(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => from + at)
}
