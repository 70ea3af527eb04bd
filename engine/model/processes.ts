/**
 * The second gear: handlers that wait. A process is a generator plus the journal of its answered yields; after a
 * checkpoint or a crash the generator is made anew and fed its journal, so nothing but plain data is ever copied.
 * A process must decide only on what its yields answered (the rule of durable workflow engines such as Temporal);
 * shared state and chance are read through `recall`.
 */
import type { Call, Outcome, Process, Verdict, Wait } from '../component.ts'
import { copyOf } from '../core/snapshot.ts'
import { CallFrame, VERDICT_HOLD, VERDICT_PASS, VERDICT_TURN } from './call-frame.ts'
import { CANCELLED, failureOf } from './failure.ts'
import { decide, end, goDown, startCall, withdraw } from './flow.ts'
import { PHASE_TIMER, WAKE } from './kinds.ts'
import type { Unit } from './unit.ts'

interface RequestWait extends Wait {
  wait: 'request'
  service: string
  op: string | undefined
  body: unknown
}
interface SleepWait extends Wait {
  wait: 'sleep'
  delay: number
}
interface RecallWait extends Wait {
  wait: 'recall'
  read: () => unknown
}
type AnyWait = RequestWait | SleepWait | RecallWait | (Wait & { wait: 'work' })

/** What must be known to go on after the call frame is gone (a crash). */
interface Request {
  op: string
  key: number
  tenant: number
  request: number
}

interface Running {
  id: number
  /** Slot of the held call, or of a stand-in once its caller is gone. */
  slot: number
  standIn: boolean
  request: Request
  journal: unknown[]
  /** What it waits for; the frame of its request or the event of its sleep. */
  waiting: 'request' | 'sleep' | 'work' | 'nothing'
  frame: number
  event: number
  /** The service's own work was asked for and is over: `pass` now means up. */
  hasWorked: boolean
  /** While a wait is being started: an answer that came at once. */
  starting: boolean
  instant: { answer: unknown } | null
}

export class Processes {
  private readonly unit: Unit
  private handler: ((call: Call) => Process<Verdict>) | null = null
  private readonly running = new Map<number, Running>()
  private readonly generators = new Map<number, Process<Verdict>>()
  /** Waits that replayed generators stand at. */
  private readonly standing = new Map<number, AnyWait | undefined>()
  private next = 0

  constructor(unit: Unit) {
    this.unit = unit
  }

  use(handler: (call: Call) => Process<Verdict>): void {
    this.handler = handler
  }

  /** The words a process waits with. */
  waits(): object {
    return {
      *request(service: string, op?: string, body?: unknown): Process<Outcome> {
        return (yield { wait: 'request', service, op, body } as RequestWait) as Outcome
      },
      *sleep(delay: number): Process<void> {
        yield { wait: 'sleep', delay } as SleepWait
      },
      *recall<T>(read: () => T): Process<T> {
        return (yield { wait: 'recall', read } as RecallWait) as T
      },
      *work(): Process<Outcome> {
        return (yield { wait: 'work' }) as Outcome
      },
    }
  }

  /** A call comes down to a waiting handler. */
  begin(call: CallFrame): Verdict {
    const id = this.next++
    const { op, key, tenant, request, slot } = call
    const process: Running = {
      id,
      slot,
      standIn: false,
      request: { op, key, tenant, request },
      journal: [],
      waiting: 'nothing',
      frame: -1,
      event: -1,
      hasWorked: false,
      starting: false,
      instant: null,
    }
    this.running.set(id, process)
    const generator = this.handler!(call)
    this.generators.set(id, generator)
    const verdict = this.run(process, generator.next())
    if (verdict === undefined) return VERDICT_HOLD
    return verdict === VERDICT_PASS && process.hasWorked ? VERDICT_TURN : verdict
  }

  /** A call made by the unit is over: a process goes on, or the component hears of it. */
  ended(frame: CallFrame): void {
    const process = this.running.get(frame.token)
    const outcome = outcomeOf(frame)
    if (process === undefined || process.frame !== frame.slot) {
      if (this.unit.alive) this.unit.handlers.onOutcome?.(outcome, frame.token)
      return
    }
    process.frame = -1
    this.answer(process, outcome)
  }

  /** A sleep is over. */
  wake(id: number): void {
    const { instance } = this.unit.site
    if (instance?.defers(WAKE, this.unit.place, id, 0)) return
    const process = this.running.get(id)
    if (process === undefined) return
    process.event = -1
    this.answer(process, undefined)
  }

  /** The service's own work for the call is done: answers a process that waits for it. */
  worked(call: CallFrame): Verdict | undefined {
    for (const process of this.running.values()) {
      if (process.slot !== call.slot || process.waiting !== 'work') continue
      process.hasWorked = true
      if (process.starting) {
        process.instant = { answer: outcomeOf(call) }
        return VERDICT_HOLD
      }
      return this.feed(process, outcomeOf(call)) ?? VERDICT_HOLD
    }
    return undefined
  }

  /** The caller of a held call has given up; the process goes on with nobody to answer to. */
  abandon(call: CallFrame): void {
    for (const process of [...this.running.values()]) {
      if (process.slot !== call.slot || process.standIn) continue
      if (process.waiting === 'work') this.finish(process)
      else this.standInFor(process)
    }
  }

  /** The node dies: requests under way are taken back; journals of durable workflows survive. */
  crash(): void {
    const durable = this.unit.params['durable'] === true
    for (const process of [...this.running.values()]) {
      this.takeBack(process)
      if (durable && process.waiting !== 'work') this.standInFor(process)
      else this.finish(process)
    }
  }

  /** The node is back: durable workflows resume from their journal and repeat what they waited for. */
  recover(): void {
    for (const process of [...this.running.values()]) {
      this.replay(process)
      const wait = this.standing.get(process.id)
      if (wait === undefined) this.finish(process)
      else this.run(process, { done: false, value: wait }, 1_000_000)
    }
  }

  save(): unknown {
    return { next: this.next, running: copyOf([...this.running.values()]) }
  }

  load(saved: unknown): void {
    const { next, running } = saved as { next: number; running: Running[] }
    this.next = next
    this.running.clear()
    this.generators.clear()
    for (const process of copyOf(running)) {
      this.running.set(process.id, process)
      this.replay(process)
    }
  }

  /** Makes the generator anew and feeds it what it was answered; nothing it does on the way counts. */
  private replay(process: Running): void {
    const { world } = this.unit
    world.muted = true
    const generator = this.handler!(world.frames[process.slot]!)
    this.generators.set(process.id, generator)
    let result = generator.next()
    for (const answer of process.journal) if (!result.done) result = generator.next(copyOf(answer))
    this.standing.set(process.id, result.done ? undefined : (result.value as AnyWait))
    world.muted = false
  }

  /** An answer came while the process was held: it goes on, and its verdict acts on the held call. */
  private answer(process: Running, answer: unknown): void {
    if (process.starting) {
      process.instant = { answer }
      return
    }
    const verdict = this.feed(process, answer)
    if (verdict === undefined || process.standIn) return
    decide(this.unit.world.frames[process.slot]!, this.unit.layer, verdict)
  }

  private feed(process: Running, answer: unknown): Verdict | undefined {
    process.journal.push(copyOf(answer))
    return this.run(process, this.generators.get(process.id)!.next(answer))
  }

  /** Runs to the next wait that takes time; the verdict when it is over, undefined while it waits. */
  private run(process: Running, first: IteratorResult<Wait, Verdict>, ordinal = 0): Verdict | undefined {
    const generator = this.generators.get(process.id)!
    let result = first
    while (!result.done) {
      const wait = result.value as AnyWait
      if (wait.wait !== 'recall') this.arrange(process, wait, ordinal + process.journal.length)
      const answer = wait.wait === 'recall' ? { answer: wait.read() } : process.instant
      if (answer === null) return undefined
      process.instant = null
      process.journal.push(copyOf(answer.answer))
      result = generator.next(answer.answer)
    }
    this.finish(process)
    return result.value
  }

  /** Starts what the process waits for. */
  private arrange(process: Running, wait: AnyWait, ordinal: number): void {
    const { unit } = this
    const { world } = unit
    process.waiting = wait.wait as Running['waiting']
    process.starting = true
    if (wait.wait === 'sleep') {
      const at = world.now + (unit.site.instance?.clock ?? world.clock).toTrue(wait.delay)
      process.event = world.schedule(at, PHASE_TIMER, unit.place, WAKE, process.id, 0)
    } else if (wait.wait === 'request') {
      const like = world.frames[process.slot]!
      const frame = unit.prepare(wait.service, { op: wait.op, body: wait.body, like, token: process.id, ordinal })
      process.frame = frame.slot
      startCall(frame)
    } else if (!process.standIn) goDown(world.frames[process.slot]!)
    process.starting = false
  }

  private takeBack(process: Running): void {
    const { world } = this.unit
    if (process.event >= 0) world.queue.cancel(process.event)
    process.event = -1
    if (process.frame < 0) return
    const frame = world.frames[process.frame]!
    process.frame = -1
    frame.unit = null
    world.detached++
    withdraw(frame, -1)
    frame.failureCode = CANCELLED
    end(frame)
  }

  /** Gives a process a frame of its own to read its request from, since its caller is gone. */
  private standInFor(process: Running): void {
    const { world } = this.unit
    const frame = world.pool.take()
    const { op, key, tenant, request } = process.request
    frame.opIndex = world.operation(op)
    frame.key = key
    frame.tenant = tenant
    frame.request = request
    frame.edge = null
    frame.stack = null
    frame.deadline = Infinity
    const { ids } = world.pool
    ids[frame.slot * 2] = ids[process.slot * 2]!
    ids[frame.slot * 2 + 1] = ids[process.slot * 2 + 1]!
    process.slot = frame.slot
    process.standIn = true
    this.replay(process)
  }

  private finish(process: Running): void {
    this.running.delete(process.id)
    this.generators.delete(process.id)
    this.standing.delete(process.id)
    if (process.standIn) this.unit.world.pool.give(this.unit.world.frames[process.slot]!)
  }
}

function outcomeOf(frame: CallFrame): Outcome {
  const { ok, degraded, body, failureCode } = frame
  return { ok, failure: failureOf(failureCode), degraded, body, took: frame.world.now - frame.startedAt }
}
