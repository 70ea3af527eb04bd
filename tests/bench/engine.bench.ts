/** The engine against the C++ references, with recording, histograms, digests and checks on. */
import { Run } from '../../engine/run.ts'
import type { Scenario } from '../../engine/scenario/scenario.ts'
import type { Benches, RateResult } from './measure.ts'
import { cpuSeconds } from './measure.ts'
import { catalogue, chain, layered, mm1, thinkers } from './workloads.ts'

function rate(scenarioOf: (requests: number) => Scenario, requests: number): RateResult {
  runOf(scenarioOf(Math.ceil(requests / 10))).finish()
  let counts: Record<string, number> = {}
  const seconds = cpuSeconds(() => {
    counts = countsOf(runOf(scenarioOf(requests)))
  })
  return { requests, cpuSeconds: seconds, counts }
}

function runOf(scenario: Scenario): Run {
  return new Run(scenario, { variant: scenario.name, seed: '7', recording: true, catalogue })
}

function countsOf(run: Run): Record<string, number> {
  const { events, requests, edges, services, signals, latencyMs, violations } = run.finish()
  const total = (values: object, field: string): number =>
    Object.values(values).reduce((sum, each) => sum + (each as Record<string, number>)[field]!, 0)
  const signal = (name: string): number =>
    Object.values(signals).reduce((sum, each) => sum + Number(each[name]?.value ?? 0), 0)
  return {
    events,
    ok: requests.ok,
    failed: requests.failed + requests.failedFast,
    tries: total(edges, 'attempts'),
    retries: total(edges, 'retries'),
    timeouts: total(edges, 'timeouts'),
    sheds: total(services, 'overload'),
    refused: signal('refused'),
    opens: signal('opened'),
    meanMs: latencyMs.mean,
    p99Ms: latencyMs.p99,
    violations: violations.length,
  }
}

/** What one more layer that does nothing costs a call, down and up: 16 of them against none. */
function layerCost(): Record<string, number> {
  const requests = 300_000
  const layers = 16
  const time = (count: number): number => cpuSeconds(() => runOf(layered(requests, count)).finish())
  time(0)
  time(layers)
  const rounds = Array.from(
    { length: 5 },
    () => ((time(layers) - time(0)) / requests / layers) * 1e9,
  )
  return { nsPerCall: median(rounds) }
}

/** An event with a million pending against one with a thousand: as many users, each thinking. */
function pendingCost(): Record<string, number> {
  const perEvent = (users: number): number => {
    const run = runOf(thinkers(users))
    run.advance(users * 2)
    const events = 1_000_000
    return (cpuSeconds(() => run.advance(events)) / events) * 1e9
  }
  perEvent(1000)
  const few = median([perEvent(1000), perEvent(1000), perEvent(1000)])
  const many = median([perEvent(1_000_000), perEvent(1_000_000), perEvent(1_000_000)])
  return { nsAtThousand: few, nsAtMillion: many, ratio: many / few }
}

/** Bytes an event of the chain leaves to the garbage collector, between two collections. */
function allocation(): Record<string, number> {
  const run = runOf(chain(2_000_000))
  run.advance(4_000_000)
  const slices: number[] = []
  for (let n = 0; n < 30; n++) {
    globalThis.gc!()
    const before = process.memoryUsage().heapUsed
    run.advance(20_000)
    const after = process.memoryUsage().heapUsed
    if (after > before) slices.push((after - before) / 20_000)
  }
  return { bytesPerEvent: median(slices) }
}

/** The heap after 10^7, 5·10^7 and 10^8 events of one run, collected, in MB. */
function heap(): Record<string, number> {
  const run = runOf(mm1(60_000_000))
  const at = (events: number): number => {
    run.advance(events)
    globalThis.gc!()
    return process.memoryUsage().heapUsed / 1e6
  }
  const first = at(10_000_000)
  const middle = at(40_000_000)
  const last = at(50_000_000)
  return { mbAt1e7: first, mbAt5e7: middle, mbAt1e8: last, growth: last / first }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

export const benches: Benches = {
  mm1: ({ requests = 2_000_000 }) => rate(mm1, requests),
  chain: ({ requests = 500_000 }) => rate(chain, requests),
  layer: layerCost,
  pending: pendingCost,
  allocation,
  heap,
}
