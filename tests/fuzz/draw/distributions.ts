/** Distributions of times and sizes, in every form that a file knows. */
import fc from 'fast-check'
import { choice, mostly, oneOf, percent, type Pen, span } from './draws.ts'

/** A distribution before it is written. */
export interface DistributionDraw {
  readonly form: number
  /** Nanoseconds. */
  readonly mean: number
  readonly shape: number
}

/** Any distribution of times. */
export const distribution: fc.Arbitrary<DistributionDraw> = fc.record({
  form: mostly(0, [...Array(14).keys()], 6),
  mean: span,
  shape: oneOf([1, 2, 3, 0.5, 1.5]),
})

/** Any distribution of sizes in bytes: means that a link of some bandwidth takes a while for. */
export const sizes: fc.Arbitrary<DistributionDraw> = fc.record({
  form: mostly(0, [1, 2, 3, 5]),
  mean: choice.map((bytes) => bytes + 1),
  shape: oneOf([1, 2]),
})

type Write = (value: number) => string

/** A distribution of times as a file has it. */
export function writtenTimes(draw: DistributionDraw, pen: Pen): string {
  return written(draw, (value) => pen.span(Math.max(1, Math.round(value))))
}

/** A distribution of sizes as a file has it. */
export function writtenSizes(draw: DistributionDraw): string {
  return written(draw, (value) => `${Math.max(1, Math.round(value))}B`)
}

const FORMS: readonly ((mean: number, shape: number, t: Write) => string)[] = [
  (mean, _, t) => t(mean),
  (mean, _, t) => `exponential(${t(mean)})`,
  (mean, _, t) => `constant(${t(mean)})`,
  (mean, _, t) => `uniform(${t(mean / 2)} ${t(mean * 2)})`,
  (mean, shape, t) => `lognormal(${t(mean)} ${shape})`,
  (mean, shape, t) => `normal(${t(mean)} ${t(mean / (4 * shape))})`,
  (mean, shape, t) => `gamma(${t(mean)} ${shape})`,
  (mean, shape, t) => `erlang(${t(mean)} ${Math.ceil(shape)})`,
  (mean, shape, t) => `pareto(${t(mean)} ${shape + 1})`,
  (mean, shape, t) => `weibull(${t(mean)} ${shape})`,
  (mean, shape, t) => `hyperexponential(${percent(shape / 4)} ${t(mean)} ${t(mean * 5)})`,
  (mean, _, t) => `empirical(${t(mean)} ${t(mean * 2)} ${t(mean * 3)})`,
  (mean, _, t) => `mixture(90% exponential(${t(mean)}) 10% ${t(mean * 4)})`,
  (mean, _, t) => `p50=${t(mean)} p99=${t(mean * 5)}`,
]

function written({ form, mean, shape }: DistributionDraw, write: Write): string {
  return FORMS[form]!(mean, shape, write)
}
