/**
 * Proof that an expectation can fail. A line that claims a benefit or a price of a pattern must break when the
 * variants change places, and when the pattern that makes the difference runs without effect. A control that would
 * change nothing the line speaks of does not apply to it.
 */
import type { ExpectationTree } from '../engine/scenario/expect/ast.ts'
import { metricsIn } from '../engine/scenario/expect/ast.ts'
import type { SeedResults } from '../engine/scenario/expect/evaluate.ts'
import { evaluateExpectation } from '../engine/scenario/expect/evaluate.ts'
import type { Scenario } from '../engine/scenario/scenario.ts'

/** What a control did to a line: it `broke`, as it must; it `held` all the same; or the control does not apply. */
export type ControlOutcome = 'broke' | 'held' | 'does not apply'

/** Both controls of one line. */
export interface Controls {
  readonly swapped: ControlOutcome
  readonly inert: ControlOutcome
}

/** How the file as it stands is called where there is no `compare`. */
export const AS_IT_STANDS = 'run'

/** Patterns to be made inert in each variant; only variants in which that changes something. */
export function inertIn(scenario: Scenario): Map<string, string[]> {
  const variants = Object.entries(scenario.compare)
  const ids = scenario.patterns.map(({ id }) => id)
  if (variants.length === 0) return new Map(ids.length > 0 ? [[AS_IT_STANDS, ids]] : [])
  const compared = new Set(variants.flatMap(([, { without }]) => without))
  const changed = variants.map(([key, { without }]): [string, string[]] => [
    key,
    [...compared].filter((id) => !without.includes(id)),
  ])
  return new Map(changed.filter(([, inert]) => inert.length > 0))
}

/** Both controls of a line, from the results of its seeds and of the same seeds with inert patterns. */
export function controlsOf(
  tree: ExpectationTree,
  variants: readonly string[],
  seeds: readonly SeedResults[],
  inertSeeds: readonly SeedResults[],
): Controls {
  const named = variantsIn(tree)
  const inertKeys = new Set(inertSeeds.flatMap((results) => [...results.keys()]))
  const merged = seeds.map((results, at) => new Map([...results, ...(inertSeeds[at] ?? [])]))
  const places = swappedPlaces(named, variants)
  const swapped = seeds.map((results) => swap(results, places))
  return {
    swapped: places.size === 0 ? 'does not apply' : outcome(tree, swapped),
    inert: named.some((key) => inertKeys.has(key)) ? outcome(tree, merged) : 'does not apply',
  }
}

/** A line proves something when a control applies, and each that applies breaks it. */
export function canFail({ swapped, inert }: Controls): boolean {
  const outcomes = [swapped, inert]
  return outcomes.includes('broke') && !outcomes.includes('held')
}

function outcome(tree: ExpectationTree, seeds: readonly SeedResults[]): ControlOutcome {
  return evaluateExpectation(tree, seeds).held ? 'held' : 'broke'
}

function variantsIn(tree: ExpectationTree): string[] {
  return [...new Set(metricsIn(tree.condition).map(({ variant }) => variant))]
}

/** Whose result stands in for whose: the variants a line names change places; a single one does so with the baseline. */
function swappedPlaces(named: readonly string[], variants: readonly string[]): Map<string, string> {
  if (variants.length < 2) return new Map()
  const order = variants.filter((key) => named.includes(key))
  if (order.length > 1) return new Map(order.map((key, at) => [key, order.at(-1 - at)!]))
  const [only = ''] = order
  const other = only === variants[0] ? variants[1]! : variants[0]!
  return new Map([[only, other]])
}

function swap(results: SeedResults, places: ReadonlyMap<string, string>): SeedResults {
  return new Map([...results.keys()].map((key) => [key, results.get(places.get(key) ?? key)!]))
}
