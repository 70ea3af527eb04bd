import { exp, ln } from './elementary.ts'

/**
 * The value below which a standard normal variate stays with probability p; relative error below
 * 1e-15. Algorithm AS 241, PPND16 (Wichura, Applied Statistics 37, 1988).
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    return (q * centralTop(r)) / centralBottom(r)
  }
  const tail = q < 0 ? p : 1 - p
  if (!(tail > 0)) return tail === 0 ? (q < 0 ? -Infinity : Infinity) : NaN
  const r = Math.sqrt(-ln(tail))
  const size =
    r <= 5 ? middleTop(r - 1.6) / middleBottom(r - 1.6) : farTop(r - 5) / farBottom(r - 5)
  return q < 0 ? -size : size
}

function centralTop(r: number): number {
  const far = 6.7265770927008700853e4 + r * (3.3430575583588128105e4 + r * 2.5090809287301226727e3)
  const near = 1.3731693765509461125e4 + r * (4.5921953931549871457e4 + r * far)
  return (
    3.387132872796366608 + r * (1.3314166789178437745e2 + r * (1.9715909503065514427e3 + r * near))
  )
}

function centralBottom(r: number): number {
  const far = 3.930789580009271061e4 + r * (2.8729085735721942674e4 + r * 5.226495278852854561e3)
  const near = 5.3941960214247511077e3 + r * (2.1213794301586595867e4 + r * far)
  return 1 + r * (4.2313330701600911252e1 + r * (6.871870074920579083e2 + r * near))
}

function middleTop(r: number): number {
  const far =
    2.4178072517745061177e-1 + r * (2.27238449892691845833e-2 + r * 7.7454501427834140764e-4)
  const near = 3.64784832476320460504 + r * (1.27045825245236838258 + r * far)
  return (
    1.42343711074968357734 + r * (4.6303378461565452959 + r * (5.7694972214606914055 + r * near))
  )
}

function middleBottom(r: number): number {
  const far =
    1.51986665636164571966e-2 + r * (5.475938084995344946e-4 + r * 1.05075007164441684324e-9)
  const near = 6.8976733498510000455e-1 + r * (1.4810397642748007459e-1 + r * far)
  return 1 + r * (2.05319162663775882187 + r * (1.6763848301838038494 + r * near))
}

function farTop(r: number): number {
  const far =
    1.2426609473880784386e-3 + r * (2.71155556874348757815e-5 + r * 2.01033439929228813265e-7)
  const near = 2.9656057182850489123e-1 + r * (2.6532189526576123093e-2 + r * far)
  return (
    6.6579046435011037772 + r * (5.4637849111641143699 + r * (1.7848265399172913358 + r * near))
  )
}

function farBottom(r: number): number {
  const far =
    1.8463183175100546818e-5 + r * (1.4215117583164458887e-7 + r * 2.04426310338993978564e-15)
  const near = 1.48753612908506148525e-2 + r * (7.868691311456132591e-4 + r * far)
  return 1 + r * (5.9983220655588793769e-1 + r * (1.3692988092273580531e-1 + r * near))
}

/** The probability that a standard normal variate is below x. */
export function normalProbability(x: number): number {
  const tail = 0.5 * gammaUpper(0.5, 0.5 * x * x)
  return x < 0 ? tail : 1 - tail
}

const HALF_LN_TWO_PI = 0.9189385332046727

/** Logarithm of the gamma function, for x > 0; relative error about 1e-14 away from 1 and 2. */
export function lnGamma(x: number): number {
  // The series of Stirling is exact enough from 10 on; the recurrence leads there.
  let product = 1
  let shifted = x
  while (shifted < 10) {
    product *= shifted
    shifted += 1
  }
  const stirling = (shifted - 0.5) * ln(shifted) - shifted + HALF_LN_TWO_PI + stirlingRest(shifted)
  return product === 1 ? stirling : stirling - ln(product)
}

function stirlingRest(x: number): number {
  const z = 1 / (x * x)
  const far = 1 / 1188 - z * (691 / 360_360 - z * (1 / 156 - z * (3617 / 122_400)))
  return (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z * far)))) / x
}

/**
 * The value below which a gamma variate of that shape and scale 1 stays with probability p (the
 * inverse of the regularised lower incomplete gamma function); relative error below 1e-8.
 */
export function gammaQuantile(shape: number, p: number): number {
  if (p <= 0) return 0
  if (p >= 1) return Infinity
  // Solved for the logarithm of x, in which the function is smooth for small shapes too; the
  // bracket shrinks with every step and catches the steps of Newton that would leave it.
  const scale = lnGamma(shape)
  let low = -Infinity
  let high = Infinity
  let at = firstGuess(shape, scale, p)
  for (let round = 0; round < 100; round++) {
    const x = exp(at)
    const slope = exp(shape * at - x - scale)
    const gap = excess(shape, x, slope, p)
    if (gap > 0) high = at
    else low = at
    const step = gap / slope
    at -= step
    // The error that is left is of the order of the step's square.
    if (Math.abs(step) < 1e-7) break
    if (!(at > low && at < high)) at = halfway(low, high)
  }
  return exp(at)
}

/** How far the probability of staying below x exceeds p, computed from the smaller tail. */
function excess(shape: number, x: number, slope: number, p: number): number {
  const isLower = x < shape + 1
  const tail = slope * (isLower ? lowerBySeries(shape, x) : upperByFraction(shape, x))
  if (p < 0.5) return (isLower ? tail : 1 - tail) - p
  return 1 - p - (isLower ? 1 - tail : tail)
}

function halfway(low: number, high: number): number {
  if (low === -Infinity) return high - Math.max(1, Math.abs(high))
  if (high === Infinity) return low + Math.max(1, Math.abs(low))
  return 0.5 * (low + high)
}

/** By Wilson and Hilferty for larger shapes, by the first term of the series for smaller. */
function firstGuess(shape: number, scale: number, p: number): number {
  const small = (ln(p) + scale + ln(shape)) / shape
  if (shape < 0.5) return Math.min(small, 5)
  const root = 1 - 1 / (9 * shape) + normalQuantile(p) / (3 * Math.sqrt(shape))
  return root > 0.1 ? ln(shape) + 3 * ln(root) : small
}

/** Regularised upper incomplete gamma function. */
function gammaUpper(shape: number, x: number): number {
  if (x <= 0) return 1
  const slope = exp(shape * ln(x) - x - lnGamma(shape))
  if (x < shape + 1) return 1 - slope * lowerBySeries(shape, x)
  return slope * upperByFraction(shape, x)
}

/** The regularised lower function, divided by its derivative for ln x. */
function lowerBySeries(shape: number, x: number): number {
  let term = 1
  let sum = 1
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= x / (shape + n)
    sum += term
  }
  return sum / shape
}

/** The upper one likewise: Legendre's continued fraction, evaluated by the method of Lentz. */
function upperByFraction(shape: number, x: number): number {
  const tiny = 1e-300
  let b = x + 1 - shape
  let c = 1 / tiny
  let d = 1 / b
  let fraction = d
  for (let n = 1; n < 100_000; n++) {
    const a = n * (shape - n)
    b += 2
    d = 1 / nonzero(a * d + b, tiny)
    c = nonzero(b + a / c, tiny)
    fraction *= c * d
    if (Math.abs(c * d - 1) < 1e-16) break
  }
  return fraction
}

function nonzero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value
}
