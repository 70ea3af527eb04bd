/** A worker of the page. */
import type { Endpoint } from 'comlink'
import { browserMachine } from './browser-machine.ts'
import { offer } from './offer.ts'
import { prepare } from './prepare.ts'

// To the compiler, `self` is a window; here it is a worker, which posts like a port.
const fail = offer(self as unknown as Endpoint, browserMachine(), prepare)
self.addEventListener('unhandledrejection', (event) => {
  event.preventDefault()
  fail(event.reason)
})
