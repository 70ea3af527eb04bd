/** Runs cases and judges them. */
import { stringify } from 'yaml'
import type { RunTask, VariantResult } from '../../engine/run.ts'
import type { RunOutcome } from '../../workers/protocol.ts'
import { runAll, type Runner } from '../../workers/runner.ts'
import { BadInput } from '../exit.ts'
import { isExcuse } from './adapter.ts'
import type { Adapter, Excuse, Plan, Results, Study } from './adapter.ts'
import type { ReferenceCase } from './case.ts'
import { spoil, type Control } from './control.ts'
import { judge, sampleOf, type Tier, type Verdict } from './protocol.ts'

/** What became of a case. */
export interface Examined {
  readonly case: ReferenceCase
  readonly verdicts: readonly Verdict[]
  /** Metrics that cannot be had, each with its reason. */
  readonly without: Readonly<Record<string, string>>
  readonly excuse: Excuse | undefined
  /** Why it could not be judged though it was run. */
  readonly trouble: string | undefined
}

/** How to examine. */
export interface Examination {
  readonly runner: Runner
  readonly adapters: ReadonlyMap<string, Adapter>
  readonly tier: Tier
  readonly control: Control | undefined
  readonly signal?: AbortSignal
  /** A part of the work is done. */
  readonly onProgress?: (share: number, over: number) => void
}

/** The plan of a case, or why there is none. */
export function planOf(
  one: ReferenceCase,
  { adapters, tier }: Pick<Examination, 'adapters' | 'tier'>,
): Plan | Excuse {
  const adapter = adapters.get(one.model)
  return adapter ? adapter.plan(one, sampleOf(one, tier)) : { toCome: one.model }
}

/** The scenario of a study as a file. */
export function textOf({ scenario }: Study): string {
  return stringify({ schema: 1, ...scenario }, { lineWidth: 0, aliasDuplicateObjects: false })
}

/** Runs one case and judges its metrics. Never throws for what a scenario does. */
export async function examine(one: ReferenceCase, examination: Examination): Promise<Examined> {
  try {
    const plan = planOf(one, examination)
    if (isExcuse(plan)) return nothing(one, plan, undefined)
    const results = await runPlan(one, plan, examination)
    const measured = plan.measure(results)
    const sample = sampleOf(one, examination.tier)
    const without = plan.without ?? {}
    const verdicts = one.metrics
      .filter(({ name }) => !Object.hasOwn(without, name))
      .map((metric) => judge(metric, measured[metric.name], sample, examination.tier))
    return { case: one, verdicts, without, excuse: undefined, trouble: undefined }
  } catch (error) {
    return nothing(one, undefined, (error as Error).message)
  }
}

function nothing(
  one: ReferenceCase,
  excuse: Excuse | undefined,
  trouble: string | undefined,
): Examined {
  return { case: one, verdicts: [], without: {}, excuse, trouble }
}

/** Runs the studies of a plan, and those that follow from them. */
async function runPlan(
  one: ReferenceCase,
  { studies, next }: Plan,
  examination: Examination,
): Promise<Results> {
  let results: Results = await runStudies(one, studies, examination)
  for (let more = next?.(results) ?? []; more.length > 0; more = next!(results)) {
    results = { ...results, ...(await runStudies(one, more, examination)) }
  }
  return results
}

async function runStudies(
  one: ReferenceCase,
  studies: readonly Study[],
  { runner, control, signal, onProgress }: Examination,
): Promise<Record<string, VariantResult[]>> {
  const spoiled = control ? studies.map((study) => spoil(study, control)) : studies
  const tasks = spoiled.flatMap((study) => tasksOf(one, study))
  const keeps = studies.flatMap(({ seeds, keep }) => seeds.map(() => keep))
  const outcomes = await runAll(keeping(runner, tasks, keeps), tasks, {
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  })
  const results = outcomes.map(resultOf)
  const byKey: Record<string, VariantResult[]> = {}
  for (const { key, seeds } of studies) byKey[key] = results.splice(0, seeds.length)
  return byKey
}

/** A runner that lets go of what nobody reads as soon as a run is over. */
function keeping(
  runner: Runner,
  tasks: readonly RunTask[],
  keeps: readonly (Study['keep'] | undefined)[],
): Runner {
  const byTask = new Map(tasks.map((task, at) => [task, keeps[at]]))
  return {
    close: () => runner.close(),
    async run(task, options) {
      const outcome = await runner.run(task, options)
      const keep = byTask.get(task)
      return keep && outcome.ok ? { ...outcome, result: keep(outcome.result) } : outcome
    },
  }
}

function tasksOf(one: ReferenceCase, study: Study): RunTask[] {
  const text = textOf(study)
  const { recording = 'none' } = study
  const rest = { off: [], on: [], inert: [], set: {}, variant: undefined, recording }
  return study.seeds.map((seed) => ({ name: one.id.toLowerCase(), text, seed, ...rest }))
}

/** Refused files, crashes and broken laws are trouble of the case, said with the seed. */
function resultOf(outcome: RunOutcome): VariantResult {
  if (!outcome.ok) throw new BadInput(whyNot(outcome))
  const { result } = outcome
  const [broken] = result.violations
  if (broken) throw new BadInput(`law broken: ${broken.law} at ${broken.place}: ${broken.detail}`)
  if (result.stopped !== undefined) throw new BadInput(`the run ended early: ${result.stopped}`)
  return result
}

function whyNot(outcome: RunOutcome & { ok: false }): string {
  if (outcome.why === 'cancelled') return 'cancelled'
  if (outcome.why === 'crash') return `the run was lost: ${outcome.crash.message}`
  const [first] = outcome.problems
  return `the scenario was refused: ${first!.path}: ${first!.message} ${first!.hint}`
}
