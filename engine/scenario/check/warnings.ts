/** What is allowed, but hardly meant. */
import type { Distribution } from '../../core/distribution.ts'
import { servicesNamed } from '../../params.ts'
import { type Finding, type Path, finding, pathText, show } from '../problem.ts'
import type { Attachment, LinkSpec, Scenario, Step } from '../scenario.ts'
import type { Catalogue } from '../schema/patterns.ts'
import { formatSpan } from '../schema/values.ts'
import { didYouMean } from '../text/suggest.ts'
import { covers, edgeText, parseEdge } from '../text/selector.ts'
import { merged } from '../normalise/merge.ts'
import { paramsOf } from './world.ts'

/** Everything about a scenario that is worth a second look. */
export function warningsOf(scenario: Scenario, catalogue: Catalogue): Finding[] {
  const edges = edgesOf(scenario, catalogue)
  return [
    ...emptyPlaces(scenario, edges),
    ...idleLinks(scenario, edges),
    ...hopelessTimeouts(scenario, catalogue, edges),
    ...lateFaults(scenario),
    ...strangeTags(scenario, catalogue),
  ]
}

function warning(
  code: 'E_REF' | 'E_RANGE' | 'E_ENUM',
  path: Path,
  says: string,
  hint = '',
): Finding {
  const sentence = `${pathText(path)}: ${says}`
  return finding(code, path, sentence, { severity: 'warning', hint, at: 'key' })
}

function callees(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => {
    if (step.kind === 'call') return [step.to]
    if (step.kind === 'parallel') return step.calls.map((call) => call.to)
    return step.branches.flatMap((branch) => callees(branch.steps))
  })
}

/** Edges that services and loads call over, and those that a pattern may open. */
function edgesOf(scenario: Scenario, catalogue: Catalogue): string[] {
  const called = Object.entries(scenario.services).flatMap(([from, spec]) =>
    Object.values(spec.calls).flatMap((steps) => callees(steps).map((to) => edgeText(from, to))),
  )
  const loads = Object.entries(scenario.load).map(([name, { to }]) => edgeText(name, to))
  const opened = scenario.patterns.flatMap((one) =>
    servicesOf(one, catalogue).flatMap((to) =>
      Object.keys(scenario.services).map((from) => edgeText(from, to)),
    ),
  )
  const peers = Object.keys(scenario.services).map((name) => edgeText(name, name))
  return [...new Set([...called, ...loads, ...opened, ...peers])]
}

function servicesOf({ use, values, where }: Attachment, catalogue: Catalogue): string[] {
  const params = paramsOf(catalogue.get(use)!)
  return [values, ...where.map((line) => merged(values, line.values))].flatMap((all) =>
    servicesNamed(params, all),
  )
}

function emptyPlaces({ patterns }: Scenario, edges: readonly string[]): Finding[] {
  return patterns.flatMap(({ id, where }) =>
    where
      .filter(({ selector }) => parseEdge(selector) && selector !== '* -> *')
      .filter(({ selector }) => !edges.some((edge) => covers(selector, edge)))
      .map(({ selector }) =>
        warning('E_REF', ['patterns', id, 'where'], `No call goes over ${selector}.`),
      ),
  )
}

function idleLinks({ links }: Scenario, edges: readonly string[]): Finding[] {
  return Object.keys(links)
    .filter((name) => name !== 'default' && !edges.includes(name))
    .map((name) => warning('E_REF', ['links', name], `No call goes over ${name}.`))
}

/** Shortest time a message takes. */
function leastOf(law: Distribution): number {
  if (law.kind === 'constant') return law.value
  if (law.kind === 'uniform') return law.from
  if (law.kind === 'pareto') return law.minimum
  return law.kind === 'empirical' ? law.values.reduce((a, b) => Math.min(a, b)) : 0
}

/** Timeouts that are over before an answer can be there. */
function hopelessTimeouts(scenario: Scenario, catalogue: Catalogue, edges: readonly string[]) {
  const inner = edges.filter((edge) => Object.hasOwn(scenario.services, parseEdge(edge)!.from))
  const found = new Map<string, Finding>()
  for (const attachment of scenario.patterns) {
    if (catalogue.get(attachment.use)!.primary !== 'timeout') continue
    for (const edge of inner) {
      const timeout = timeoutAt(attachment, edge)
      const trip = 2 * leastOf(linkOf(scenario, edge).latency)
      if (timeout === undefined || timeout > trip || found.has(attachment.id)) continue
      const path = ['patterns', attachment.id]
      const says = `Every call over ${edge} will time out: ${formatSpan(timeout)}, and the way takes ${formatSpan(trip)}.`
      found.set(attachment.id, warning('E_RANGE', path, says, 'Wait longer.'))
    }
  }
  return [...found.values()]
}

function linkOf({ links }: Scenario, edge: string): LinkSpec {
  return links[edge] ?? links['default']!
}

function timeoutAt({ values, where }: Attachment, edge: string): number | undefined {
  const lines = where.filter(({ selector }) => covers(selector, edge))
  if (lines.length === 0) return undefined
  const all = lines.reduce<Record<string, unknown>>((so, line) => merged(so, line.values), {
    ...values,
  })
  return typeof all['timeout'] === 'number' ? all['timeout'] : undefined
}

function lateFaults({ faults, duration }: Scenario): Finding[] {
  return faults.flatMap(({ at }, index) =>
    at === undefined || at < duration
      ? []
      : [warning('E_RANGE', ['faults', index, 'at'], 'This is after the end of the run.')],
  )
}

function strangeTags({ tags }: Scenario, catalogue: Catalogue): Finding[] {
  const known = [...catalogue.keys()]
  return tags.patterns.flatMap((name, index) => {
    if (catalogue.has(name)) return []
    const path = ['tags', 'patterns', index]
    return [warning('E_ENUM', path, `There is no pattern ${show(name)}.`, didYouMean(name, known))]
  })
}
