import type { Call, Outcome, Process, Verdict, Wait } from '../component.ts'
import { copyOf } from '../core/snapshot.ts'
import type { CallFrame } from './call-frame.ts'
import { CLIENT, VERDICT_HOLD, VERDICT_PASS } from './call-frame.ts'
import { EngineError } from './engine-error.ts'
import { failureOf, TIMEOUT } from './failure.ts'
import { decide, end, release, startCall, takeBack, withdraw } from './flow.ts'
import { PHASE_TIMER, WAKE } from './kinds.ts'
import type { Unit } from './unit.ts'

interface RequestWait extends Wait {
  wait: 'request'
  service: string
  op: string | undefined
  body: unknown
  timeout: number
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

/** What a process may ask of its call, kept for when the frame of the call is gone. */
const REQUEST = [
  'path',
  'root',
  'request',
  'attempt',
  'opIndex',
  'key',
  'tenant',
  'priority',
  'bytes',
  'version',
  'startedAt',
  'body',
] as const
type Request = Pick<CallFrame, (typeof REQUEST)[number]>

interface Running {
  id: number
  /** Slot of the held call and which of its lives that is, or of a stand-in once its caller is gone. */
  slot: number
  life: number
  standIn: boolean
  request: Request
  journal: unknown[]
  /** What it waits for; the frame of its request; the event that ends its sleep, or its patience with the request. */
  waiting: 'request' | 'sleep' | 'work' | 'nothing'
  frame: number
  event: number
  /** When its sleep is over. */
  until: number
  /** Requests made so far: part of the identity of the next. */
  requests: number
  /** The service's own work was asked for and is over. */
  hasWorked: boolean
  /** While the call comes down, and while a wait is being started: an answer that came at once. */
  entering: boolean
  starting: boolean
  instant: { answer: unknown } | null
}

const NO_WORK: Outcome = {
  ok: false,
  failure: 'cancelled',
  degraded: false,
  body: undefined,
  took: 0,
}

/**
 * The second gear: handlers that wait. A process is a generator plus the journal of its answered yields; after a
 * checkpoint or a crash the generator is made anew and fed its journal, so nothing but plain data is ever copied.
 * A process must decide only on what its yields answered (the rule of durable workflow engines such as Temporal);
 * shared state and chance are read, and shared state is written, through `recall`.
 */
export class Processes {
  private readonly unit: Unit
  private handler: ((call: Call) => Process<Verdict>) | null = null
  private readonly running = new Map<number, Running>()
  private readonly generators = new Map<number, Process<Verdict>>()
  /** Which process holds the call in a slot. */
  private readonly bySlot = new Map<number, number>()
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
      *request(service: string, op?: string, body?: unknown, timeout = Infinity): Process<Outcome> {
        return (yield { wait: 'request', service, op, body, timeout } as RequestWait) as Outcome
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
    const process = this.enter(call)
    const generator = this.handler!(call)
    this.generators.set(process.id, generator)
    const verdict = this.run(process, generator.next())
    process.entering = false
    if (verdict !== undefined) return verdict
    return process.waiting === 'work' ? VERDICT_PASS : VERDICT_HOLD
  }

  /** A call made by the unit is over: a process goes on, or the component hears of it. */
  ended(frame: CallFrame): void {
    const process = this.running.get(frame.token)
    const outcome = outcomeOf(frame)
    if (process?.frame !== frame.slot) {
      if (this.unit.alive) this.unit.handlers.onOutcome?.(outcome, frame.token)
      return
    }
    process.frame = -1
    this.unit.cancel(process.event)
    process.event = -1
    this.answer(process, outcome)
  }

  /** A sleep is over, or the patience with a request. */
  wake(id: number): void {
    const { instance } = this.unit.site
    if (instance?.defers(WAKE, this.unit.place, id, 0)) return
    const process = this.running.get(id)
    if (process === undefined) return
    process.event = -1
    if (process.frame >= 0) this.giveUp(this.unit.world.frames[process.frame]!)
    else this.answer(process, undefined)
  }

  /** The service's own work for the call is done: answers a process that waits for it. */
  worked(call: CallFrame): Verdict | undefined {
    const process = this.holding(call)
    if (process?.waiting !== 'work') return undefined
    process.hasWorked = true
    return this.feed(process, outcomeOf(call)) ?? VERDICT_HOLD
  }

  /** The caller of a held call has given up; the process goes on with nobody to answer to. */
  abandon(call: CallFrame): void {
    const process = this.holding(call)
    if (process === undefined || process.standIn) return
    if (process.waiting === 'work') return this.finish(process)
    this.standInFor(process)
    this.replay(process)
  }

  /** The node dies: requests under way are taken back; journals of durable workflows survive. */
  crash(): void {
    const durable = this.unit.params['durable'] === true
    for (const process of Array.from(this.running.values())) {
      this.interrupt(process)
      if (durable && process.waiting !== 'work') this.standInFor(process)
      else this.finish(process)
    }
    this.generators.clear()
  }

  /** The node is back: durable workflows resume from their journal and repeat what they waited for. */
  recover(): void {
    for (const process of Array.from(this.running.values())) {
      const wait = this.replay(process)
      if (wait === undefined) this.finish(process)
      else if (wait.wait === 'sleep')
        this.sleepUntil(process, Math.max(this.unit.world.now, process.until))
      else this.run(process, { done: false, value: wait })
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
    this.bySlot.clear()
    for (const process of copyOf(running)) {
      this.running.set(process.id, process)
      this.bySlot.set(process.slot, process.id)
      this.replay(process)
    }
  }

  private enter(call: CallFrame): Running {
    const id = this.next++
    const request = Object.fromEntries(
      REQUEST.map((field) => [field, call[field]]),
    ) as unknown as Request
    const process: Running = {
      id,
      slot: call.slot,
      life: call.generation,
      standIn: false,
      request: copyOf(request),
      journal: [],
      waiting: 'nothing',
      frame: -1,
      event: -1,
      until: 0,
      requests: 0,
      hasWorked: false,
      entering: true,
      starting: false,
      instant: null,
    }
    this.running.set(id, process)
    this.bySlot.set(call.slot, id)
    return process
  }

  private holding(call: CallFrame): Running | undefined {
    const process = this.running.get(this.bySlot.get(call.slot) ?? -1)
    return process?.life === call.generation ? process : undefined
  }

  /** Makes the generator anew and feeds it what it was answered; nothing it does on the way counts. Answers what it waits for. */
  private replay(process: Running): AnyWait | undefined {
    const { world } = this.unit
    const before = world.muted
    world.muted = true
    const generator = this.handler!(world.frames[process.slot]!)
    this.generators.set(process.id, generator)
    let result = generator.next()
    for (const answer of process.journal) if (!result.done) result = generator.next(copyOf(answer))
    world.muted = before
    return result.done ? undefined : (result.value as AnyWait)
  }

  /** An answer came while the process was held: it goes on, and its verdict acts on the held call. */
  private answer(process: Running, answer: unknown): void {
    if (process.starting) {
      process.instant = { answer }
      return
    }
    const verdict = this.feed(process, answer)
    if (process.standIn) return
    const call = this.unit.world.frames[process.slot]!
    if (verdict !== undefined) decide(call, this.unit.layer, verdict)
    else if (process.waiting === 'work') release(call)
  }

  private feed(process: Running, answer: unknown): Verdict | undefined {
    process.journal.push(copyOf(answer))
    return this.run(process, this.generators.get(process.id)!.next(answer))
  }

  /** Runs to the next wait that takes time; the verdict when it is over, undefined while it waits. */
  private run(process: Running, first: IteratorResult<Wait, Verdict>): Verdict | undefined {
    let result = first
    while (!result.done) {
      const wait = result.value as AnyWait
      // A copy: what is remembered must not change with the thing that was looked at.
      if (wait.wait === 'recall') process.instant = { answer: copyOf(wait.read()) }
      else this.arrange(process, wait)
      if (process.instant === null) return undefined
      const { answer } = process.instant
      process.instant = null
      process.journal.push(copyOf(answer))
      result = this.generators.get(process.id)!.next(answer)
    }
    this.finish(process)
    return result.value
  }

  /** Starts what the process waits for. */
  private arrange(process: Running, wait: Exclude<AnyWait, RecallWait>): void {
    const { unit } = this
    process.waiting = wait.wait
    process.starting = true
    if (wait.wait === 'sleep') this.sleepUntil(process, unit.world.now + unit.lasts(wait.delay))
    else if (wait.wait === 'request') this.ask(process, wait)
    else this.askForWork(process)
    process.starting = false
  }

  private ask(process: Running, { service, op, body, timeout }: RequestWait): void {
    const { unit } = this
    const like = unit.world.frames[process.slot]!
    const frame = unit.prepare(service, {
      op,
      body,
      like,
      token: process.id,
      ordinal: process.requests++,
    })
    process.frame = frame.slot
    startCall(frame)
    // It may have ended at once.
    if (process.frame >= 0 && timeout < Infinity)
      this.wakeAt(process, unit.world.now + unit.lasts(timeout))
  }

  /** The service's own work begins when the held call goes on down. */
  private askForWork(process: Running): void {
    if (process.hasWorked)
      throw new EngineError(
        `${this.unit.site.path} asked twice for the work of one call`,
        this.unit.world,
      )
    if (process.standIn) process.instant = { answer: NO_WORK }
  }

  private sleepUntil(process: Running, at: number): void {
    process.until = at
    this.wakeAt(process, at)
  }

  private wakeAt(process: Running, at: number): void {
    const { world, place } = this.unit
    world.schedule(at, PHASE_TIMER, place, WAKE, process.id, 0)
    process.event = world.scheduled
  }

  /** A request took too long: the process hears of a timeout, and whoever works on it goes on. */
  private giveUp(frame: CallFrame): void {
    withdraw(frame, frame.base)
    frame.failureCode = TIMEOUT
    frame.degraded = false
    frame.edge!.columns.timeout()
    end(frame)
  }

  private interrupt(process: Running): void {
    const { world } = this.unit
    this.unit.cancel(process.event)
    process.event = -1
    const frame = world.frames[process.frame]
    process.frame = -1
    if (frame !== undefined) takeBack(frame)
  }

  /** Gives a process a frame of its own to read its request from, since its caller is gone. */
  private standInFor(process: Running): void {
    if (process.standIn) return
    const frame = this.unit.world.pool.take()
    Object.assign(frame, copyOf(process.request))
    frame.side = CLIENT
    frame.edge = null
    frame.stack = null
    frame.instance = null
    frame.deadline = Infinity
    this.bySlot.delete(process.slot)
    process.slot = frame.slot
    process.life = frame.generation
    process.standIn = true
    this.bySlot.set(frame.slot, process.id)
  }

  private finish(process: Running): void {
    this.running.delete(process.id)
    this.generators.delete(process.id)
    if (this.bySlot.get(process.slot) === process.id) this.bySlot.delete(process.slot)
    if (process.standIn) this.unit.world.pool.give(this.unit.world.frames[process.slot]!)
  }
}

function outcomeOf(frame: CallFrame): Outcome {
  const { ok, degraded, body, failureCode } = frame
  return {
    ok,
    failure: failureOf(failureCode),
    degraded,
    body,
    took: frame.world.now - frame.startedAt,
  }
}
