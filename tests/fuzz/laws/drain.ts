/** When nobody sends any more and every fault is over, what is under way ends. */
import type { World } from '../../../engine/model/world.ts'
import { PERIODIC } from '../../../engine/model/kinds.ts'
import type { Scenario } from '../../../engine/scenario/scenario.ts'
import { SECOND } from '../../../engine/units.ts'
import type { Law } from './law.ts'
import { runOf } from './law.ts'

/** Time enough for all that ends by itself. */
const LONG = 3_000_000 * SECOND
/** Steps of time in which the end is looked for. */
const STEPS = 24

/** With arrivals stopped and faults healed, nothing is pending but named periodic timers. */
export const drained: Law = {
  name: 'what is under way ends',
  check({ scenario, straight }) {
    if (straight.stopped !== undefined || mayGoOn(scenario)) return []
    const run = runOf(quiet(scenario))
    const { world } = run.built
    let step = scenario.duration
    for (let n = 0; n < STEPS && !isQuiet(world); n++) world.run((step += LONG / 4 ** (STEPS - n)))
    const { requests, violations, pending } = run.result()
    if (world.stopped !== undefined || waitsLonger(world)) return []
    return [
      ...violations.map(({ law, place, detail }) => `${law}, ${place}: ${detail}`),
      ...(isQuiet(world) ? [] : [`${pending.other} events are still pending`]),
      ...(requests.unfinished === 0 || mayHang(scenario)
        ? []
        : [`${requests.unfinished} requests never ended`]),
      ...(pending.periodic.includes('') ? ['a periodic timer has no name'] : []),
      ...(isQuiet(world) && world.pool.live === 0 ? kept(world) : []),
    ]
  },
}

/** Whether somebody was told to wait for longer than one looks: a knob may say a hundred days. */
function waitsLonger(world: World): boolean {
  let last = 0
  world.queue.forEachPending((kind, _actor, _argument, _extra, time) => {
    if (kind !== PERIODIC) last = Math.max(last, time)
  })
  return last > 2 * LONG
}

/** What counts calls that are under way, by pattern. */
const OF_CALLS: Readonly<Record<string, readonly string[]>> = {
  bulkhead: ['inUse', 'waiting'],
  'load-shedder': ['inflight'],
  'rate-limiter': ['waiting'],
}

/** What patterns still hold for calls when there are none. */
function kept({ units }: World): string[] {
  return units.flatMap(({ component, signals, site }) =>
    (OF_CALLS[component.name] ?? []).flatMap((name) => {
      const { value } = signals.summaries()[name]!
      return value === 0 ? [] : [`${site.path}: ${name} is ${value} when all is over`]
    }),
  )
}

function isQuiet(world: World): boolean {
  let others = 0
  world.queue.forEachPending((kind) => {
    if (kind !== PERIODIC) others++
  })
  return others === 0
}

/** The scenario with its users gone and its faults over after its duration. */
function quiet(scenario: Scenario): Scenario {
  const { duration } = scenario
  const load = Object.entries(scenario.load).map(([name, spec]) => [
    name,
    { ...spec, until: Math.min(spec.until, duration) },
  ])
  const faults = scenario.faults
    .filter(({ at }) => at !== undefined)
    .map((fault) => ({ ...fault, for: Math.min(fault.for, duration) }))
  return {
    ...scenario,
    load: Object.fromEntries(load) as Scenario['load'],
    faults,
    duration: LONG * 2,
    budget: { events: 100_000, memory: 1e9 },
  }
}

/** Patterns that may rightly work for ever: they try again until it succeeds, or talk to each other. */
const RESTLESS: ReadonlySet<string> = new Set([
  'message-queue',
  'saga-orchestrator',
  'crdt-counter',
])

function mayGoOn({ patterns }: Scenario): boolean {
  return patterns.some(({ use }) => RESTLESS.has(use))
}

/** A message that is lost in silence leaves its caller waiting for ever, when nothing limits it. */
function mayHang(scenario: Scenario): boolean {
  const { links, faults, load } = scenario
  const silent = ['loss', 'partition', 'crash', 'region']
  return (
    Object.values(load).some(({ timeout }) => timeout === Infinity) &&
    (Object.values(links).some(({ loss }) => loss > 0) ||
      faults.some(({ verb }) => silent.includes(verb)) ||
      mayDeadlock(scenario))
  )
}

/** Who asks for a lock at a service that needs the lock itself, through a cache that lets one ask for all, waits for its own question. */
function mayDeadlock({ patterns }: Scenario): boolean {
  const has = (name: string, knob: string, value: unknown): boolean =>
    patterns.some(
      ({ use, values, where }) =>
        use === name &&
        [values, ...where.map((each) => each.values)].some((one) => one[knob] === value),
    )
  return has('cache', 'singleFlight', true) && has('lease-lock', 'requestTimeout', Infinity)
}
