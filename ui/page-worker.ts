/** A worker of the page: it runs simulations, and between two slices of one it reads files. */
import '../workers/browser-worker.ts'
import { readScenario, type Patch } from '../engine/scenario/read.ts'

/** A file to read; the answer goes through the port. */
export interface ReadRequest {
  readonly kind: 'read'
  readonly source: string | Uint8Array
  readonly name: string
  readonly patch: Patch
  readonly port: MessagePort
}

addEventListener('message', ({ data }: MessageEvent<ReadRequest>) => {
  if (data.kind === 'read') data.port.postMessage(readScenario(data.source, data.name, data.patch))
})
