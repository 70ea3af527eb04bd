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
  if (data.kind !== 'read') return
  const { source, name, patch, port } = data
  port.postMessage(readScenario(source, name, patch))
})
