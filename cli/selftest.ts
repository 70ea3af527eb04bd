/** `sim selftest`: makes golden runs again on this machine and compares digests. The page has the same: `selftest.html`. */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Command } from 'commander'
import { ENGINE_VERSION } from '../engine/run.ts'
import { type GoldenFile, goldenRun, type GoldenRun, spread } from '../workers/golden.ts'
import { cores, nodePool } from '../workers/node-pool.ts'
import { selfTest, type SelfTestRow } from '../workers/self-test.ts'
import { EXIT } from './exit.ts'
import { filesIn } from './files.ts'
import { count } from './options.ts'
import { ProgressLine } from './progress.ts'
import { table } from './text.ts'

interface Options {
  readonly runs?: number
  readonly large?: boolean
  readonly workers?: number
  readonly slice?: number
  readonly recording?: boolean
  readonly pauses?: boolean
  readonly json?: boolean
}

/** Declares the command; `finish` is told the exit code. */
export function selftestCommand(program: Command, finish: (code: number) => void): void {
  program
    .command('selftest')
    .description('make golden runs again on this machine and compare their digests')
    .option('--runs <n>', 'how many of them (all)', count)
    .option('--large', 'those of ten million events too')
    .option('--workers <n>', 'worker threads', count)
    .option('--slice <n>', 'events per slice', count)
    .option('--recording', 'record columns and send frames')
    .option('--pauses', 'hold each run again and again')
    .option('--json', 'print it as JSON')
    .action(async (options: Options) => finish(await test(options)))
}

async function test({ workers = cores(), json = false, ...options }: Options): Promise<number> {
  const { root, nodeWorker } = __faultline!
  const path = join(root, 'workers/golden-runs.json')
  const file = JSON.parse(readFileSync(path, 'utf8')) as GoldenFile
  const runs = chosen(file, options)
  const texts = textsIn(join(root, 'scenarios'))
  const runner = nodePool(nodeWorker, Math.min(runs.length, workers))
  const progress = new ProgressLine(runs.length)
  const begun = performance.now()
  let done = 0
  const rows = await selfTest({
    runner,
    runs,
    textOf: (name) => texts.get(name) ?? '',
    way: options,
    onRow: () => progress.show(0, ++done, done),
  })
  progress.clear()
  runner.close()
  const took = performance.now() - begun
  const passed = file.engine === ENGINE_VERSION && rows.every((row) => row.passed)
  const result = { passed, engine: ENGINE_VERSION, golden: file.engine, took, rows }
  process.stdout.write(json ? `${JSON.stringify(result, null, 1)}\n` : asText(rows, took, file))
  return passed ? EXIT.fine : EXIT.broken
}

function chosen(file: GoldenFile, { runs = Infinity, large }: Options): readonly GoldenRun[] {
  const few = spread(file.runs.map(goldenRun), runs)
  return large ? [...few, ...file.large.map(goldenRun)] : few
}

/** Texts of all scenarios below a folder, by name. */
function textsIn(folder: string): ReadonlyMap<string, string> {
  return new Map(
    filesIn([folder]).map((path) => [basename(path, '.yaml'), readFileSync(path, 'utf8')]),
  )
}

function asText(rows: readonly SelfTestRow[], took: number, { engine }: GoldenFile): string {
  const failed = rows.filter(({ passed }) => !passed)
  const heads = ['scenario', 'variant', 'seed', 'digest it must have', 'what came of it']
  const lines = failed.map(({ run, got }) => {
    return [run.name, run.variant ?? '', run.seed, run.digest, got]
  })
  const events = rows.reduce((sum, row) => sum + row.events, 0)
  const made = `${(events / 1e6).toFixed(1)} million events in ${(took / 1000).toFixed(1)} s`
  const other = engine === ENGINE_VERSION ? '' : `; the golden runs are of engine ${engine}`
  const same = rows.length - failed.length
  return (
    (failed.length > 0 ? table([heads, ...lines], 5) : '') +
    `${same} of ${rows.length} runs came to the same digest; ${made}; engine ${ENGINE_VERSION}${other}\n`
  )
}
