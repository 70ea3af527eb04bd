/** Metamorphic laws: changes to a scenario that must change nothing, or only what they name. */
import type { VariantResult } from '../../../engine/results/result.ts'
import type { LoadSpec, Scenario, ServiceSpec } from '../../../engine/scenario/scenario.ts'
import type { Law, Subject } from './law.ts'
import { differences, runOf } from './law.ts'

/** The order in which services, links and loads are declared is of no consequence. */
export const permuted: Law = {
  name: 'the order of declaration changes nothing',
  check({ scenario, straight }) {
    const { services, links, load } = scenario
    const changed = runOf({
      ...scenario,
      services: reversed(services),
      links: reversed(links),
      load: reversed(load),
    }).finish()
    return differences('permuted', outcome(straight), outcome(changed))
  },
}

function reversed<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).toReversed())
}

/** What happened, without the books that a change of names or of order shifts. */
function outcome({ digest, outcomeDigest, events, requests, services, edges }: VariantResult) {
  return { events, requests, services, edges, digest, outcomeDigest }
}

/** A small service that nobody calls, in what is not said like another one. */
function besides(like: ServiceSpec): ServiceSpec {
  const work = { '*': { kind: 'exponential', mean: 3e6 } } as const
  const place = { zone: '', region: '', calls: {}, errors: 0 }
  return { ...like, ...place, work, instances: 1, concurrency: 2, queue: 5, discipline: 'fifo' }
}

/** A service that nobody else calls changes nothing for the others, with users of its own or without. */
export const beside: Law = {
  name: 'a service beside changes nothing',
  check(subject) {
    const { scenario, straight } = subject
    // It is hit by what is aimed at all, and takes its part of what is counted for all.
    if (straight.stopped !== undefined || isEverywhere(scenario)) return []
    const [first] = Object.values(scenario.load)
    const crowd: LoadSpec = { ...first!, ...CROWD }
    const [like] = Object.values(scenario.services)
    const services = { beside: besides(like!), ...scenario.services }
    const alone = runOf({ ...scenario, services }).finish()
    const load = { crowd, ...scenario.load }
    const budget = { ...scenario.budget, events: 30_000 }
    const visited = runOf({ ...scenario, services, load, budget }).finish()
    if (visited.stopped !== undefined) return []
    return [
      ...differences('beside', pick(straight, subject), pick(alone, subject)),
      ...differences('beside digest', straight.digest, alone.digest),
      ...differences('beside, visited', pick(straight, subject), pick(visited, subject)),
    ]
  },
}

const CROWD: Partial<LoadSpec> = {
  to: 'beside',
  arrivals: { kind: 'poisson', rate: 40 },
  users: 0,
  think: undefined,
  from: 0,
  until: Infinity,
  requests: 50,
}

/** Whether a pattern or fault hits every service there is. */
function isEverywhere({ patterns, faults }: Scenario): boolean {
  return (
    patterns.some(({ where }) => where.some(({ selector }) => selector === '*')) ||
    faults.some(({ target }) => target === '*')
  )
}

/** What a result says of the services, edges and patterns of the subject. */
function pick({ services, edges, signals }: VariantResult, { straight }: Subject) {
  const own = <T>(all: Readonly<Record<string, T>>, names: object) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => name in names))
  return {
    services: own(services, straight.services),
    edges: own(edges, straight.edges),
    signals: own(signals, straight.signals),
  }
}

/** Two copies side by side are two runs: the first copy keeps its names, and with them its chance. */
export const doubled: Law = {
  name: 'two copies do not interact',
  check(subject) {
    const { scenario, straight } = subject
    if (straight.stopped !== undefined || Object.keys(scenario.services).length > 8) return []
    const twin = twinOf(scenario)
    const both = runOf({ ...twin, budget: { events: 30_000, memory: 1e9 } }).finish()
    // The copy has dice of its own, and may be one that never ends.
    if (both.stopped !== undefined) return []
    return differences('beside its copy', pick(straight, subject), pick(both, subject))
  },
}

/** A scenario with a copy of itself under other names. */
function twinOf(original: Scenario): Scenario {
  const scenario = spelled(original)
  const names = [
    ...Object.keys(scenario.services),
    ...Object.keys(scenario.load),
    ...scenario.patterns.map(({ id }) => id),
    ...areasOf(scenario),
  ]
  const { services, links, load, patterns, faults, order } = renamed(scenario, (name) =>
    names.includes(name) ? `${name}-copy` : name,
  )
  return {
    ...scenario,
    services: { ...scenario.services, ...services },
    links: { ...scenario.links, ...links },
    load: { ...scenario.load, ...load },
    patterns: [
      ...scenario.patterns,
      ...patterns.map((one, at) => ({ ...one, use: scenario.patterns[at]!.use })),
    ],
    faults: [...scenario.faults, ...faults.filter(({ target }) => target.includes('-copy'))],
    order: [...scenario.order, ...order],
  }
}

function areasOf({ services, load }: Scenario): string[] {
  const places = [...Object.values(services), ...Object.values(load)] as {
    zone: string
    region?: string
  }[]
  return places.flatMap(({ zone, region = '' }) => [zone, region]).filter((area) => area !== '')
}

/** Selectors that mean every service, spelled out: in a scenario with a copy they would mean the copy, too. */
function spelled(scenario: Scenario): Scenario {
  const names = Object.keys(scenario.services)
  const edges = names.flatMap((from) => names.map((to) => `${from} -> ${to}`))
  const all = (selector: string): readonly string[] =>
    selector === '*' ? names : selector === '* -> *' ? edges : [selector]
  const patterns = scenario.patterns.map((one) => ({
    ...one,
    where: one.where.flatMap(({ selector, values }) =>
      all(selector).map((each) => ({ selector: each, values })),
    ),
  }))
  return { ...scenario, patterns }
}

/** Every name in a tree of plain data, changed: as a key, as a word of a text. */
function renamed<T>(tree: T, change: (name: string) => string): T {
  const inText = (text: string): string => text.replaceAll(/[\w-]+/g, change)
  if (typeof tree === 'string') return inText(tree) as T
  if (Array.isArray(tree)) return tree.map((each) => renamed(each as unknown, change)) as T
  if (typeof tree !== 'object' || tree === null) return tree
  const entries = Object.entries(tree).map(([key, value]) => [inText(key), renamed(value, change)])
  return Object.fromEntries(entries) as T
}
