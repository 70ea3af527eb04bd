import { Digest } from '../../../engine/core/digest.ts'
import { Sampler } from '../../../engine/core/sampler.ts'
import type { Distribution } from '../../../engine/core/distribution.ts'
import { hashText, mix } from '../../../engine/core/hash.ts'
import { exp, ln, pow, sin } from '../../../engine/core/math.ts'
import { Dice } from '../../../engine/core/random.ts'
import { Histogram } from '../../../engine/results/histogram.ts'
import { measure, report } from './measure.ts'

const key = { k0: 0x1234_5678, k1: 0x9abc_def0 | 0 }
const sink = new Float64Array(1)

const dice = new Dice(key)
report(
  measure('draw a uniform variate', 2e7, (count) => {
    let sum = 0
    for (let index = 0; index < count; index++) sum += dice.uniform(index, 7)
    sink[0] = sum
  }),
)

function drawing(distribution: Distribution): (count: number) => void {
  const sampler = new Sampler(distribution, key)
  return (count) => {
    let sum = 0
    for (let index = 0; index < count; index++) sum += sampler.duration(index, 7)
    sink[0] = sum
  }
}

const distributions: [Distribution, number][] = [
  [{ kind: 'exponential', mean: 1e6 }, 1e7],
  [{ kind: 'constant', value: 1e6 }, 1e7],
  [{ kind: 'uniform', from: 1e6, to: 2e6 }, 1e7],
  [{ kind: 'lognormal', mean: 1e6, sigma: 1 }, 5e6],
  [{ kind: 'normal', mean: 1e6, deviation: 1e5 }, 5e6],
  [{ kind: 'gamma', mean: 1e6, shape: 2.5 }, 1e5],
  [{ kind: 'erlang', mean: 1e6, stages: 20 }, 1e5],
  [{ kind: 'pareto', minimum: 1e6, alpha: 1.5 }, 5e6],
  [{ kind: 'weibull', scale: 1e6, shape: 0.7 }, 5e6],
  [{ kind: 'hyperexponential', probability: 0.9, mean: 1e6, otherMean: 1e7 }, 5e6],
  [{ kind: 'empirical', values: [1e6, 2e6, 3e6, 4e6] }, 5e6],
  [{ kind: 'zipf', items: 10_000, exponent: 1.1 }, 5e6],
  [{ kind: 'exponential', mean: 1e6 }, 1e7],
]
for (const [distribution, count] of distributions) {
  report(measure(`sample: ${distribution.kind}`, count, drawing(distribution)))
}

const functions: [string, (x: number) => number][] = [
  ['ln', ln],
  ['exp', exp],
  ['sin', sin],
  ['pow', (x) => pow(x, 1.7)],
  ['Math.log, for comparison', Math.log],
]
for (const [name, apply] of functions) {
  report(
    measure(name, 5e6, (count) => {
      let sum = 0
      for (let index = 0; index < count; index++) sum += apply(0.5 + index * 1e-6)
      sink[0] = sum
    }),
  )
}

const digest = new Digest()
report(
  measure('fold an event into a digest', 2e7, (count) => {
    for (let index = 0; index < count; index++) digest.fold(index * 1e6, 0xdead_beef, index, 1)
  }),
)

const histogram = new Histogram()
const latencies = Float64Array.from({ length: 4096 }, (_, index) => {
  return Math.round(-1e7 * ln(dice.uniform(index, 9)))
})
report(
  measure('record into a histogram', 2e7, (count) => {
    for (let index = 0; index < count; index++) histogram.record(latencies[index & 4095]!)
  }),
)
console.log(`${histogram.bytes} bytes of histogram`)

report(
  measure('mix two words', 2e7, (count) => {
    let word = 1
    for (let index = 0; index < count; index++) word = mix(word, index)
    sink[0] = word
  }),
)
report(
  measure('hash a path of 20 letters', 2e6, (count) => {
    let word = 0
    for (let index = 0; index < count; index++) word ^= hashText('region/shop/database')
    sink[0] = word
  }),
)
