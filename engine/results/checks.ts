/** Laws that hold in every run, recounted from what is in flight: no call is lost, doubled or invented. */
import type { CallFrame } from '../model/call-frame.ts'
import { CLIENT, QUEUED, VISIT } from '../model/call-frame.ts'
import type { Instance } from '../model/instance.ts'
import type { World } from '../model/world.ts'
import type { EdgeColumns } from './edge-columns.ts'
import { openOf } from './ends.ts'
import { isDetached, isPresent } from './present.ts'
import type { Violation } from './result.ts'

/** Every law that does not hold now; none in a sound run. */
export function checkLaws(world: World, edges: ReadonlyMap<string, EdgeColumns>): Violation[] {
  const inFlight = countInFlight(world)
  const found: Violation[] = []
  const check = (law: string, place: string, expected: number, counted: number): void => {
    if (expected !== counted)
      found.push({ law, place, detail: `expected ${expected}, counted ${counted}` })
  }
  check('requests are conserved', 'all loads', openOf(world.totals.ends), inFlight.requests)
  for (const [name, edge] of edges)
    check('calls are conserved', name, openOf(edge.ends), inFlight.edges.get(name) ?? 0)
  for (const [name, service] of world.services) {
    check(
      'visits are conserved',
      name,
      openOf(service.columns.ends),
      inFlight.services.get(name) ?? 0,
    )
    const { concurrency, queue, discipline } = service.spec
    let beyond = 0
    for (const instance of service.instances) {
      const holders = inFlight.holders.get(instance) ?? 0
      check('a busy slot is held by a visit', `${name}#${instance.index}`, instance.busy, holders)
      const most = concurrency + (discipline === 'processor-sharing' ? queue : 0)
      if (instance.busy > most) found.push(tooBusy(name, instance.busy, most))
      beyond += Math.max(0, holders - concurrency)
    }
    check(
      'the line is as long as the books say',
      name,
      service.columns.waitingCount,
      beyond + (inFlight.queued.get(name) ?? 0),
    )
    check(
      'as many slots are busy as the books say',
      name,
      service.columns.busyCount,
      sumOf(service.instances, (each) => each.busy) - beyond,
    )
  }
  for (const link of world.links.values())
    check(
      'messages are conserved',
      link.name,
      link.sent + link.duplicated,
      link.delivered + link.lost + link.onWire,
    )
  check('orphans are counted', 'all services', world.orphans, inFlight.orphans)
  check('detached calls are counted', 'all services', world.detached, inFlight.detached)
  const { messages } = world
  check(
    'messages are conserved',
    'between instances',
    messages.sent,
    messages.delivered + messages.lost + messages.inFlight,
  )
  return found
}

function tooBusy(place: string, busy: number, slots: number): Violation {
  return { law: 'busy slots never exceed slots', place, detail: `${busy} of ${slots}` }
}

function sumOf<T>(list: readonly T[], value: (item: T) => number): number {
  return list.reduce((sum, item) => sum + value(item), 0)
}

interface InFlight {
  requests: number
  orphans: number
  detached: number
  readonly holders: Map<Instance, number>
  readonly edges: Map<string, number>
  readonly services: Map<string, number>
  readonly queued: Map<string, number>
}

/** Walks all live frames and counts them where they are, independently of the books. */
function countInFlight(world: World): InFlight {
  const counted: InFlight = {
    requests: 0,
    orphans: 0,
    detached: 0,
    holders: new Map(),
    edges: new Map(),
    services: new Map(),
    queued: new Map(),
  }
  world.pool.forEachLive((frame) => {
    if (frame.side === CLIENT && frame.edge !== null) {
      add(counted.edges, frame.edge.name)
      if (frame.load !== null) counted.requests++
      if (isDetached(frame)) counted.detached++
    }
    if (frame.side === VISIT) countVisit(counted, frame)
  })
  return counted
}

function countVisit(counted: InFlight, visit: CallFrame): void {
  if (visit.parent < 0) counted.orphans++
  const { name } = visit.instance!.home
  if (isPresent(visit)) add(counted.services, name)
  if (visit.phase === QUEUED) add(counted.queued, name)
  if (visit.holdsSlot) add(counted.holders, visit.instance!)
}

function add<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
