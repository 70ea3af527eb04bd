/** The ends of an edge must be there. */
import type { Finding, Path } from '../problem.ts'
import { parseEdge } from '../text/selector.ts'
import { type World, checkService, unknownName } from './world.ts'

/** Both ends of an edge; the caller may be a load. `*` is anything. */
export function checkEdge(world: World, text: string, path: Path, at: 'key' | 'value'): Finding[] {
  const edge = parseEdge(text)
  if (!edge) return []
  const found: Finding[] = []
  const callers = [...world.services, ...world.loads]
  if (edge.from !== '*' && !callers.includes(edge.from)) {
    found.push(unknownName('service', edge.from, callers, path, { at }))
  }
  if (edge.to !== '*') {
    found.push(...checkService(world, edge.to, path, { at, shift: edge.toShift }))
  }
  return found
}
