/** Scenario files that the tests of workers and command line run, small enough to run often. */
import type { RunTask } from '../../engine/run.ts'

/** A small retry storm: three seconds of a slow ledger tip it over, unless the breaker is on. */
export const STORM = `schema: 1
title: Small storm
question: Does a short slowdown become an outage?
duration: 12s
seed: 7
services:
  front: { concurrency: 120, queue: 200, work: lognormal(2ms 0.5), calls: [ledger] }
  ledger: { concurrency: 4, queue: 400, work: lognormal(14ms 0.5) }
links:
  default: { latency: uniform(0.6ms 1.4ms) }
load:
  users: { to: front, arrivals: poisson(230/s), timeout: 2s }
patterns:
  timeouts: { use: timeout, where: { front -> ledger: 350ms } }
  retries: { use: retry, where: { front -> ledger: { maxAttempts: 3 } } }
  breaker: { use: circuit-breaker, where: [front -> ledger], slidingWindow: { type: time, size: 2s }, minimumNumberOfCalls: 25, failureRateThreshold: 50%, waitDurationInOpenState: 1s, permittedNumberOfCallsInHalfOpenState: 6 }
faults:
  - { at: 3s, for: 3s, slow: ledger, by: 3 }
compare:
  A: { title: Breaker off, without: [breaker] }
  B: { title: Breaker on }
expect:
  - mean(served(B)) > mean(served(A)) over 3 seeds
`

/** A task of the storm. */
export function storm(change: Partial<RunTask> = {}): RunTask {
  return {
    text: STORM,
    name: 'storm',
    variant: 'B',
    seed: undefined,
    off: [],
    on: [],
    inert: [],
    set: {},
    recording: 'columns',
    ...change,
  }
}
