import type { WorkerHandle } from './seat.ts'
import { Pool } from './pool.ts'

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
    onLoss(report) {
      worker.addEventListener('error', (event) => {
        event.preventDefault()
        report(event.message || 'the worker could not be started')
      })
      worker.addEventListener('messageerror', () => report('a message could not be read'))
    },
    terminate: () => worker.terminate(),
  }
}
