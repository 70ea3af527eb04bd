/** Reads files away from the page: a worker of its own, so that no simulation keeps a reader waiting. */
import { expose } from 'comlink'
import { readScenario, type Patch, type ReadResult } from '../engine/scenario/read.ts'

/** What the worker offers over comlink. */
export interface ReadingWorker {
  read(source: string | Uint8Array, name: string, patch: Patch): ReadResult
}

const worker: ReadingWorker = { read: readScenario }
expose(worker)
