/** What a set of runs says, and how surely: the door to means, differences, proportions, medians and their intervals. */
export { batchMeans, vonNeumann, type BatchMeans } from './statistics/batches.ts'
export { bootstrapT } from './statistics/bootstrap.ts'
export { skewCorrected } from './statistics/skew-corrected.ts'
export {
  differenceOf,
  differencesOf,
  factorInterval,
  type Difference,
  type Method,
} from './statistics/difference.ts'
export { holm } from './statistics/holm.ts'
export {
  CONFIDENCE,
  halfWidth,
  mean,
  meanInterval,
  pairedInterval,
  type Interval,
} from './statistics/interval.ts'
export { medianInterval } from './statistics/median.ts'
export { savedBy, skewness, variance } from './statistics/moments.ts'
export { pairedShares, shareDifference, wilsonInterval } from './statistics/proportion.ts'
export { FEWEST_BEYOND, isThin, quantileInterval, samplesBeyond } from './statistics/quantile.ts'
export {
  FIRST_LOOK,
  isPrecise,
  looksUpTo,
  MOST_RUNS,
  runsMissing,
  toleranceOf,
  type Precision,
} from './statistics/sequential.ts'
export { studentT } from './statistics/student.ts'
export { suggestWarmup, type Warmup } from './statistics/warmup.ts'
