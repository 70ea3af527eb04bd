/** The workers of the page. They run what they are asked to run, and read files in between; the page never waits. */
import type { Patch } from '../engine/scenario/read.ts'
import { Pool } from '../workers/pool.ts'
import type { WorkerHandle } from '../workers/seat.ts'
import { listenForLoss } from '../workers/worker-loss.ts'
import workerUrl from './page-worker.ts?worker&url'
import { Readers, type Reading } from './readers.ts'
import { scriptUrl } from './trusted.ts'

/** Workers at most, and one a core. */
const MOST = 8

/** A pool of workers that also read. */
export class Crew {
  readonly pool: Pool
  private readonly readers = new Readers(() => this.pool.warm(1))

  constructor(size = Math.max(1, Math.min(MOST, navigator.hardwareConcurrency))) {
    this.pool = new Pool({ size, spawn: () => this.spawn() })
  }

  /** Reads a file. Settles always. */
  read(source: string | Uint8Array, name: string, patch: Patch = {}): Promise<Reading> {
    return this.readers.read(source, name, patch)
  }

  private spawn(): WorkerHandle {
    const worker = new Worker(scriptUrl(workerUrl), { type: 'module' })
    const lose = this.readers.add((request) => worker.postMessage(request, [request.port]))
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
