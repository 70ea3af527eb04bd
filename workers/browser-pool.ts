import type { WorkerHandle } from './seat.ts'
import { Pool } from './pool.ts'
import { listenForLoss } from './worker-loss.ts'

/** Workers by default: one a core, but no more than eight. */
const cores = (): number => Math.max(1, Math.min(8, navigator.hardwareConcurrency))

/** The pool of the page. */
export function browserPool(size = cores()): Pool {
  return new Pool({ size, spawn })
}

function spawn(): WorkerHandle {
  const worker = new Worker(new URL('./browser-worker.ts', import.meta.url), { type: 'module' })
  return {
    endpoint: worker,
    onLoss: (report) => listenForLoss(worker, report),
    terminate: () => worker.terminate(),
  }
}
