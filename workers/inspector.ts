/**
 * Asks a worker of its own about a run. The worker is started with the first question and kept; when it is lost, the
 * question is asked once more, of a fresh one. The same in the browser and in Node.
 */
import type { Remote } from 'comlink'
import { transfer, wrap } from 'comlink'
import type { RequestIdentity } from '../engine/request-identity.ts'
import type { RequestList, RequestQuery } from '../engine/requests.ts'
import type { CausalLink } from '../engine/causes.ts'
import type { RunTask } from '../engine/run.ts'
import type { Time } from '../engine/units.ts'
import type {
  Answer,
  EventAt,
  Followed,
  Inspecting,
  InspectionCommand,
  InspectionProgress,
  InspectionWorker,
} from './inspection-protocol.ts'
import type { Patience, WorkerHandle } from './seat.ts'
import { PATIENCE, SILENCE } from './seat.ts'

type Ask<T> = (worker: Remote<InspectionWorker>) => Promise<Answer<T>>

const CANCELLED: Answer<never> = { ok: false, why: 'cancelled' }
const NOTHING_TO_ASK: Answer<never> = { ok: false, why: 'crash', message: 'there is no run yet' }

/** How to start a worker, how long to wait for a sign of life, and who is told. */
export interface InspectorOptions {
  readonly spawn: () => WorkerHandle
  readonly patience?: Patience
  /** How far the question at hand has come. */
  onProgress?(progress: InspectionProgress): void
  /** A question is being asked, or none any more. */
  onBusy?(isBusy: boolean): void
  /** A worker was lost; the question is asked again. */
  onTrouble?(message: string): void
}

/** Somebody to ask about the run of a task. */
export class Inspector implements Inspecting {
  private readonly options: InspectorOptions
  private task: RunTask | undefined
  private key = ''
  private session: Session | undefined
  private held = false
  private asking = 0

  constructor(options: InspectorOptions) {
    this.options = options
  }

  /** From now on questions are about this run. */
  use(task: RunTask): void {
    this.task = task
    this.key = JSON.stringify(task)
  }

  /** Gives up all questions that are under way. */
  cancel(): void {
    this.session?.tell('cancel')
  }

  /** Whether the worker leaves the processor to others while nobody asks. */
  hold(isHeld: boolean): void {
    if (this.held === isHeld) return
    this.held = isHeld
    this.session?.tell(isHeld ? 'hold' : 'go on')
  }

  /** Ends the worker. The next question starts another. */
  close(): void {
    this.session?.close()
    this.session = undefined
  }

  trace(request: number): Promise<Answer<Followed>> {
    return this.ask((worker) => worker.trace(request))
  }
  requests(query: RequestQuery): Promise<Answer<RequestList>> {
    return this.ask((worker) => worker.requests(query))
  }
  identities(requests: readonly number[]): Promise<Answer<readonly RequestIdentity[]>> {
    return this.ask((worker) => worker.identities(requests))
  }
  causes(): Promise<Answer<readonly CausalLink[]>> {
    return this.ask((worker) => worker.causes())
  }
  eventAt(time: Time): Promise<Answer<EventAt>> {
    return this.ask((worker) => worker.eventAt(time))
  }

  private async ask<T>(ask: Ask<T>): Promise<Answer<T>> {
    const { key, task } = this
    if (!task) return NOTHING_TO_ASK
    if (this.asking++ === 0) this.options.onBusy?.(true)
    const answer = await this.twice(ask, task, key)
    if (--this.asking === 0) this.options.onBusy?.(false)
    return answer
  }

  private async twice<T>(ask: Ask<T>, task: RunTask, key: string): Promise<Answer<T>> {
    const first = await this.attempt(ask, task, key)
    if (first.ok || first.why !== 'lost') return first
    this.options.onTrouble?.(first.message)
    return this.attempt(ask, task, key)
  }

  private async attempt<T>(ask: Ask<T>, task: RunTask, key: string): Promise<Answer<T>> {
    const session = (this.session ??= new Session(this.options))
    const answer = await session.ask(ask, task, key, this.held)
    if (!answer.ok && answer.why === 'lost' && this.session === session) this.close()
    return answer
  }
}

/** One worker, for as long as it lives. */
class Session {
  private readonly handle: WorkerHandle
  private readonly remote: Remote<InspectionWorker>
  private readonly patience: Patience
  private readonly onProgress: (progress: InspectionProgress) => void
  private readonly losses = new Set<(answer: Answer<never>) => void>()
  private loss: Answer<never> | undefined
  private port: MessagePort | undefined
  private opened: { readonly key: string; readonly answer: Promise<Answer<null>> } | undefined
  private watch: ReturnType<typeof setInterval> | undefined
  private looksLeft = 0

  constructor({ spawn, patience = PATIENCE, onProgress }: InspectorOptions) {
    this.patience = patience
    this.onProgress = onProgress ?? (() => {})
    this.handle = spawn()
    this.remote = wrap<InspectionWorker>(this.handle.endpoint)
    this.handle.onLoss((message) => this.lose({ ok: false, why: 'lost', message }))
  }

  /** Settles always. */
  async ask<T>(ask: Ask<T>, task: RunTask, key: string, held: boolean): Promise<Answer<T>> {
    const opened = await this.orLoss(this.open(task, key, held))
    return opened.ok ? this.orLoss(ask(this.remote)) : opened
  }

  tell(command: InspectionCommand): void {
    this.port?.postMessage(command)
  }

  /** Ends the worker; what it was asked is cancelled. */
  close(): void {
    this.lose(CANCELLED)
    this.handle.terminate()
    this.port?.close()
  }

  private open(task: RunTask, key: string, held: boolean): Promise<Answer<null>> {
    if (this.opened?.key === key) return this.opened.answer
    this.port?.close()
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }: MessageEvent<InspectionProgress>) => {
      this.looksLeft = this.patience.looks
      this.onProgress(data)
    }
    this.port = port1
    const answer = this.remote.open(task, transfer(port2, [port2]))
    this.opened = { key, answer }
    if (held) this.tell('hold')
    return answer
  }

  /** An answer, or the loss of the worker, whichever comes first. */
  private orLoss<T>(answer: Promise<Answer<T>>): Promise<Answer<T>> {
    if (this.loss) return Promise.resolve(this.loss)
    return new Promise((resolve) => {
      const settle = (value: Answer<T>): void => {
        this.losses.delete(settle)
        this.rest()
        resolve(value)
      }
      this.losses.add(settle)
      this.look()
      answer.then(settle, (error: unknown) =>
        settle({ ok: false, why: 'lost', message: String(error) }),
      )
    })
  }

  private lose(answer: Answer<never>): void {
    this.loss ??= answer
    for (const settle of this.losses) settle(answer)
  }

  /** While an answer is due, something must be heard of the worker now and then. */
  private look(): void {
    const { everyMs, looksAtStart } = this.patience
    this.looksLeft = Math.max(this.looksLeft, looksAtStart)
    this.watch ??= setInterval(() => {
      if (--this.looksLeft > 0) return
      this.lose({ ok: false, why: 'lost', message: SILENCE })
    }, everyMs)
  }

  private rest(): void {
    if (this.losses.size > 0) return
    clearInterval(this.watch)
    this.watch = undefined
    this.looksLeft = 0
  }
}
