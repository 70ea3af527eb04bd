/** Calls wait for their answers, so a circle of calls would never end. */
import { type Finding, type Path, finding, pathText } from '../problem.ts'
import type { ServiceSpec, Step } from '../scenario.ts'

type Services = Readonly<Record<string, ServiceSpec>>

/** A service and the operation it is asked for. */
export interface Visit {
  readonly service: string
  readonly op: string
}

/** The first circle that a call can get into; none when calls always end. */
export function checkCycles(services: Services): Finding[] {
  const search = new CallSearch(services)
  for (const [service, spec] of Object.entries(services)) {
    for (const op of ['*', ...Object.keys(spec.calls)]) {
      const circle = search.from({ service, op })
      if (circle) return [cycle(circle)]
    }
  }
  return []
}

function cycle(circle: readonly string[]): Finding {
  const [first] = circle
  const path: Path = ['services', first!, 'calls']
  const says = `${pathText(path)}: Calls go in a circle: ${circleText(circle)}.`
  const hint = 'Take one of the calls out, or give it an operation that calls nobody.'
  return finding('E_CYCLE', path, says, { at: 'key', hint })
}

/** A circle with its middle left out when it is long. */
function circleText(circle: readonly string[]): string {
  if (circle.length <= 12) return circle.join(' -> ')
  const middle = `… ${circle.length - 10} more …`
  return [...circle.slice(0, 5), middle, ...circle.slice(-5)].join(' -> ')
}

/** Depth-first search without recursion: chains of calls may be long. */
export class CallSearch {
  /** What calls nobody that was not seen before comes first: callees before their callers. */
  readonly done = new Map<string, Visit>()
  private readonly services: Services

  constructor(services: Services) {
    this.services = services
  }

  /** The services of a circle that can be reached, the first of them again at the end. */
  from(start: Visit): string[] | undefined {
    if (this.done.has(keyOf(start))) return undefined
    const way = [{ visit: start, left: this.next(start) }]
    const entered = new Set([keyOf(start)])
    for (let last = way.at(-1); last; last = way.at(-1)) {
      const next = last.left.pop()
      if (next === undefined) {
        this.done.set(keyOf(last.visit), last.visit)
        entered.delete(keyOf(last.visit))
        way.pop()
      } else if (entered.has(keyOf(next))) {
        const again = way.findIndex(({ visit }) => keyOf(visit) === keyOf(next))
        return [...way.slice(again).map(({ visit }) => visit.service), next.service]
      } else if (!this.done.has(keyOf(next))) {
        way.push({ visit: next, left: this.next(next) })
        entered.add(keyOf(next))
      }
    }
    return undefined
  }

  private next(visit: Visit): Visit[] {
    return callsOf(this.services, visit)
      .map((call) => call.visit)
      .reverse()
  }
}

/** What a service calls when it is asked for an operation, and how often on average. */
export function callsOf(
  services: Services,
  { service, op }: Visit,
): { visit: Visit; times: number }[] {
  const calls = services[service]?.calls
  const steps = calls && (Object.hasOwn(calls, op) ? calls[op] : calls['*'])
  return (steps ?? []).flatMap((step) => visitsOf(step, op, 1))
}

function visitsOf(step: Step, op: string, times: number): { visit: Visit; times: number }[] {
  if (step.kind === 'call') {
    return [{ visit: { service: step.to, op: step.op ?? op }, times: times * step.times }]
  }
  if (step.kind === 'parallel') return step.calls.flatMap((call) => visitsOf(call, op, times))
  return step.branches.flatMap(({ share, steps }) =>
    steps.flatMap((inner) => visitsOf(inner, op, times * share)),
  )
}

/** A visit as the key of a map. */
export function keyOf({ service, op }: Visit): string {
  return `${service}\n${op}`
}
