/** The engine against the C++ references, with recording, histograms, digests and checks on. */
import { Run } from '../../engine/run.ts'
import type { Scenario } from '../../engine/scenario/scenario.ts'
import type { Benches, RateResult } from './measure.ts'
import { cpuSeconds } from './measure.ts'
import { catalogue, chain, mm1 } from './workloads.ts'

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
  const total = (values: object, field: string): number => Object.values(values).reduce((sum, each) => sum + (each as Record<string, number>)[field]!, 0)
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

export const benches: Benches = {
  mm1: ({ requests = 2_000_000 }) => rate(mm1, requests),
  chain: ({ requests = 500_000 }) => rate(chain, requests),
}
