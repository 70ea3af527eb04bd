/**
 * A worker of the page: it runs simulations, and between two slices of one it reads files. One that is asked to
 * inspect a run does nothing else.
 */
import '../workers/browser-worker.ts'
import { readScenario, type Patch } from '../engine/scenario/read.ts'
import { browserMachine } from '../workers/browser-machine.ts'
import { offerInspection } from '../workers/inspection-offer.ts'

/** A file to read; the answer goes through the port. */
export interface ReadRequest {
  readonly kind: 'read'
  readonly source: string | Uint8Array
  readonly name: string
  readonly patch: Patch
  readonly port: MessagePort
}

/** From now on questions about a run come in through the port. */
export interface InspectRequest {
  readonly kind: 'inspect'
  readonly port: MessagePort
}

addEventListener('message', ({ data }: MessageEvent<ReadRequest | InspectRequest>) => {
  if (data.kind === 'inspect') offerInspection(data.port, browserMachine())
  if (data.kind !== 'read') return
  const { source, name, patch, port } = data
  port.postMessage(readScenario(source, name, patch))
})
