/** Laws of the reference cases as the scenario file writes them. */
import { BadInput } from '../exit.ts'

type Law = Readonly<Record<string, unknown>> & { readonly dist: string }

/** A law object of a case: `lognormal(8ms 0.5)`. Seconds throughout; ns are the engine's grain. */
export function lawOf(value: unknown): string {
  const law = value as Law
  const of = (key: string): number => numberOf(law, key)
  switch (law.dist) {
    case 'exponential':
      return `exponential(${seconds(of('mean_s'))})`
    case 'deterministic':
      return `constant(${seconds(of('mean_s'))})`
    case 'lognormal':
      return `lognormal(${seconds(of('mean_s'))} ${of('sigma')})`
    case 'erlang':
      return `erlang(${seconds(of('mean_s'))} ${of('k')})`
    case 'uniform':
      return `uniform(${seconds(of('min_s'))} ${seconds(of('max_s'))})`
    case 'hyperexponential':
      return hyperexponential(of('p'), of('rate1_per_s'), of('rate2_per_s'))
    case 'pareto':
      return `pareto(${seconds(of('xm_s'))} ${of('alpha')})`
    case 'weibull':
      return `weibull(${seconds(of('scale_s'))} ${of('shape')})`
    case 'gamma':
      return `gamma(${seconds(of('shape') * of('scale_s'))} ${of('shape')})`
    case 'normal':
    case 'abs-normal':
      return `normal(${seconds(of('mean_s'))} ${seconds(of('sd_s'))})`
    case 'discrete':
      return mixture(listOf(law, 'probs'), listOf(law, 'values_s').map(seconds))
    case 'normal-mixture':
      return normalMixture(law)
    case 'pareto-exp-mixture':
      return paretoMixture(of('p_pareto'), law)
    default:
      throw new BadInput(`No scenario can say the law '${law.dist}' yet.`)
  }
}

function hyperexponential(p: number, rate1: number, rate2: number): string {
  return `hyperexponential(${p} ${seconds(1 / rate1)} ${seconds(1 / rate2)})`
}

function normalMixture(law: Law): string {
  const spreads = listOf(law, 'sds_s')
  const means = listOf(law, 'means_s')
  const parts = means.map((middle, at) => `normal(${seconds(middle)} ${seconds(spreads[at]!)})`)
  return mixture(listOf(law, 'weights'), parts)
}

function paretoMixture(share: number, law: Law): string {
  const body = `pareto(${seconds(numberOf(law, 'xm_s'))} ${numberOf(law, 'alpha')})`
  const tail = `exponential(${seconds(numberOf(law, 'exp_mean_s'))})`
  if (share >= 1) return body
  return mixture([share, 1 - share], [body, tail])
}

function mixture(weights: readonly number[], parts: readonly string[]): string {
  return `mixture(${parts.map((part, at) => `${weights[at]!} ${part}`).join(' ')})`
}

/** Seconds as a span of the file; never in exponents. */
export function seconds(value: number): string {
  return `${Number((value * 1e9).toFixed(6))}ns`
}

/** A rate of the file. */
export function perSecond(rate: number): string {
  return `${rate}/s`
}

/** Numbers that a case must have. */
export function listOf(params: Readonly<Record<string, unknown>>, key: string): number[] {
  const value = params[key]
  if (Array.isArray(value) && value.every((each) => typeof each === 'number')) return value
  throw new BadInput(`'${key}' must be a list of numbers, not ${JSON.stringify(value)}.`)
}

/** A number that a case must have. */
export function numberOf(params: Readonly<Record<string, unknown>>, key: string): number {
  const value = params[key]
  if (typeof value === 'number') return value
  throw new BadInput(`'${key}' must be a number, not ${JSON.stringify(value)}.`)
}
