/** A worker thread of the command line. */
import { parentPort } from 'node:worker_threads'
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs'
import { nodeMachine } from './node-machine.ts'
import { offer } from './offer.ts'
import { prepare } from './prepare.ts'

const fail = offer(nodeEndpoint(parentPort!), nodeMachine, prepare)
process.on('unhandledRejection', fail)
