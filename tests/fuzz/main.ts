/**
 * The fuzzer as a command: `npm run -s fuzz -- --runs 1000 --seed 1 [--jobs 2] [--most 4]` draws and judges
 * scenarios and says on stderr how far it is; `--shrink 60` gives a failure so many seconds to get small; `--file F` judges
 * one file. Exit code 1 when a law does not hold.
 */
import { fork } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { patterns } from '../../engine/patterns/index.ts'
import { type Catch, hunt } from './hunt.ts'
import { judge } from './judge.ts'
import { summary, told } from './report.ts'
import { sometimesOf } from './sometimes.ts'
import { emptyTally, merge, type Tally } from './tally.ts'

const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '1' },
    most: { type: 'string', default: '4' },
    file: { type: 'string' },
    part: { type: 'string' },
    shrink: { type: 'string', default: '60' },
  },
})

const REGRESSIONS = 'tests/fuzz/regressions'

/** Scenarios between two words of progress. */
const TOLD_EVERY = 500

/** One part of the batch; parts have seeds of their own. */
function part(index: number, parts: number): Catch {
  const runs = Math.ceil(Number(flags.runs) / parts)
  const seed = Number(flags.seed) * 1000 + index
  const most = flags.most === 'all' ? undefined : Number(flags.most)
  const shrinkFor = Number(flags.shrink) * 1000
  const caught = hunt({
    runs,
    seed,
    most,
    shrinkFor,
    catalogue: patterns,
    onRun: teller(index, runs),
  })
  const { tally, quarry } = caught
  if (quarry)
    console.error(`part ${index}: broken after ${tally.runs}: ${quarry.law}\n${quarry.text}`)
  return caught
}

/** Says every so often how many of a part are judged, so that a batch that is stopped has said something. */
function teller(index: number, runs: number): (tally: Tally) => void {
  return ({ runs: judged }) => {
    if (judged % TOLD_EVERY === 0) console.error(`part ${index}: ${judged} of ${runs} judged`)
  }
}

/** Runs a part in a process of its own. */
function forked(index: number, parts: number): Promise<{ caught: Catch; cpu: number }> {
  const child = fork(process.argv[1]!, [...process.argv.slice(2), '--part', `${index}/${parts}`])
  return new Promise((resolve, reject) => {
    child.on('message', (message) => resolve(message as { caught: Catch; cpu: number }))
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`part ${index} ended with code ${code}`)))
  })
}

async function batch(): Promise<number> {
  const parts = Number(flags.jobs)
  const all = await Promise.all(
    parts === 1
      ? [Promise.resolve({ caught: part(0, 1), cpu: cpuSeconds() })]
      : Array.from({ length: parts }, (_, index) => forked(index, parts)),
  )
  const tally = emptyTally()
  for (const { caught } of all) merge(tally, caught.tally)
  const names = [...patterns.keys()]
  const cpu = all.reduce((sum, each) => sum + each.cpu, 0)
  console.log(summary(tally, { cpuSeconds: cpu, names, sometimes: sometimesOf(patterns) }))
  const found = all.flatMap(({ caught }) => caught.quarry ?? [])
  for (const quarry of found) {
    const file = `${REGRESSIONS}/${quarry.law.replaceAll(/\W+/g, '-')}-${Date.now()}.yaml`
    writeFileSync(file, `# Broke: ${quarry.law}\n${quarry.text}`)
    console.log(`\n${await told(quarry, file)}`)
  }
  console.log(`${tally.runs - found.length} held, ${found.length} broken`)
  return found.length === 0 ? 0 : 1
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

function one(file: string): number {
  const { broken, refusal, scenario, events } = judge(readFileSync(file, 'utf8'))
  if (refusal !== undefined) console.log(`The reader refuses it: ${refusal}`)
  else if (broken) console.log([`Broken: ${broken.law}`, ...broken.complaints].join('\n  '))
  else console.log(`All laws hold: ${events} events, seed ${scenario!.seed}`)
  return broken || refusal !== undefined ? 1 : 0
}

if (flags.file !== undefined) process.exitCode = one(flags.file)
else if (flags.part !== undefined) {
  const [index, parts] = flags.part.split('/').map(Number)
  const caught = part(index!, parts!)
  process.send!({ caught, cpu: cpuSeconds() })
} else process.exitCode = await batch()
