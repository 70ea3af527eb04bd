/** A fault that is being written: what it can hit, what it can say, and its line in the file. */
import { loadsWithRate } from '../../engine/scenario/rates.ts'
import type { Aim } from '../../engine/scenario/schema/faults.ts'
import type { Scenario } from '../../engine/scenario/scenario.ts'

/** Most instances of one service that are offered by number. */
const MOST_INSTANCES = 8

/** Everything in a scenario that a fault of some aim can hit; undefined: anything may be written. */
export function targetsOf(
  aim: Aim,
  { services, load, patterns, off }: Targets,
): readonly string[] | undefined {
  const names = Object.keys(services)
  switch (aim) {
    case 'service':
      return names
    case 'instance':
      return names.flatMap((name) => [name, ...instancesOf(name, services[name]!.instances)])
    case 'edge':
      return edgesOf({ services, load })
    case 'cut':
      return [...edgesOf({ services, load }), ...pairsOf(areasOf(services))]
    case 'pattern':
      return [...patterns, ...off].map(({ id }) => id)
    case 'knob':
      return undefined
    case 'load':
      return Object.keys(load)
    case 'rate':
      return loadsWithRate(load)
    case 'area':
      return areasOf(services)
  }
}

/** What of a scenario can be hit. */
export interface Targets extends Pick<Scenario, 'services' | 'load'> {
  readonly patterns: readonly { readonly id: string }[]
  readonly off: readonly { readonly id: string }[]
}

function instancesOf(name: string, instances: number): string[] {
  if (instances < 2) return []
  return Array.from({ length: Math.min(instances, MOST_INSTANCES) }, (_, at) => `${name}#${at}`)
}

function areasOf(services: Scenario['services']): string[] {
  const all = Object.values(services).flatMap(({ zone, region }) => [zone, region])
  return [...new Set(all)].filter((name) => name !== '')
}

function pairsOf(names: readonly string[]): string[] {
  return names.flatMap((one) =>
    names.filter((other) => other !== one).map((other) => `${one} -> ${other}`),
  )
}

/** Edges as the file has them: from services by what they call, from loads by where they go. */
function edgesOf({ services, load }: Pick<Scenario, 'services' | 'load'>): string[] {
  const edges = new Set<string>()
  for (const [name, { calls }] of Object.entries(services)) {
    for (const to of calledBy(calls)) edges.add(`${name} -> ${to}`)
  }
  for (const [name, { to }] of Object.entries(load)) edges.add(`${name} -> ${to}`)
  return [...edges]
}

function calledBy(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return []
  const { kind, to } = part as { kind?: string; to?: string }
  if (kind === 'call' && to !== undefined) return [to]
  return Object.values(part).flatMap(calledBy)
}

/** A key of a fault with the text it has in the example. */
export interface Word {
  readonly key: string
  readonly text: string
}

/** The keys of an example such as `{ at: 30s, for: 15s, slow: db, by: 2.7 }`, in its order. */
export function wordsOf(example: string): Word[] {
  return [...example.matchAll(/([\w-]+): ([^,}]+)/g)].map(([, key = '', text = '']) => {
    return { key, text: text.trim() }
  })
}

/** A fault as a line of the file. Words without a text are left out. */
export function faultLine(words: readonly Word[]): string {
  const said = words.filter(({ text }) => text.trim() !== '')
  return `{ ${said.map(({ key, text }) => `${key}: ${quoted(text.trim())}`).join(', ')} }`
}

/** A text that YAML would read as something else stands in quotes. */
function quoted(text: string): string {
  const isPlain = /^[\w.+-][\w .%()/+=>#-]*$/.test(text) && !text.includes(' #')
  return isPlain ? text : `'${text.replaceAll("'", "''")}'`
}
