/**
 * Queues whose answers are known, as scenarios, and how far a simulation may be from the answer: four standard errors.
 * Mean service is 1 s unless said otherwise, so that results in seconds are in units of it.
 */
import { expect } from 'vitest'
import type { Distribution } from '../../../engine/core/distribution.ts'
import type { World } from '../../../engine/model/world.ts'
import type { ServiceSummary, VariantResult } from '../../../engine/results/result.ts'
import { Run } from '../../../engine/run.ts'
import type { Scenario, ServiceSpec } from '../../../engine/scenario/scenario.ts'
import { SECOND } from '../../../engine/units.ts'
import { PLAIN_LOAD, PLAIN_SCENARIO, PLAIN_SERVICE } from '../../support/alone.ts'

export const exponential = (mean = 1) => ({ kind: 'exponential', mean: mean * SECOND }) as const
export const constant = (value = 1) => ({ kind: 'constant', value: value * SECOND }) as const
/** Lognormal of mean 1 and squared coefficient of variation 4. */
export const wide: Distribution = { kind: 'lognormal', mean: SECOND, sigma: 1.2686362411795196 }

/** A run of a queue. */
export interface Observed {
  readonly result: VariantResult
  readonly world: World
  /** Requests that arrived after the warm-up. */
  readonly requests: number
  /** The service called `server`. */
  readonly server: ServiceSummary
  /** Seconds after the warm-up. */
  readonly span: number
}

interface Setting {
  /** Requests after the warm-up, about. */
  readonly requests: number
  readonly warmup?: number
  /** Arrivals per second. */
  readonly rate: number
  readonly server?: Partial<ServiceSpec>
  readonly work?: Distribution
  readonly seed?: string
  readonly scenario?: Partial<Scenario>
}

/** Poisson arrivals at `server`: unbounded queue and one slot unless said otherwise. */
export function observe({
  requests,
  warmup = requests / 20,
  rate,
  server,
  work,
  seed,
  scenario,
}: Setting): Observed {
  const whole: Scenario = {
    ...PLAIN_SCENARIO,
    duration: Math.round(((requests + warmup) / rate) * SECOND),
    warmup: Math.round((warmup / rate) * SECOND),
    services: {
      server: {
        ...PLAIN_SERVICE,
        concurrency: 1,
        queue: Infinity,
        work: { '*': work ?? exponential() },
        ...server,
      },
    },
    load: { users: { ...PLAIN_LOAD, to: 'server', arrivals: { kind: 'poisson', rate } } },
    ...scenario,
  }
  return run(whole, seed)
}

/** Runs a scenario to its end. No law may be broken on the way. */
export function run(scenario: Scenario, seed = '1'): Observed {
  const it = new Run(scenario, { variant: '', seed, recording: false, catalogue: new Map() })
  const result = it.finish()
  expect(result.violations).toEqual([])
  expect(result.stopped).toBeUndefined()
  const span = (scenario.duration - scenario.warmup) / SECOND
  return {
    result,
    world: it.built.world,
    requests: result.requests.offered,
    server: result.services['server']!,
    span,
  }
}

/** How many standard errors an estimate from so many requests is off; `asd`: standard deviation times √requests. */
export function zOf(observed: number, expected: number, asd: number, requests: number): number {
  return (observed - expected) / (asd / Math.sqrt(requests))
}

/** Fails when an estimate is more than four standard errors off; `slack` is what it may be off anyway. */
export function expectClose(
  observed: number,
  expected: number,
  asd: number,
  requests: number,
  slack = 0,
): void {
  const z = zOf(observed, expected, asd, requests)
  const most = 4 * (asd / Math.sqrt(requests)) + slack
  expect(
    Math.abs(observed - expected),
    `${observed} for ${expected}: z = ${z.toFixed(2)}`,
  ).toBeLessThan(most)
}

/** Percentiles come from a histogram that is up to 0.4 % off. */
export const HISTOGRAM = 0.004

/** What theory says of M/M/c, service rate 1, and how the estimates of a run spread. */
export interface Theory {
  /** Probability of waiting (Erlang C). */
  readonly waiting: number
  readonly meanWait: number
  readonly meanNumber: number
  /** 99th percentile of the time from arrival to end. */
  readonly p99: number
  readonly asdWait: number
  readonly asdNumber: number
}

/**
 * M/M/c by its birth and death process. The spread of a time average of r(N) over T, with w taken off at each arrival,
 * follows from Poisson's equation: d(i) = Σ_{k>i} π(k)(r(k) - r̄ - λw) / (π(i)λ) is the step of its solution from i to
 * i+1, and the variance per unit of time Σ π(i)(λ(d(i) - w)² + μ(i)d(i-1)²). With r = number waiting and w = its mean
 * wait that is the mean wait of the customers times λ.
 */
export function mmc(servers: number, utilisation: number): Theory {
  const rate = servers * utilisation
  const weights = [1]
  for (let n = 1; n < 4000 && weights[n - 1]! > 1e-250; n++)
    weights.push((weights[n - 1]! * rate) / Math.min(n, servers))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const shares = weights.map((weight) => weight / total)
  const mean = (value: (n: number) => number) =>
    shares.reduce((sum, share, n) => sum + share * value(n), 0)
  const inLine = (n: number) => Math.max(0, n - servers)
  const meanNumber = mean((n) => n)
  const meanWait = mean(inLine) / rate
  const waiting = mean((n) => (n >= servers ? 1 : 0))
  const variance = (reward: (n: number) => number, perArrival: number): number => {
    let above = 0
    const steps = shares.map(() => 0)
    for (let n = shares.length - 1; n > 0; n--) {
      above += shares[n]! * (reward(n) - rate * perArrival)
      steps[n - 1] = above / (shares[n - 1]! * rate)
    }
    return mean((n) => {
      const up = steps[n]! - perArrival
      const down = steps[n - 1] ?? 0
      return n === shares.length - 1 ? 0 : rate * up * up + Math.min(n, servers) * down * down
    })
  }
  return {
    waiting,
    meanWait,
    meanNumber,
    p99: quantile((t) => tailOf(t, waiting, servers - rate), 0.01),
    asdWait: Math.sqrt(variance(inLine, meanWait) / rate),
    asdNumber: Math.sqrt(variance((n) => n - meanNumber, 0) * rate),
  }
}

/** P(wait + service > t): the wait is 0 or, with this probability, exponential of rate θ. */
function tailOf(t: number, waiting: number, theta: number): number {
  const alone = Math.exp(-t)
  const both =
    Math.abs(theta - 1) < 1e-9
      ? (1 + t) * alone
      : (theta * alone - Math.exp(-theta * t)) / (theta - 1)
  return (1 - waiting) * alone + waiting * both
}

function quantile(tail: (t: number) => number, share: number): number {
  let [low, high] = [0, 1000]
  for (let n = 0; n < 100; n++) {
    const middle = (low + high) / 2
    if (tail(middle) > share) low = middle
    else high = middle
  }
  return low
}

/** Erlang B: the share of calls lost by so many servers without a queue. */
export function erlangB(servers: number, load: number): number {
  let blocked = 1
  for (let n = 1; n <= servers; n++) blocked = (load * blocked) / (n + load * blocked)
  return blocked
}
