/** The inside of a worker that answers questions about a run, the same in the browser and in Node. */
import type { Endpoint } from 'comlink'
import { expose } from 'comlink'
import { readTask } from '../engine/scenario/read.ts'
import { Inspection } from './inspection.ts'
import type {
  Answer,
  InspectionCommand,
  InspectionProgress,
  InspectionWorker,
} from './inspection-protocol.ts'
import type { Machine } from './machine.ts'

const NOT_OPEN: Answer<never> = { ok: false, why: 'crash', message: 'no run has been opened' }

/** Answers calls that come in at the endpoint. */
export function offerInspection(endpoint: Endpoint, machine: Machine): void {
  let current: Inspection | undefined
  const worker: InspectionWorker = {
    open(task, port) {
      current?.hear('cancel')
      current?.hear('hold')
      current = undefined
      const read = readTask(task)
      if (!read.ok) return Promise.resolve({ ok: false, why: 'problems', problems: read.errors })
      const onProgress = (progress: InspectionProgress): void => port.postMessage(progress)
      const inspection = new Inspection(read.scenario, machine, { onProgress })
      port.onmessage = ({ data }: MessageEvent<InspectionCommand>) => inspection.hear(data)
      current = inspection
      return Promise.resolve({ ok: true, value: null })
    },
    trace: (request) => current?.trace(request) ?? Promise.resolve(NOT_OPEN),
    requests: (query) => current?.requests(query) ?? Promise.resolve(NOT_OPEN),
    identities: (requests) => current?.identities(requests) ?? Promise.resolve(NOT_OPEN),
    causes: () => current?.causes() ?? Promise.resolve(NOT_OPEN),
    eventAt: (time) => current?.eventAt(time) ?? Promise.resolve(NOT_OPEN),
  }
  expose(worker, endpoint)
}
