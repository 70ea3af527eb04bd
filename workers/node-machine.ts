import { readFileSync } from 'node:fs'
import type { Machine } from './machine.ts'

/** Turns the event loop by setImmediate: a port that posts to itself would starve all others in Node. */
export const nodeMachine: Machine = {
  rest: () => new Promise((resolve) => setImmediate(resolve)),
  cpu: threadCpu,
}

/** Linux keeps the nanoseconds that each thread has had a processor; elsewhere the wall clock must do. */
function threadCpu(): number {
  try {
    const [nanoseconds] = readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')
    return Number(nanoseconds) / 1e6
  } catch {
    return performance.now()
  }
}
