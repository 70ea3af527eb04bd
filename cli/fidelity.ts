/** `sim fidelity [FILE]`: the reference results of the field, run through ordinary scenarios. */
import { setMaxListeners } from 'node:events'
import type { Command } from 'commander'
import { Option } from 'commander'
import { ENGINE_VERSION } from '../engine/run.ts'
import { cores, nodePool } from '../workers/node-pool.ts'
import { BadInput, EXIT } from './exit.ts'
import { isExcuse } from './fidelity/adapter.ts'
import { readCases, type ReferenceCase } from './fidelity/case.ts'
import { CONTROLS, SPOILS, type Control } from './fidelity/control.ts'
import { examine, planOf, textOf, type Examined } from './fidelity/examine.ts'
import { TIERS, type Tier } from './fidelity/protocol.ts'
import { publish, publishedIn, withExamined } from './fidelity/published.ts'
import { ADAPTERS } from './fidelity/registry.ts'
import { reportOf, standingOf, tallyOf } from './fidelity/report.ts'
import { count } from './options.ts'
import { ProgressLine } from './progress.ts'

interface Options {
  readonly tier: Tier
  readonly only?: string
  readonly show?: string
  readonly control?: Control
  readonly json?: boolean
  readonly markdown?: boolean
  readonly workers?: number
}

/** Declares the command; `finish` is told the exit code. */
export function fidelityCommand(program: Command, finish: (code: number) => void): void {
  program
    .command('fidelity')
    .description('run the reference results of the field and say how many are reproduced')
    .argument('[file]', 'a file of cases; without it the ones that come with Faultline')
    .addOption(new Option('--tier <tier>', 'how much is simulated').choices(TIERS).default('ci'))
    .option(
      '--only <text>',
      'only the case of this id, or those whose id, family or model holds this',
    )
    .option('--show <id>', 'print the scenarios of a case instead')
    .addOption(
      new Option(
        '--control <engine>',
        'an engine that is wrong: what depends on it must be missed',
      ).choices(CONTROLS),
    )
    .option('--json', 'print every number as JSON')
    .option('--markdown', 'also bring FIDELITY.md and the table of the page up to date')
    .option('--workers <n>', 'worker threads; results do not depend on it', count)
    .action(async (file: string | undefined, options: Options) => {
      const cases = chosen(readCases(file ?? ownCases()), options)
      finish(options.show === undefined ? await run(cases, options) : show(cases, options))
    })
}

function ownCases(): string {
  return `${__faultline!.root}/cli/fidelity/reference-cases.json`
}

/** The cases asked for; with a control those that depend on what it spoils. */
function chosen(
  cases: readonly ReferenceCase[],
  { only, show: id, control }: Options,
): readonly ReferenceCase[] {
  const wanted = id === undefined ? named(cases, only) : cases.filter((one) => one.id === id)
  if (wanted.length === 0)
    throw new BadInput(`No case fits. There are ${cases.length}, such as ${cases[0]!.id}.`)
  return control ? wanted.filter((one) => dependsOn(one, control)) : wanted
}

/** Whose id, family or model holds a text; of a whole id just that case, for "M-1" is held by "M-10" too. */
function named(cases: readonly ReferenceCase[], text = ''): readonly ReferenceCase[] {
  const wanted = text.toLowerCase()
  const exact = cases.filter((one) => one.id.toLowerCase() === wanted)
  const holds = (word: string): boolean => word.toLowerCase().includes(wanted)
  return exact.length > 0
    ? exact
    : cases.filter(({ id, family, model }) => [id, family, model].some(holds))
}

function dependsOn(one: ReferenceCase, control: Control): boolean {
  const isSimulated = !(one.arithmetic ?? false)
  return isSimulated && (ADAPTERS.get(one.model)?.depends(one).includes(SPOILS[control]) ?? false)
}

function show(cases: readonly ReferenceCase[], { tier }: Options): number {
  const plan = planOf(cases[0]!, { adapters: ADAPTERS, tier })
  if (isExcuse(plan)) throw new BadInput(`${cases[0]!.id} is not run: ${Object.values(plan)[0]!}.`)
  for (const study of plan.studies) {
    process.stdout.write(
      `# ${study.key}, ${study.seeds.length} seeds from ${study.seeds[0]!}\n${textOf(study)}\n`,
    )
  }
  return EXIT.fine
}

async function run(cases: readonly ReferenceCase[], options: Options): Promise<number> {
  const examined = await examineAll(cases, options)
  process.stdout.write(options.json ? asJson(examined, options) : reportOf(examined))
  if (options.markdown === true) publishAll(examined, options)
  const { missed, reproduced } = tallyOf(examined)
  if (options.control) return missed >= 0.9 * (missed + reproduced) ? EXIT.fine : EXIT.broken
  return missed === 0 ? EXIT.fine : EXIT.broken
}

/** Only what is true of the engine as it is, and of the cases that come with it, is published. */
function publishAll(examined: readonly Examined[], { control, tier }: Options): void {
  if (control) throw new BadInput('--markdown tells of the engine as it is: leave --control out.')
  const { root } = __faultline!
  publish(root, withExamined(publishedIn(root), examined, tier), readCases(ownCases()).length)
}

/** So many cases at once: enough to keep the workers busy, few enough to keep their results. */
const AT_ONCE = 8

async function examineAll(
  cases: readonly ReferenceCase[],
  { tier, control, workers }: Options,
): Promise<Examined[]> {
  const runner = nodePool(__faultline!.nodeWorker, workers ?? cores())
  const progress = new ProgressLine(cases.length)
  const abort = new AbortController()
  setMaxListeners(0, abort.signal)
  const interrupt = (): void => abort.abort()
  process.once('SIGINT', interrupt)
  const examined: Examined[] = []
  const rest = cases.entries()
  const work = async (): Promise<void> => {
    for (const [at, one] of rest) {
      const onProgress = (share: number): void => progress.show(at, share, 0)
      examined[at] = await examine(one, {
        runner,
        adapters: ADAPTERS,
        tier,
        control,
        signal: abort.signal,
        onProgress,
      })
      progress.show(at, 1, 1)
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    return examined
  } finally {
    progress.clear()
    process.off('SIGINT', interrupt)
    runner.close()
  }
}

function asJson(examined: readonly Examined[], { tier, control }: Options): string {
  const cases = examined.map((one) => ({
    id: one.case.id,
    family: one.case.family,
    model: one.case.model,
    standing: standingOf(one),
    why: one.excuse ? Object.values(one.excuse)[0] : one.trouble,
    metrics: one.verdicts,
    without: one.without,
  }))
  const answer = {
    engine: ENGINE_VERSION,
    tier,
    control: control ?? null,
    tally: tallyOf(examined),
    cases,
  }
  return `${JSON.stringify(answer, null, 2)}\n`
}
