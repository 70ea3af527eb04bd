import { availableParallelism } from 'node:os'
import { Worker, type WorkerOptions } from 'node:worker_threads'
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs'
import { Pool } from './pool.ts'
import type { WorkerHandle } from './seat.ts'
import { PATIENCE } from './seat.ts'

/** Nobody looks on here, and a machine that does a batch may be busy: ten seconds of silence are a hang. */
const PATIENT = { ...PATIENCE, looks: 40 }

/** The pool of the command line: worker threads of the bundled `node-worker.ts` at a URL. */
export function nodePool(url: string, size = cores()): Pool {
  return new Pool({ size, spawn: () => nodeThread(url), patience: PATIENT })
}

/** Workers by default: one a core, but no more than eight. */
export function cores(): number {
  return Math.min(8, availableParallelism())
}

/** Starts a thread and tells of its loss. */
export function nodeThread(url: string, options: WorkerOptions = {}): WorkerHandle {
  const worker = new Worker(new URL(url), { execArgv: ['--enable-source-maps'], ...options })
  return {
    endpoint: nodeEndpoint(worker),
    onLoss(report) {
      worker.on('error', (error: unknown) =>
        report(error instanceof Error ? error.message : String(error)),
      )
      worker.on('messageerror', () => report('a message could not be read'))
      worker.on('exit', (code) => report(`the worker ended with exit code ${code}`))
    },
    terminate: () => void worker.terminate(),
  }
}
