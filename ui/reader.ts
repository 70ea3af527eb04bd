/** Reads scenario files in a worker. The page never waits, and a reader that hangs or dies is replaced. */
import { wrap, type Remote } from 'comlink'
import type { Patch, ReadResult } from '../engine/scenario/read.ts'
import type { ReadingWorker } from './reading-worker.ts'

/** What came of reading, or why nobody could. */
export type Reading = ReadResult | { readonly ok: false; readonly message: string }

/** Longest that reading may take, in ms; the first time a worker has to start too. */
const PATIENCE = 10_000
const TOO_LONG = 'Reading took longer than ten seconds and was given up.'

/** Reads one file after the other. */
export class Reader {
  private worker: Worker | undefined
  private remote: Remote<ReadingWorker> | undefined
  /** How to tell those who wait that nobody will answer. */
  private readonly waiting = new Set<(message: string) => void>()

  /** Starts the worker ahead of the first file. */
  warm(): void {
    if (this.worker) return
    const worker = new Worker(new URL('./reading-worker.ts', import.meta.url), { type: 'module' })
    worker.addEventListener('error', (event) => {
      event.preventDefault()
      this.lose(event.message || 'The reader could not be started.')
    })
    this.worker = worker
    this.remote = wrap<ReadingWorker>(worker)
  }

  /** Settles always. */
  read(source: string | Uint8Array, name: string, patch: Patch = {}): Promise<Reading> {
    this.warm()
    return new Promise((resolve) => {
      const settle = (reading: Reading): void => {
        clearTimeout(timer)
        this.waiting.delete(lose)
        resolve(reading)
      }
      const lose = (message: string): void => settle({ ok: false, message })
      const timer = setTimeout(() => this.lose(TOO_LONG), PATIENCE)
      this.waiting.add(lose)
      const answer = this.remote!.read(source, name, patch) as Promise<ReadResult>
      answer.then(settle, (error: unknown) => this.lose(String(error)))
    })
  }

  /** The worker is no use any more: everybody hears it, and the next file starts another. */
  private lose(message: string): void {
    this.close()
    for (const tell of this.waiting) tell(message)
  }

  /** Ends the worker; the next file starts another. */
  close(): void {
    this.worker?.terminate()
    this.worker = undefined
    this.remote = undefined
  }
}
