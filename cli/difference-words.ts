/** Differences in words. They come from the interval alone: what it leaves open is not called a difference. */
import { halfWidth } from '../engine/results/statistics.ts'
import type { MetricUnit } from '../engine/results/metric.ts'
import { betterOf, type Measure } from '../engine/studies/measure.ts'
import type { Compared } from '../engine/studies/comparison.ts'
import { quantity, sized, unitWord } from './text.ts'

/** Ends that differ by less than this share are written as ±. */
const EVEN = 0.1
/** Runs beyond which nobody is sent off to make them. */
const MOST_MISSING = 100_000

/** `faster by 33 ± 4 ms (95 %, 40 paired runs)`, `no difference shown (±6 ms, …)`, `too noisy: about 180 more runs (…)`. */
export function differenceWords(found: Compared, measure: Measure): string {
  const { n, low, high, tolerance, missing } = found
  const { unit } = measure.metric
  if (low === 0 && high === 0) return `the same in all ${n} paired runs`
  const rests = `${percent(found.confidence)} %, ${n} paired runs`
  if (low > 0 || high < 0) return `${way(found.mean, measure)} by ${amount(found, unit)} (${rests})`
  const half = halfWidth(found)
  const spread = `±${sized(half, half, unit)}${unitWord(unit)}`
  if (half <= tolerance) return `no difference shown (${spread}, ${rests})`
  const wanted =
    missing < MOST_MISSING
      ? `about ${quantity(missing, 'count')} more runs`
      : 'say with --delta what would not matter'
  return `too noisy: ${wanted} (${spread}, ${rests})`
}

/** `33 ± 4 ms`, or `33 ms (30 to 41 ms)` where one end is farther away. */
function amount({ mean, low, high }: Compared, unit: MetricUnit): string {
  const [from, to] = low > 0 ? [low, high] : [-high, -low]
  const size = Math.abs(mean)
  const half = Math.max(to - size, size - from)
  const [middle, error, down, up] = [size, half, from, to].map((value) => sized(value, half, unit))
  const lean = Math.abs(to - size - (size - from))
  if (lean <= EVEN * half) return `${middle!} ± ${error!}${unitWord(unit)}`
  return `${middle!}${unitWord(unit)} [${down!} to ${up!}${unitWord(unit)}]`
}

function way(difference: number, measure: Measure): string {
  const isMore = difference > 0
  if (measure.metric.unit === 'ms' && betterOf(measure) === 'less')
    return isMore ? 'slower' : 'faster'
  return isMore ? 'higher' : 'lower'
}

function percent(confidence: number): string {
  return String(Number((confidence * 100).toPrecision(4)))
}
