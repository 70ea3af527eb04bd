/** What a scenario will come to, as far as arithmetic can tell before it runs: how much work, and where too much. */
import { meanOf } from '../../core/moments.ts'
import { SECOND } from '../../units.ts'
import { type Finding, finding, pathText } from '../problem.ts'
import type { Arrivals, LoadSpec, Scenario } from '../scenario.ts'
import { short } from '../schema/values.ts'
import { CallSearch, callsOf, keyOf, type Visit } from './cycles.ts'

/** Calls (or calls per second) at a service for one operation. */
export interface Flow {
  readonly visit: Visit
  readonly count: number
}

/** Mean rate of an open load while it runs, in 1/s; a ramp counts with its end. */
export function meanRate(arrivals: Arrivals, duration: number): number {
  switch (arrivals.kind) {
    case 'poisson':
    case 'constant':
    case 'spike':
      return arrivals.rate
    case 'ramp':
      return arrivals.to
    case 'diurnal':
      return arrivals.mean
    case 'bursty': {
      const { quiet, busy, quietFor, busyFor } = arrivals
      return (quiet * quietFor + busy * busyFor) / (quietFor + busyFor)
    }
    case 'trace':
      return (arrivals.times.length * SECOND) / duration
    case 'renewal':
      return SECOND / Math.max(1, meanOf(arrivals.gap))
  }
}

/** What open loads cause everywhere when nothing fails, for what each of them sends. */
export function flows(
  scenario: Scenario,
  sent: (load: LoadSpec, arrivals: Arrivals) => number,
): Flow[] {
  const counts = new Map<string, number>()
  const search = new CallSearch(scenario.services)
  for (const load of Object.values(scenario.load)) {
    if (!load.arrivals) continue
    const count = sent(load, load.arrivals)
    for (const [op, share] of Object.entries(load.mix)) {
      const visit = { service: load.to, op }
      search.from(visit)
      counts.set(keyOf(visit), (counts.get(keyOf(visit)) ?? 0) + count * share)
    }
  }
  return [...search.done.values()].reverse().map((visit) => {
    const count = counts.get(keyOf(visit)) ?? 0
    for (const call of callsOf(scenario.services, visit)) {
      const key = keyOf(call.visit)
      counts.set(key, (counts.get(key) ?? 0) + count * call.times)
    }
    return { visit, count }
  })
}

/** Warnings about queues that grow without bound, and an error when a run cannot end in time. */
export function checkFlow(scenario: Scenario): Finding[] {
  return [...tooMuch(scenario), ...unstable(scenario)]
}

/** Requests that a load sends in all. */
function requestsOf(load: LoadSpec, arrivals: Arrivals, duration: number): number {
  const seconds = Math.max(0, Math.min(load.until, duration) - load.from) / SECOND
  return Math.min(load.requests, meanRate(arrivals, duration) * seconds)
}

function tooMuch(scenario: Scenario): Finding[] {
  const { budget, duration } = scenario
  let calls = 0
  for (const { count } of flows(scenario, (load, arrivals) =>
    requestsOf(load, arrivals, duration),
  )) {
    calls += count
  }
  const events = calls * EVENTS_PER_CALL
  if (events <= budget.events) return []
  const days = events / EVENTS_PER_SECOND / 86_400
  const says =
    `${pathText(['load'])}: This comes to about ${round(events)} events (${round(days)} days of computing); ` +
    `the budget is ${round(budget.events)} events.`
  const hint = 'Lower the rate or the duration, or raise budget.events.'
  return [finding('E_LIMIT', ['load'], says, { hint, at: 'key' })]
}

/** Arrival, completion and reply, at least. */
const EVENTS_PER_CALL = 3
const EVENTS_PER_SECOND = 4e6

function round(value: number): string {
  return value >= 1e7
    ? value.toExponential(1).replace('.0', '').replace('+', '')
    : short(Number(value.toPrecision(2)))
}

function unstable(scenario: Scenario): Finding[] {
  const busy = new Map<string, number>()
  const all = flows(scenario, (_, arrivals) => meanRate(arrivals, scenario.duration))
  for (const { visit, count: rate } of all) {
    const work = scenario.services[visit.service]?.work
    const law = work && (Object.hasOwn(work, visit.op) ? work[visit.op] : work['*'])
    const mean = law ? meanOf(law) / SECOND : 0
    busy.set(visit.service, (busy.get(visit.service) ?? 0) + rate * mean)
  }
  return [...busy].flatMap(([name, load]) => {
    const { instances, concurrency, queue } = scenario.services[name]!
    const slots = instances * concurrency
    if (queue !== Infinity || load < slots) return []
    const path = ['services', name]
    const says =
      `${pathText(path)}: Work for ${round(load)} slots arrives and there are ${slots}: ` +
      'its queue grows without bound.'
    const hint = 'Add slots, lower the load, or bound the queue.'
    return [finding('E_UNSTABLE', path, says, { at: 'key', hint, severity: 'warning' })]
  })
}
