/** The workers of the page. They run what they are asked to run, and read files in between; the page never waits. */
import type { Patch, ReadResult } from '../engine/scenario/read.ts'
import { Pool } from '../workers/pool.ts'
import type { WorkerHandle } from '../workers/seat.ts'
import { listenForLoss } from '../workers/worker-loss.ts'
import type { ReadRequest } from './page-worker.ts'
import workerUrl from './page-worker.ts?worker&url'
import { scriptUrl } from './trusted.ts'

/** What came of reading, or why nobody could. */
export type Reading = ReadResult | { readonly ok: false; readonly message: string }

/** Longest that reading may take, in ms; the first time a worker has to start too. */
const PATIENCE = 10_000
const TOO_LONG = 'Reading took longer than ten seconds and was given up.'

/** Workers at most, and one a core. */
const MOST = 8

/** Somebody who reads: a worker and those who wait for its answers. */
interface Hand {
  readonly worker: Worker
  readonly waiting: Set<(message: string) => void>
}

/** A pool of workers that also read. */
export class Crew {
  readonly pool: Pool
  private readonly hands = new Set<Hand>()

  constructor(size = Math.max(1, Math.min(MOST, navigator.hardwareConcurrency))) {
    this.pool = new Pool({ size, spawn: () => this.spawn() })
  }

  /** Reads a file. When its worker is lost, another tries once more. Settles always. */
  async read(source: string | Uint8Array, name: string, patch: Patch = {}): Promise<Reading> {
    const first = await this.ask({ source, name, patch })
    return 'message' in first ? this.ask({ source, name, patch }) : first
  }

  private ask(request: Omit<ReadRequest, 'kind' | 'port'>): Promise<Reading> {
    if (this.hands.size === 0) this.pool.warm(1)
    const hand = [...this.hands].toSorted((a, b) => a.waiting.size - b.waiting.size)[0]
    if (!hand) return Promise.resolve({ ok: false, message: 'No worker could be started.' })
    const { port1, port2 } = new MessageChannel()
    return new Promise((resolve) => {
      const settle = (reading: Reading): void => {
        clearTimeout(timer)
        hand.waiting.delete(lose)
        port1.close()
        resolve(reading)
      }
      const lose = (message: string): void => settle({ ok: false, message })
      const timer = setTimeout(() => lose(TOO_LONG), PATIENCE)
      hand.waiting.add(lose)
      port1.addEventListener('message', ({ data }: MessageEvent<ReadResult>) => settle(data))
      port1.start()
      hand.worker.postMessage({ kind: 'read', ...request, port: port2 } satisfies ReadRequest, [
        port2,
      ])
    })
  }

  private spawn(): WorkerHandle {
    const worker = new Worker(scriptUrl(workerUrl), { type: 'module' })
    const hand: Hand = { worker, waiting: new Set() }
    this.hands.add(hand)
    const lose = (message: string): void => {
      this.hands.delete(hand)
      for (const tell of hand.waiting) tell(message)
    }
    return {
      endpoint: worker,
      onLoss: (report) =>
        listenForLoss(worker, (message) => {
          lose(message)
          report(message)
        }),
      terminate() {
        lose('the worker was ended')
        worker.terminate()
      },
    }
  }
}
