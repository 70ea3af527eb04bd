/** Comlink ships this file without types of its own. */
declare module 'comlink/dist/esm/node-adapter.mjs' {
  import type { Endpoint } from 'comlink'

  /** What `parentPort` and `Worker` of `node:worker_threads` have in common. */
  interface NodeEndpoint {
    postMessage(message: unknown, transfer?: readonly never[]): void
    on(type: 'message', listener: (message: unknown) => void): unknown
    off(type: 'message', listener: (message: unknown) => void): unknown
  }
  export default function nodeEndpoint(port: NodeEndpoint): Endpoint
}
