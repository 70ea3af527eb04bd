/**
 * M/M/1 and M/M/c with a million requests after the warm-up: mean wait, mean number in system and 99th percentile of
 * the response within four standard errors. A nightly size: `npm run nightly`.
 */
import { describe, expect, it } from 'vitest'
import { HISTOGRAM, mmc, observe, zOf } from './support.ts'

const REQUESTS = 1_000_000

/**
 * Servers, utilisation, and the spread of the 99th percentile (standard deviation times √requests), measured over 100
 * replications of 400,000 customers of the Kiefer-Wolfowitz recursion; the other spreads are exact.
 */
const CASES = [
  [1, 0.5, 62.8],
  [1, 0.8, 429],
  [1, 0.9, 1796],
  [2, 0.5, 21.3],
  [2, 0.8, 228],
  [2, 0.9, 924],
  [10, 0.5, 10.1],
  [10, 0.8, 20.6],
  [10, 0.9, 142],
] as const

describe('M/M/c with a million requests', () => {
  it.each(CASES)('with %d servers at %d', (servers, rho, asdP99) => {
    const theory = mmc(servers, rho)
    const { server, result, requests } = observe({
      requests: REQUESTS,
      warmup: 50_000,
      rate: servers * rho,
      server: { concurrency: servers },
    })
    const p99 = result.latencyMs.p99 / 1000
    const off = p99 - theory.p99
    const z = {
      wait: zOf(server.waitMs.mean / 1000, theory.meanWait, theory.asdWait, requests),
      number: zOf(server.meanInSystem, theory.meanNumber, theory.asdNumber, requests),
      p99: zOf(p99, theory.p99, asdP99, requests),
      // What the buckets of the histogram do not explain.
      p99Net: zOf(
        theory.p99 + Math.sign(off) * Math.max(0, Math.abs(off) - HISTOGRAM * theory.p99),
        theory.p99,
        asdP99,
        requests,
      ),
    }
    const shown = Object.entries(z).map(([name, value]) => `${name} ${value.toFixed(2)}`)
    console.log(`M/M/${servers} at ${rho}: z of ${shown.join(', ')} over ${requests} requests`)
    for (const value of [z.wait, z.number, z.p99Net]) expect(Math.abs(value)).toBeLessThan(4)
  })
})
