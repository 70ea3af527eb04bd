/** Laws that hold in every run, recounted from what is in flight: no call is lost, doubled or invented. */
import type { CallFrame } from '../model/call-frame.ts'
import { CLIENT, VISIT, QUEUED, ON_WIRE, ON_REPLY_WIRE } from '../model/call-frame.ts'
import type { World } from '../model/world.ts'
import type { EdgeColumns } from './columns.ts'
import { openOf } from './columns.ts'
import type { Violation } from './result.ts'

/** Every law that does not hold now; none in a sound run. */
export function checkLaws(world: World, edges: ReadonlyMap<string, EdgeColumns>): Violation[] {
  const inFlight = countInFlight(world)
  const found: Violation[] = []
  const check = (law: string, place: string, expected: number, counted: number): void => {
    if (expected !== counted) found.push({ law, place, detail: `expected ${expected}, counted ${counted}` })
  }
  check('requests are conserved', 'all loads', openOf(world.totals.ends), inFlight.requests)
  for (const [name, edge] of edges) check('calls are conserved', name, openOf(edge.ends), inFlight.edges.get(name) ?? 0)
  for (const [name, service] of world.services) {
    check('visits are conserved', name, openOf(service.columns.ends), inFlight.services.get(name) ?? 0)
    check('the line is as long as the books say', name, service.columns.waitingCount, inFlight.queued.get(name) ?? 0)
    for (const instance of service.instances) {
      if (instance.busy > service.spec.concurrency) found.push(tooBusy(name, instance.busy, service.spec.concurrency))
    }
  }
  for (const link of world.links.values()) check('messages are conserved', link.name, link.sent + link.duplicated, link.delivered + link.lost + link.onWire)
  check('orphans are counted', 'all services', world.orphans, inFlight.orphans)
  const { messages } = world
  check('messages are conserved', 'between instances', messages.sent, messages.delivered + messages.lost + messages.inFlight)
  return found
}

function tooBusy(place: string, busy: number, slots: number): Violation {
  return { law: 'busy slots never exceed slots', place, detail: `${busy} of ${slots}` }
}

interface InFlight {
  requests: number
  orphans: number
  readonly edges: Map<string, number>
  readonly services: Map<string, number>
  readonly queued: Map<string, number>
}

/** Walks all live frames and counts them where they are, independently of the books. */
function countInFlight(world: World): InFlight {
  const counted: InFlight = { requests: 0, orphans: 0, edges: new Map(), services: new Map(), queued: new Map() }
  world.pool.forEachLive((frame) => {
    if (frame.side === CLIENT && frame.edge !== null) {
      add(counted.edges, frame.edge.name)
      if (frame.load !== null) counted.requests++
    }
    if (frame.side === VISIT) countVisit(counted, frame)
  })
  return counted
}

function countVisit(counted: InFlight, visit: CallFrame): void {
  if (visit.parent < 0) counted.orphans++
  const { name } = visit.instance!.home
  const arrived = visit.phase !== ON_REPLY_WIRE && visit.phase !== ON_WIRE
  if (arrived) add(counted.services, name)
  if (visit.phase === QUEUED) add(counted.queued, name)
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
