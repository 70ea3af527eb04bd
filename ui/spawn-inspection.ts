/** Starts a worker of the page that does nothing but inspect a run. */
import type { WorkerHandle } from '../workers/seat.ts'
import { listenForLoss } from '../workers/worker-loss.ts'
import type { InspectRequest } from './page-worker.ts'
import workerUrl from './page-worker.ts?worker&url'
import { scriptUrl } from './trusted.ts'

/** The worker, and the port through which it is asked. */
export function spawnInspection(): WorkerHandle {
  const worker = new Worker(scriptUrl(workerUrl), { type: 'module' })
  const { port1, port2 } = new MessageChannel()
  worker.postMessage({ kind: 'inspect', port: port2 } satisfies InspectRequest, [port2])
  return {
    endpoint: port1,
    onLoss: (report) => listenForLoss(worker, report),
    terminate() {
      worker.terminate()
      port1.close()
    },
  }
}
