/** `sim sweep FILE`: values along their ways, tipping points, and which switch matters most. */
import type { Command } from 'commander'
import { MOST_PATTERNS } from '../engine/studies/factorial.ts'
import { parseExpectation } from '../engine/scenario/expect/parse.ts'
import type { ExpectationTree } from '../engine/scenario/expect/ast.ts'
import { factorial } from '../engine/studies/factorial.ts'
import type { Measure } from '../engine/studies/measure.ts'
import type { Range } from '../engine/studies/range.ts'
import { pointsOf, sweep } from '../engine/studies/sweep.ts'
import { type Tipping, tipping } from '../engine/studies/tipping.ts'
import { taskOf, warn } from './execution.ts'
import { BadInput, EXIT } from './exit.ts'
import { openFile, type OpenedFile } from './files.ts'
import { measureOf } from './measures.ts'
import type { ChangeOptions, RunningOptions } from './options.ts'
import { anotherMetric, count, firstSeed, splitList, withChanges, withRunning } from './options.ts'
import { rangeOf } from './ranges.ts'
import { pursue } from './studying.ts'
import { factorialReport, sweepReport, tippingReport } from './sweep-report.ts'
import { variantsOf } from './variants.ts'

interface Options extends ChangeOptions, RunningOptions {
  readonly json?: boolean
  readonly over: readonly string[]
  readonly tip?: string | true
  readonly factorial?: boolean
  readonly patterns?: readonly string[]
  readonly variant?: string
  readonly seeds: number
  readonly from: number
  readonly metric: readonly string[]
}

/** Most points of a sweep. */
const MOST_POINTS = 2000

/** Declares the command; `finish` is told the exit code. */
export function sweepCommand(program: Command, finish: (code: number) => void): void {
  const command = program
    .command('sweep')
    .description(
      'move values along their ways, find tipping points, or try all subsets of patterns',
    )
    .argument('<file>', 'scenario file')
    .option('--over <path=from..to:steps>', 'move this value; twice for a map', anotherMetric, [])
    .option('--tip [line]', 'find where a line of `expect` tips: this one, or each of the file')
    .option('--factorial', 'run every subset of the patterns: which switch matters most')
    .option('--patterns <ids>', 'only these patterns, for --factorial', splitList)
    .option('--variant <name>', 'the variant whose values hold, for --factorial')
    .option('--seeds <n>', 'seeds at every point', count, 20)
    .option('--from <seed>', 'first seed', firstSeed, 1)
    .option('--metric <path>', 'what to measure (served); may be repeated', anotherMetric, [])
    .option('--json', 'print every number as JSON')
  withRunning(withChanges(command)).action(async (path: string, options: Options) => {
    finish(await sweepFile(path, options))
  })
}

async function sweepFile(path: string, options: Options): Promise<number> {
  const file = openFile(path, options)
  if (options.seeds < 2) throw new BadInput('An interval needs --seeds 2 or more.')
  if (options.factorial) return byFactors(file, options)
  const ranges = options.over.map((text) => rangeOf(text, file, options))
  if (ranges.length < 1 || ranges.length > 2)
    throw new BadInput(
      'Say what to move with --over path=from..to:steps, once or twice, or give --factorial.',
    )
  warn([file])
  return options.tip === undefined
    ? overRanges(file, ranges, options)
    : toTippingPoints(file, ranges, options)
}

function measuresOf({ metric }: Options): Measure[] {
  return (metric.length > 0 ? [...new Set(metric)] : ['served']).map(measureOf)
}

async function overRanges(
  file: OpenedFile,
  ranges: readonly Range[],
  options: Options,
): Promise<number> {
  const points = pointsOf(ranges).length
  if (points > MOST_POINTS)
    throw new BadInput(
      `${points} points are more than ${MOST_POINTS}: give fewer steps, such as :9.`,
    )
  const variants = variantsOf(file)
  const { seeds, from } = options
  const base = taskOf(file, options, undefined)
  const keys = variants.map(({ variant }) => variant)
  const plan = { base, variants: keys, ranges, seeds, from, measures: measuresOf(options) }
  const { answer, isCancelled } = await pursue(file, sweep(plan), options)
  if (!answer || answer.length === 0) return EXIT.cancelled
  process.stdout.write(sweepReport({ file, variants, plan, isJson: options.json ?? false }, answer))
  return isCancelled ? EXIT.cancelled : EXIT.fine
}

async function toTippingPoints(
  file: OpenedFile,
  [range, second]: readonly Range[],
  options: Options,
): Promise<number> {
  if (second)
    throw new BadInput('A tipping point is looked for along one way: give --over once with --tip.')
  const trees = linesOf(file, options.tip)
  const base = taskOf(file, options, undefined)
  const found: Tipping[] = []
  for (const tree of trees) {
    const { seeds, from } = options
    const plan = { base, range: range!, tree, seeds, from }
    const { answer } = await pursue(file, tipping(plan), options)
    if (!answer) return EXIT.cancelled
    found.push(answer)
  }
  process.stdout.write(tippingReport(file, range!, found, options.json ?? false))
  return EXIT.fine
}

/** The line that was given, read as if it stood in the file, or all lines of the file. */
export function linesOf(file: OpenedFile, line: string | true | undefined): ExpectationTree[] {
  const isGiven = typeof line === 'string'
  const read = isGiven ? openFile(file.path, { set: { expect: [wholeLine(line)] } }) : file
  const { expect } = read.scenario
  if (expect.length === 0)
    throw new BadInput(`${file.path} has no \`expect\` line. Give one: 'served(B) > 90%'.`)
  return expect.map(({ text }) => treeOf(text))
}

/** A condition on single runs is meant for each seed: most of them must hold it. */
function wholeLine(line: string): string {
  return / over \d+ seeds?\s*$/.test(line) ? line : `share(${line}) >= 50% over 20 seeds`
}

function treeOf(text: string): ExpectationTree {
  const parsed = parseExpectation(text)
  if (!parsed.ok) throw new Error(`an expectation that was read cannot be parsed: ${text}`)
  return parsed.tree
}

async function byFactors(file: OpenedFile, options: Options): Promise<number> {
  if (options.over.length > 0 || options.tip !== undefined)
    throw new BadInput('--factorial switches patterns; leave out --over and --tip.')
  const ids = file.scenario.patterns.map(({ id }) => id)
  const patterns = options.patterns ?? ids
  const stranger = patterns.find((id) => !ids.includes(id))
  if (stranger !== undefined)
    throw new BadInput(
      `There is no pattern called ${stranger} in ${file.path}. There is ${ids.join(', ')}.`,
    )
  if (patterns.length === 0) throw new BadInput(`${file.path} has no patterns to switch.`)
  if (patterns.length > MOST_PATTERNS)
    throw new BadInput(
      `${patterns.length} patterns have ${2 ** patterns.length} subsets. Name up to ${MOST_PATTERNS} with --patterns ${patterns.slice(0, 3).join(',')}.`,
    )
  const variant = variantNamed(file, options.variant)
  const [measure, more] = measuresOf(options)
  if (more) throw new BadInput('Effects are those on one metric: give --metric once.')
  warn([file])
  const { seeds, from } = options
  const base = taskOf(file, options, variant)
  const plan = { base, patterns, measure: measure!, seeds, from }
  const { answer, isCancelled } = await pursue(file, factorial(plan), options)
  if (!answer) return EXIT.cancelled
  process.stdout.write(factorialReport(file, plan, answer, options.json ?? false))
  return isCancelled ? EXIT.cancelled : EXIT.fine
}

/** A variant by its name, or undefined for the file as it stands. */
export function variantNamed(file: OpenedFile, name: string | undefined): string | undefined {
  const names = Object.keys(file.scenario.compare)
  if (name === undefined || names.includes(name)) return name
  throw new BadInput(`There is no variant ${name}. There is ${names.join(', ') || 'none'}.`)
}
