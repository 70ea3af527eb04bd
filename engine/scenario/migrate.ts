/** Older files are read by bringing them up to date, one version at a time. */
import { type Finding, finding, show } from './problem.ts'
import { type Entry, type MapNode, type Node, nodeAt } from './text/tree.ts'

/** Brings a file from one version of the format to the next, in place. */
export type Migration = (root: MapNode) => void

/** By the version they start from. */
export const migrations: readonly Migration[] = [nodesBecomeServices]

/** The version that this engine writes. */
export const CURRENT_VERSION = migrations.length

/** 0 → 1: `nodes` are called `services`, and `length` is called `duration`. */
function nodesBecomeServices(root: MapNode): void {
  rename(root, 'nodes', 'services')
  rename(root, 'length', 'duration')
}

function rename(map: MapNode, from: string, to: string): void {
  if (!map.entries.has(from) || map.entries.has(to)) return
  const entries = [...map.entries]
  map.entries.clear()
  for (const [key, entry] of entries) map.entries.set(key === from ? to : key, entry)
}

/** Brings a file up to date; says so when it cannot. */
export function migrate(root: MapNode): Finding[] {
  const node = nodeAt(root, ['schema'])
  if (!node) return [missing()]
  const version = node.kind === 'scalar' ? node.value : undefined
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 0) {
    return [unreadable(node)]
  }
  if (version > CURRENT_VERSION) return [newer(version)]
  for (const migration of migrations.slice(version)) migration(root)
  root.entries.set('schema', current(root.entries.get('schema')!))
  return []
}

function current(entry: Entry): Entry {
  const { start } = entry.value
  return { ...entry, value: { kind: 'scalar', start, inset: undefined, value: CURRENT_VERSION } }
}

function missing(): Finding {
  const says = 'schema is missing: the file does not say which version of the format it is in.'
  return finding('E_VERSION', ['schema'], says, { hint: 'Add the line `schema: 1` at the top.' })
}

function unreadable(node: Node): Finding {
  const shown = show(node.kind === 'scalar' ? node.value : [])
  const says = `schema is ${shown}; it must be a whole number from 0 to ${CURRENT_VERSION}.`
  return finding('E_VERSION', ['schema'], says, { hint: `Write \`schema: ${CURRENT_VERSION}\`.` })
}

function newer(version: number): Finding {
  const says = `schema is ${version}: made by a newer version; this build reads 0..${CURRENT_VERSION}.`
  return finding('E_VERSION', ['schema'], says, { hint: 'Reload the page, or update the program.' })
}
