/** A run that is watched event by event: its books are kept a second time, by somebody else. */
import { FAILURES } from '../../../engine/model/failure.ts'
import type { CallFrame } from '../../../engine/model/call-frame.ts'
import { CLIENT, VISIT } from '../../../engine/model/call-frame.ts'
import type { Instance } from '../../../engine/model/instance.ts'
import type { Service } from '../../../engine/model/service.ts'
import type { Station, Tracer } from '../../../engine/model/tracer.ts'
import type { World } from '../../../engine/model/world.ts'
import { checkLaws } from '../../../engine/results/checks.ts'
import { agesOfVisits } from '../../../engine/results/present.ts'
import { Desks } from './desks.ts'
import { strays } from './families.ts'
import { violationsOfLevels } from './levels.ts'
import type { Law, Subject } from './law.ts'
import { differences, happenings, runOf } from './law.ts'
import { Ways } from './ways.ts'

/** How often a run is looked at. */
const LOOKS = 12

/** The laws of rigour that hold at every moment, and: watching and recording change nothing. */
export const watched: Law = {
  name: 'at every moment',
  check: (subject) => watch(subject).complaints,
}

/** What was seen in a watched run. */
export interface Sight {
  readonly complaints: string[]
  /** What happened at all: failures, losses, transitions, reasons to stop. */
  readonly happened: ReadonlySet<string>
}

/** Watches a run of the subject. */
export function watch({ scenario, straight }: Subject): Sight {
  const run = runOf(scenario, true)
  const watcher = new Watcher(run.built.world)
  const every = Math.max(1, Math.ceil(straight.events / LOOKS))
  let isOver = false
  for (let look = 0; !isOver && look <= LOOKS + 1; look++) {
    isOver = watcher.step(() => run.advance(1), every)
    const { world, edgeColumns } = run.built
    const violations = checkLaws(world, edgeColumns)
    watcher.look(violations.map(({ law, place, detail }) => `${law}, ${place}: ${detail}`))
  }
  while (!isOver) isOver = run.advance(Infinity)
  const result = run.result()
  const changed = differences('watched', happenings(straight), happenings(result))
  if (scenario.warmup === 0) changed.push(...watcher.ways.judge(result))
  for (const lane of watcher.transitions()) watcher.happened.add(lane)
  return { complaints: [...watcher.complaints, ...changed], happened: watcher.happened }
}

class Watcher implements Tracer {
  readonly complaints: string[] = []
  readonly happened = new Set<string>()
  private readonly world: World
  private planned: number
  private cancelled = 0
  private calls = 0
  private ends = 0
  private before = new Map<string, number>()
  private readonly crowds: Crowd[]
  private readonly desks: Desks
  readonly ways = new Ways()

  constructor(world: World) {
    this.world = world
    world.tracer = this
    this.planned = world.queue.size
    this.countEvents(world.queue)
    this.desks = new Desks(world)
    this.crowds = [...world.services.values()].map((service) => new Crowd(world, service))
  }

  /** Fires events one at a time; answers whether the run is over. */
  step(advance: () => boolean, events: number): boolean {
    const { world } = this
    for (let n = 0; n < events; n++) {
      const { now } = world
      if (advance()) return true
      if (!(world.now >= now)) this.say(`the clock went back from ${now} to ${world.now}`)
      if (!Number.isInteger(world.now)) this.say(`the clock shows ${world.now}, no whole ns`)
    }
    return false
  }

  look(violations: readonly string[]): void {
    const { world, complaints } = this
    complaints.push(...violations)
    const { size } = world.queue
    if (this.planned !== world.events + this.cancelled + size)
      this.say(
        `planned ${this.planned} ≠ ${world.events} fired + ${this.cancelled} cancelled + ${size}`,
      )
    for (const crowd of this.crowds) complaints.push(...crowd.look())
    this.countCalls()
    complaints.push(...this.desks.complaints.splice(0), ...this.desks.look())
    complaints.push(...strays(world), ...violationsOfLevels(world, this.before))
  }

  mark(station: Station, frame: CallFrame): void {
    this.desks.mark(station, frame)
    this.ways.mark(station, frame)
    if (station === 'call') this.calls++
    else if (station === 'end') {
      this.ends++
      if (frame.failureCode > 0) this.happened.add(`failure ${FAILURES[frame.failureCode - 1]!}`)
      else this.happened.add(frame.degraded ? 'degraded' : 'ok')
    } else if (station === 'abandon') this.happened.add('abandoned')
    else if (station !== 'gone') this.happened.add(`station ${station}`)
  }

  /** Transitions of state signals, as `circuit-breaker.circuit closed>open`; what was lost; why the run stopped. */
  *transitions(): Generator<string> {
    const { world } = this
    for (const link of world.links.values()) if (link.lost > 0) yield 'lost on a link'
    if (world.orphans > 0) yield 'orphan'
    if (world.stopped !== undefined) yield `stopped ${world.stopped.split(':')[0]!}`
    for (const unit of world.units) {
      for (const [name, summary] of Object.entries(unit.signals.summaries())) {
        const entered = Object.entries(summary.entered).filter(([, times]) => times > 0)
        for (const [state] of entered) yield `${unit.component.name}.${name} ${state}`
      }
    }
  }

  /** Calls begin once and end once: what has begun and not ended is in flight. */
  private countCalls(): void {
    let open = 0
    this.world.pool.forEachLive((frame) => {
      if (frame.side === CLIENT && frame.edge !== null) open++
    })
    if (this.calls !== this.ends + open)
      this.say(`${this.calls} calls began, ${this.ends} ended, ${open} are open`)
  }

  private countEvents(queue: World['queue']): void {
    const { plan, cancel } = queue
    queue.plan = (...event) => {
      this.planned++
      plan.apply(queue, event)
    }
    queue.cancel = (id) => {
      const was = cancel.call(queue, id)
      if (was) this.cancelled++
      return was
    }
  }

  private say(complaint: string): void {
    this.complaints.push(complaint)
  }
}

/** Little's law for one service, in whole ticks; slots are not idle while somebody waits. */
class Crowd {
  private present = 0
  private area = 0
  private since = 0
  private stayed = 0
  private readonly world: World
  private readonly service: Service

  constructor(world: World, service: Service) {
    this.world = world
    this.service = service
    const { columns } = service
    const { arrive, leave } = columns
    columns.arrive = () => {
      this.change(1)
      arrive.call(columns)
    }
    columns.leave = (visit) => {
      if (visit.side !== VISIT) throw new Error('what leaves is no visit')
      this.change(-1)
      this.stayed += world.now - visit.arrivedAt
      leave.call(columns, visit)
    }
  }

  look(): string[] {
    this.change(0)
    const { name, instances } = this.service
    const ages = agesOfVisits(this.world).get(name) ?? 0
    const found = instances.flatMap((instance) => idle(instance))
    if (this.area === this.stayed + ages) return found
    return [...found, `Little at ${name}: ∫N dt = ${this.area}, stays sum to ${this.stayed + ages}`]
  }

  private change(by: number): void {
    this.area += this.present * (this.world.now - this.since)
    this.since = this.world.now
    this.present += by
  }
}

function idle({ up, paused, busy, line, processor, home, index }: Instance): string[] {
  const { concurrency } = home.spec
  const isFree = up && paused === 0 && processor === null && busy < concurrency
  if (!isFree || line.length === 0) return []
  return [`${home.name}#${index}: ${concurrency - busy} slots are free and ${line.length} wait`]
}
