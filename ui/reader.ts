/** Reads scenario files in a worker. The page never waits, and a reader that hangs or dies is replaced. */
import { wrap, type Remote } from 'comlink'
import type { Patch, ReadResult } from '../engine/scenario/read.ts'
import type { ReadingWorker } from './reading-worker.ts'

/** What came of reading, or why nobody could. */
export type Reading = ReadResult | { readonly ok: false; readonly message: string }

/** Longest that reading may take, in ms; the first time a worker has to start too. */
const PATIENCE = 10_000

/** Reads one file after the other. */
export class Reader {
  private worker: Worker | undefined
  private remote: Remote<ReadingWorker> | undefined
  private lose: (message: string) => void = () => {}

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
  async read(source: string | Uint8Array, name: string, patch: Patch = {}): Promise<Reading> {
    this.warm()
    let timer = 0
    const lost = new Promise<Reading>((resolve) => {
      this.lose = (message) => resolve({ ok: false, message })
      const tooLong = 'Reading took longer than ten seconds and was given up.'
      timer = setTimeout(() => this.lose(tooLong), PATIENCE) as unknown as number
    })
    const answer = (this.remote!.read(source, name, patch) as Promise<ReadResult>).catch(
      (error: unknown) => ({ ok: false as const, message: String(error) }),
    )
    const reading: Reading = await Promise.race([answer, lost])
    clearTimeout(timer)
    if ('message' in reading) this.close()
    return reading
  }

  /** Ends the worker; the next file starts another. */
  close(): void {
    this.worker?.terminate()
    this.worker = undefined
    this.remote = undefined
  }
}
