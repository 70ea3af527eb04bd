/** An `expect` line as a question to runs: does it hold under these seeds? */
import type { VariantResult } from '../results/result.ts'
import type { RunTask } from '../run.ts'
import { type ExpectationTree, metricsIn } from '../scenario/expect/ast.ts'
import { evaluateExpectation, type SeedResults } from '../scenario/expect/evaluate.ts'
import { changed } from './study.ts'

/** How the file as it stands is called where there is no `compare`. */
const AS_IT_STANDS = 'run'

/** Variants that a line speaks of. */
export function variantsIn({ condition }: ExpectationTree): string[] {
  return [...new Set(metricsIn(condition).map(({ variant }) => variant))]
}

/** The runs of one seed that a line needs, in the order of its variants. */
export function tasksFor(tree: ExpectationTree, base: RunTask, seed: number): RunTask[] {
  return variantsIn(tree).map((name) => {
    const variant = name === AS_IT_STANDS ? undefined : name
    return { ...changed(base, { seed }), variant }
  })
}

/** Results of some seeds, each as many as the line has variants, one seed after the other. */
export function bySeed(tree: ExpectationTree, results: readonly VariantResult[]): SeedResults[] {
  const names = variantsIn(tree)
  const seeds = names.length === 0 ? 0 : results.length / names.length
  return Array.from({ length: seeds }, (_, seed) => {
    const own = results.slice(seed * names.length, (seed + 1) * names.length)
    return new Map(names.map((name, at) => [name, own[at]!]))
  })
}

/** Whether a line holds over some seeds together. */
export function holds(tree: ExpectationTree, seeds: readonly SeedResults[]): boolean {
  return evaluateExpectation(tree, seeds).held
}
