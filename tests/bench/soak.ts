/** The soak itself: one world, run on and on, its heap measured after a collection at every tenth. */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { patterns } from '../../engine/patterns/index.ts'
import { Run } from '../../engine/run.ts'
import { readScenario } from '../../engine/scenario/read.ts'
import type { Scenario } from '../../engine/scenario/scenario.ts'
import { SECOND } from '../../engine/units.ts'

const { values: flags } = parseArgs({
  options: { events: { type: 'string', default: '1e9' }, file: { type: 'string' } },
})

const MEGABYTE = 1e6
/** Most growth of the heap from the first tenth to the end. */
const MOST = 1.05

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Without an end of its own: the number of events is the limit. */
function endless(scenario: Scenario, events: number): Scenario {
  const load = Object.entries(scenario.load).map(([name, spec]) => [
    name,
    { ...spec, until: Infinity, requests: Infinity },
  ])
  return {
    ...scenario,
    load: Object.fromEntries(load) as Scenario['load'],
    duration: Number.MAX_SAFE_INTEGER,
    budget: { ...scenario.budget, events: events + 1 },
  }
}

/** One queue, busy enough: virtual time ends after 104 days, at 2^53 ns. */
const QUEUE = `schema: 1
services: { server: { concurrency: 1, queue: unbounded, work: exponential(1ms) } }
load: { users: { to: server, arrivals: poisson(800/s) } }
`

function scenarioOf(file: string | undefined): Scenario {
  const read = readScenario(file === undefined ? QUEUE : readFileSync(file), file ?? 'queue')
  if (!read.ok) throw new Error(read.errors[0]!.message)
  return read.scenario
}

function heap(): { heap: number; rss: number } {
  collect()
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage()
  return { heap: (heapUsed + arrayBuffers) / MEGABYTE, rss: rss / MEGABYTE }
}

const events = Number(flags.events)
const scenario = endless(scenarioOf(flags.file), events)
const run = new Run(scenario, { variant: 'soak', seed: '1', recording: false, catalogue: patterns })
const { world } = run.built
const begun = process.cpuUsage().user
const heaps: number[] = []
for (let tenth = 1; tenth <= 10; tenth++) {
  run.advance(Math.round((events * tenth) / 10) - world.events)
  const now = heap()
  heaps.push(now.heap)
  const days = world.now / (86_400 * SECOND)
  const cells = [
    `${world.events} events`,
    `${days.toFixed(1)} days`,
    `heap ${now.heap.toFixed(2)} MB`,
  ]
  console.log(`${cells.join(', ')}, RSS ${Math.round(now.rss)} MB`)
}
const seconds = (process.cpuUsage().user - begun) / 1e6
const growth = heaps.at(-1)! / heaps[0]!
const { violations, stopped } = run.result()
console.log(
  `${(world.events / seconds / 1e6).toFixed(1)} million events a second of processor time; ` +
    `heap × ${growth.toFixed(3)}; ${violations.length} violations; ${stopped ?? 'not stopped'}`,
)
process.exitCode = growth <= MOST && violations.length === 0 && world.events >= events ? 0 : 1
