/** Totals of a finished (or stopped) world as plain data. */
import type { Built } from '../scenario/build.ts'
import type { CallFrame } from '../model/call-frame.ts'
import { BRANCH, VISIT } from '../model/call-frame.ts'
import { PERIODIC } from '../model/kinds.ts'
import type { Service } from '../model/service.ts'
import type { Unit } from '../model/unit.ts'
import type { World } from '../model/world.ts'
import { MILLISECOND } from '../units.ts'
import { checkLaws } from './checks.ts'
import type { EdgeColumns } from './edge-columns.ts'
import type { Ends } from './ends.ts'
import { openOf } from './ends.ts'
import { agesOfVisits } from './present.ts'
import { TOTAL_METRICS } from './frame.ts'
import { latencyOf } from './latency.ts'
import type {
  EdgeSummary,
  RequestCounts,
  ServiceSummary,
  SignalSummary,
  VariantResult,
} from './result.ts'

/** Everything a run comes to. `live` calls are counted as unfinished where they are. */
export function summarise(
  { world, edgeColumns }: Built,
  variant: string,
  title: string,
): VariantResult {
  const { totals, recorder } = world
  const ages = agesOfVisits(world)
  return {
    variant,
    title,
    seed: world.seed,
    digest: world.digest.hex,
    outcomeDigest: world.outcomes.hex,
    events: world.events,
    virtualMs: world.now / MILLISECOND,
    stopped: world.stopped,
    requests: counts(totals.counted),
    latencyMs: latencyOf(totals.served),
    failedLatencyMs: latencyOf(totals.failed),
    refusedLatencyMs: latencyOf(totals.refused),
    ...(totals.classes && { classes: totals.classes.summaries }),
    services: mapOf(world.services, (service, name) =>
      serviceSummary(service, ages.get(name) ?? 0),
    ),
    edges: mapOf(edgeColumns, (edge, name) => edgeSummary(edge, world, name)),
    signals: signalsOf(world.units),
    violations: checkLaws(world, edgeColumns),
    pending: pendingOf(world),
    series: Object.fromEntries(
      TOTAL_METRICS.map(([name], at) => [
        name,
        [...totals.columns[at]!.subarray(0, recorder.buckets)],
      ]),
    ),
    bucketMs: recorder.width / MILLISECOND,
  }
}

/** offered = ok + degraded + failedFast + failed + unfinished. */
function counts(ends: Ends): RequestCounts {
  const { offered, ok, degraded, refused, failed } = ends
  return { offered, ok, degraded, failedFast: refused, failed, unfinished: openOf(ends) }
}

function serviceSummary(service: Service, ages: number): ServiceSummary {
  const { columns } = service
  const means = columns.means(ages)
  return {
    ...sometimes(service),
    ...counts(columns.ends),
    utilisation: means.utilisation,
    meanQueue: means.waiting,
    meanInSystem: means.present,
    arrivals: columns.ends.offered,
    overload: columns.overload,
    wasted: columns.wasted,
    completed: columns.completed,
    waitMs: latencyOf(columns.waits),
    responseMs: latencyOf(columns.responses),
  }
}

/** What only some services have. */
function sometimes({ columns, occupancy, patience, spec }: Service): Partial<ServiceSummary> {
  const { slowdown, waitsByPriority } = columns
  const instanceTime = columns.slotTime / spec.concurrency
  return {
    ...(slowdown !== undefined && { slowdown }),
    ...(patience && { abandonedMs: latencyOf(columns.abandons) }),
    ...(waitsByPriority.length > 0 && { waitByPriorityMs: waitsByPriority.map(latencyOf) }),
    ...(occupancy && { occupancy: occupancy.shares(instanceTime) }),
  }
}

function edgeSummary(edge: EdgeColumns, world: World, name: string): EdgeSummary {
  const { attempts, retries, timeouts, lateReplies } = edge
  const lost = world.links.get(name)?.lost ?? 0
  return {
    ...counts(edge.ends),
    calls: edge.ends.offered,
    attempts,
    retries,
    timeouts,
    lastTimeoutMs: edge.lastTimeout < 0 ? -1 : edge.lastTimeout / MILLISECOND,
    late: lateReplies,
    lost,
  }
}

function signalsOf(units: readonly Unit[]): Record<string, Record<string, SignalSummary>> {
  return Object.fromEntries(units.map((unit) => [unit.site.path, unit.signals.summaries()]))
}

/** What is still to come: periodic timers by name, the number of other events, and calls in flight are not counted here. */
function pendingOf(world: World): { periodic: string[]; other: number } {
  const periodic: string[] = []
  let other = 0
  world.queue.forEachPending((kind, actor, argument) => {
    if (kind === PERIODIC) periodic.push((world.actors[actor] as Unit).periodicName(argument))
    else other++
  })
  return { periodic: periodic.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)), other }
}

function mapOf<T, R>(
  map: ReadonlyMap<string, T>,
  make: (value: T, name: string) => R,
): Record<string, R> {
  return Object.fromEntries([...map].map(([name, value]) => [name, make(value, name)]))
}

/** Calls of users still on their way: neither a visit nor a branch. */
export function isRequest(frame: CallFrame): boolean {
  return frame.side !== VISIT && frame.side !== BRANCH && frame.load !== null
}
