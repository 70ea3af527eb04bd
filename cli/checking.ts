/** Which runs a set of expectations needs, each done once, and what the expectations say of them. */
import type { VariantResult } from '../engine/run.ts'
import type { ExpectationTree } from '../engine/scenario/expect/ast.ts'
import type { SeedResults } from '../engine/scenario/expect/evaluate.ts'
import { evaluateExpectation } from '../engine/scenario/expect/evaluate.ts'
import { parseExpectation } from '../engine/scenario/expect/parse.ts'
import type { Controls } from './control.ts'
import { AS_IT_STANDS, controlsOf, inertIn } from './control.ts'
import type { Job } from './execution.ts'
import { taskOf } from './execution.ts'
import type { OpenedFile } from './files.ts'
import { seedRow } from './options.ts'

/** How one line fared. */
export interface CheckedLine {
  readonly line: number
  readonly text: string
  readonly held: boolean
  /** Left side of its first comparison: what was measured. */
  readonly value: number
  readonly bound: number
  readonly seeds: number
  readonly controls: Controls | undefined
}

/** How one file fared. */
export interface CheckedFile {
  readonly file: string
  readonly scenario: string
  readonly lines: readonly CheckedLine[]
  /** Laws broken although the file does not say so, and announced violations that never came. */
  readonly violations: readonly string[]
}

interface PlannedLine {
  readonly line: number
  readonly text: string
  readonly tree: ExpectationTree
}

/** The runs of one file, and who each of them is. */
export interface Plan {
  readonly file: OpenedFile
  readonly lines: readonly PlannedLine[]
  readonly variants: readonly string[]
  readonly control: boolean
  readonly jobs: readonly Job[]
  readonly roles: readonly {
    readonly seed: number
    readonly key: string
    readonly inert: boolean
  }[]
}

export interface CheckOptions {
  readonly control: boolean
  /** Seeds per line; undefined: as many as each says. */
  readonly seeds: number | undefined
}

/** Lists every run that the lines of a file need. */
export function planOf(file: OpenedFile, { control, seeds }: CheckOptions): Plan {
  const { scenario } = file
  const lines = scenario.expect.map(({ line, text }) => ({ line, text, tree: treeOf(text, seeds) }))
  const most = Math.max(0, ...lines.map(({ tree }) => tree.seeds))
  const named = Object.keys(scenario.compare)
  const variants = named.length > 0 ? named : [AS_IT_STANDS]
  const inert = control ? inertIn(scenario) : new Map<string, string[]>()
  const roles = seedRow(1, most).flatMap((seed) => [
    ...variants.map((key) => ({ seed, key, inert: false })),
    ...[...inert.keys()].map((key) => ({ seed, key, inert: true })),
  ])
  const jobs = roles.map((role) => {
    const ids = role.inert ? inert.get(role.key)! : []
    const variant = named.length > 0 ? role.key : undefined
    const changes = { off: [], on: [], inert: ids, set: {} }
    return { file, task: taskOf(file, changes, variant, role.seed) }
  })
  return { file, lines, variants, control, jobs, roles }
}

/** The reader has checked every line already. */
function treeOf(text: string, seeds: number | undefined): ExpectationTree {
  const parsed = parseExpectation(text)
  if (!parsed.ok) throw new Error(`an expectation that was read cannot be parsed: ${text}`)
  return seeds === undefined ? parsed.tree : { ...parsed.tree, seeds }
}

/** Judges all lines of a file by the results of its runs. */
export function judge(plan: Plan, results: readonly VariantResult[]): CheckedFile {
  const plain = bySeed(plan, results, false)
  const inert = bySeed(plan, results, true)
  const lines = plan.lines.map(({ line, text, tree }): CheckedLine => {
    const seeds = plain.slice(0, tree.seeds)
    const { held, value, bound } = evaluateExpectation(tree, seeds)
    const controls = plan.control
      ? controlsOf(tree, plan.variants, seeds, inert.slice(0, tree.seeds))
      : undefined
    return { line, text, held, value, bound, seeds: tree.seeds, controls }
  })
  const { path, name, scenario } = plan.file
  const violations = violationsOf(scenario.expectViolation, results)
  return { file: path, scenario: name, lines, violations }
}

function bySeed({ roles }: Plan, results: readonly VariantResult[], inert: boolean): SeedResults[] {
  const seeds = new Map<number, Map<string, VariantResult>>()
  roles.forEach((role, at) => {
    if (!seeds.has(role.seed)) seeds.set(role.seed, new Map())
    if (role.inert === inert) seeds.get(role.seed)!.set(role.key, results[at]!)
  })
  return [...seeds.values()]
}

function violationsOf(expected: readonly string[], results: readonly VariantResult[]): string[] {
  const seen = new Map<string, string>()
  for (const { violations, variant, seed } of results) {
    for (const { law, place, detail } of violations) {
      if (!seen.has(law)) seen.set(law, `${law} (${place}: ${detail}; ${variant}, seed ${seed})`)
    }
  }
  const unexpected = [...seen].filter(([law]) => !expected.includes(law))
  const missing = expected.filter((law) => !seen.has(law))
  return [
    ...unexpected.map(([, sentence]) => `a law was broken: ${sentence}`),
    ...missing.map((law) => `a violation was announced and never came: ${law}`),
  ]
}
