import { exp, ln, normalQuantile } from './math.ts'

/** A distribution of non-negative values; durations are in ns. */
export type Distribution =
  | { kind: 'constant'; value: number }
  | { kind: 'exponential'; mean: number }
  | { kind: 'uniform'; from: number; to: number }
  /** `mean` of the variate itself, `sigma` of its logarithm. */
  | { kind: 'lognormal'; mean: number; sigma: number }
  /** Cut at zero: values below 0 become 0; `mean` and `deviation` are those before the cut. */
  | { kind: 'normal'; mean: number; deviation: number }
  | { kind: 'gamma'; mean: number; shape: number }
  | { kind: 'erlang'; mean: number; stages: number }
  | { kind: 'pareto'; minimum: number; alpha: number }
  | { kind: 'weibull'; scale: number; shape: number }
  /** Exponential of `mean` with that probability, else of `otherMean`. */
  | { kind: 'hyperexponential'; probability: number; mean: number; otherMean: number }
  /** One of recorded values, each as likely as its weight says. */
  | { kind: 'empirical'; values: readonly number[]; weights?: readonly number[] }
  /** A rank of 0..items-1; rank r is as likely as (r + 1)^-exponent. At most 10^6 items. */
  | { kind: 'zipf'; items: number; exponent: number }
  /** One of the parts, each as likely as its weight says. */
  | { kind: 'mixture'; weights: readonly number[]; parts: readonly Distribution[] }

/** The distribution of that kind. */
export type DistributionOf<Kind extends Distribution['kind']> = Extract<
  Distribution,
  { kind: Kind }
>

const Z99 = normalQuantile(0.99)

/** The lognormal distribution with that median and 99th percentile; 0 < p50 <= p99. */
export function fitQuantiles(p50: number, p99: number): Distribution {
  if (!(p50 > 0 && p99 >= p50 && p99 < Infinity)) {
    throw new RangeError(`no distribution has a median of ${p50} and a 99th percentile of ${p99}`)
  }
  const sigma = ln(p99 / p50) / Z99
  return { kind: 'lognormal', mean: p50 * exp((sigma * sigma) / 2), sigma }
}
