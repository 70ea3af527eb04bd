/*
 * Elementary functions with the same bits in every engine: Math.log, exp, pow and sin differ in
 * the last bit between browsers, so these are made of + - * / and sqrt, which do not.
 *
 * The polynomials and constants of ln, exp, sin and cos are those of fdlibm 5.3 (Copyright (C)
 * 1993 by Sun Microsystems, Inc.; permission to use, copy, modify and distribute is freely granted,
 * provided that this notice is preserved).
 */

/** Scratch: a double and its two words, on little-endian machines the low word first. */
const double = new Float64Array(1)
const words = new Int32Array(double.buffer)

const BIAS = 1023
/** The powers of two from 2^1023 down to 2^-1024: POWERS[BIAS + n] is 2^-n. */
const POWERS = powersOfTwo()

function powersOfTwo(): Float64Array {
  const powers = new Float64Array(2048).fill(1)
  for (let n = 1; n <= BIAS; n++) powers[BIAS - n] = powers[BIAS - n + 1]! * 2
  for (let n = 1; n <= BIAS + 1; n++) powers[BIAS + n] = powers[BIAS + n - 1]! / 2
  return powers
}

/** The n for which x / 2^n is between sqrt(1/2) and sqrt(2), for normal x > 0. */
function exponentOf(x: number): number {
  double[0] = x
  return ((words[1]! + 0x9_5f64) >> 20) - BIAS
}

const LN2_HIGH = 6.9314718036912381649e-1
const LN2_LOW = 1.90821492927058770002e-10
const TWO_54 = 18_014_398_509_481_984

/** Natural logarithm, within 1 ulp; NaN below 0. */
export function ln(x: number): number {
  if (!(x >= 2.2250738585072014e-308 && x < Infinity)) return lnOfUnusual(x)
  // x = m * 2^exponent, with m between sqrt(1/2) and sqrt(2).
  const exponent = exponentOf(x)
  const f = x * POWERS[exponent + BIAS]! - 1
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const odd = z * (L1 + w * (L3 + w * (L5 + w * L7)))
  const even = w * (L2 + w * (L4 + w * L6))
  const half = 0.5 * f * f
  const rest = s * (half + odd + even)
  return exponent * LN2_HIGH - (half - (rest + exponent * LN2_LOW) - f)
}

const L1 = 6.66666666666673513e-1
const L2 = 3.999999999940941908e-1
const L3 = 2.857142874366239149e-1
const L4 = 2.222219843214978396e-1
const L5 = 1.818357216161805012e-1
const L6 = 1.531383769920937332e-1
const L7 = 1.479819860511658591e-1

function lnOfUnusual(x: number): number {
  if (x === 0) return -Infinity
  if (x > 0) return x < Infinity ? ln(x * TWO_54) - 54 * 0.6931471805599453 : Infinity
  return NaN
}

/** e to the power x, within 1 ulp. */
export function exp(x: number): number {
  if (!(x < 709.782712893384)) return x >= 709.782712893384 ? expOfLarge(x) : NaN
  if (x < -745.1332191019412) return 0
  const power = Math.floor(x * 1.4426950408889634 + 0.5)
  const high = x - power * LN2_HIGH
  const low = power * LN2_LOW
  return scale(1 - (low - quadratic(high - low) - high), power)
}

function expOfLarge(x: number): number {
  return x > 709.782712893384 ? Infinity : 1.7976931348622732e308
}

/** What e^r has beyond 1 + r, for |r| <= ln(2)/2. */
function quadratic(r: number): number {
  const t = r * r
  const c = r - t * (E1 + t * (E2 + t * (E3 + t * (E4 + t * E5))))
  return (r * c) / (2 - c)
}

const E1 = 1.66666666666666019037e-1
const E2 = -2.77777777770155933842e-3
const E3 = 6.61375632143793436117e-5
const E4 = -1.6533902205465251539e-6
const E5 = 4.13813679705723846039e-8

/** y times 2 to the power given, of -1080..1024. */
function scale(y: number, power: number): number {
  if (power > 1023) return y * 2 * POWERS[BIAS - power + 1]!
  if (power < -1021) return y * POWERS[BIAS - power - 54]! * (1 / TWO_54)
  return y * POWERS[BIAS - power]!
}

/** ln(1 + x), accurate for small x too. */
export function log1p(x: number): number {
  const u = 1 + x
  if (u === 1 || !(u < Infinity) || u <= 0) return u === 1 || x === Infinity ? x : ln(u)
  return ln(u) + (x - (u - 1)) / u
}

/** e^x - 1, accurate for small x too. */
export function expm1(x: number): number {
  if (x > -0.34 && x < 0.34) return x + quadratic(x)
  if (!(x > -1.03 && x < 1.03)) return exp(x) - 1
  const power = x > 0 ? 1 : -1
  const high = x - power * LN2_HIGH
  const low = power * LN2_LOW
  const rest = high - (low - quadratic(high - low))
  return power > 0 ? 2 * (rest + 0.5) : 0.5 * (rest - 1)
}

/** x to the power y, within about 1 ulp; x must not be negative. */
export function pow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1
  if (!(x > 0 && x < Infinity)) return powOfUnusual(x, y)
  const head = lnHead(x)
  const tail = lnTail[0]!
  const high = head * y
  if (!(high < 710 && high > -746)) return exp(high)
  const low = productError(head, y, high) + tail * y
  const power = exp(high + low)
  const lost = high - (high + low) + low
  return power < Infinity ? power + power * lost : power
}

function powOfUnusual(x: number, y: number): number {
  if (x === 0) return y > 0 ? 0 : Infinity
  if (x === Infinity) return y > 0 ? Infinity : 0
  return NaN
}

/** Scratch: what the logarithm has beyond the double that `lnHead` has returned. */
const lnTail = new Float64Array(1)

/** The logarithm of a positive x to about 65 bits, as a sum of two doubles. */
function lnHead(x: number): number {
  const subnormal = x < 2.2250738585072014e-308
  const scaled = subnormal ? x * TWO_54 : x
  const scaledExponent = exponentOf(scaled)
  const exponent = scaledExponent - (subnormal ? 54 : 0)
  const f = scaled * POWERS[scaledExponent + BIAS]! - 1

  // With s = f / (2 + f), ln(1 + f) = 2s + s^3 (2/3 + 2/5 s^2 + ...).
  const d = 2 + f
  const s = f / d
  const sLow = (f - s * d - productError(s, d, s * d) - s * (f - (d - 2))) / d
  const z = s * s
  const zLow = productError(s, s, z) + 2 * s * sLow
  const q = 0.6666666666666666 + seriesBeyond(z)
  const qLow = 0.6666666666666666 - q + seriesBeyond(z) + 3.700743415417188e-17
  const cube = z * s
  const cubeLow = productError(z, s, cube) + zLow * s + z * sLow
  const term = cube * q
  const termLow = productError(cube, q, term) + cubeLow * q + cube * qLow
  return sumOfLn(exponent, 2 * s, 2 * sLow, term, termLow)
}

/** 2/5 z + 2/7 z^2 + ..., to about 2^-60 of 2/3 for z <= 0.03. */
function seriesBeyond(z: number): number {
  const far = 2 / 15 + z * (2 / 17 + z * (2 / 19 + z * (2 / 21 + z * (2 / 23 + z * (2 / 25)))))
  return z * (2 / 5 + z * (2 / 7 + z * (2 / 9 + z * (2 / 11 + z * (2 / 13 + z * far)))))
}

function sumOfLn(exponent: number, a: number, aLow: number, b: number, bLow: number): number {
  const base = exponent * LN2_HIGH
  const first = base + a
  const firstLow = exponent === 0 ? 0 : base - first + a
  const sum = first + b
  const sumLow = Math.abs(first) > Math.abs(b) ? first - sum + b : b - sum + first
  const low = sumLow + firstLow + (aLow + bLow + exponent * LN2_LOW)
  const head = sum + low
  lnTail[0] = sum - head + low
  return head
}

/** The rounding error of the product of a and b, by splitting each in halves (Dekker 1971). */
function productError(a: number, b: number, product: number): number {
  const aHigh = upperHalf(a)
  const bHigh = upperHalf(b)
  const aLow = a - aHigh
  const bLow = b - bHigh
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow
}

function upperHalf(x: number): number {
  if (Math.abs(x) > 1e290) return x
  const wide = x * 134_217_729
  return wide - (wide - x)
}

/** Sine of x radians, within 1 ulp; throws a RangeError beyond |x| = 10^6. */
export function sin(x: number): number {
  return sineOfQuadrant(x, 0)
}

/** Cosine of x radians, within 1 ulp; throws a RangeError beyond |x| = 10^6. */
export function cos(x: number): number {
  return sineOfQuadrant(x, 1)
}

function sineOfQuadrant(x: number, shift: number): number {
  if (!(Math.abs(x) <= 1e6)) throw new RangeError('the angle is too large')
  const turns = Math.floor(x * 0.6366197723675814 + 0.5)
  // pi/2 in three parts of 33 bits, so that their products with the number of turns are exact.
  const first = x - turns * 1.57079632673412561417
  const second = turns * 6.0771005063039659766e-11
  const middle = first - second
  const third = turns * 2.0222662487111664558e-21
  const error = first - middle - second
  const rest = third - error + turns * 8.47842766036889956997e-32
  const r = middle - rest
  const low = middle - r - rest
  const quadrant = (turns + shift) & 3
  const size = (quadrant & 1) === 0 ? sineNear(r, low) : cosineNear(r, low)
  return quadrant < 2 ? size : -size
}

/** Sine of r + low, for |r| <= pi/4. */
function sineNear(r: number, low: number): number {
  const z = r * r
  const cube = z * r
  const series = S2 + z * (S3 + z * (S4 + z * (S5 + z * S6)))
  return r - (z * (0.5 * low - cube * series) - low - cube * S1)
}

const S1 = -1.66666666666666324348e-1
const S2 = 8.33333333332248946124e-3
const S3 = -1.98412698298579493134e-4
const S4 = 2.75573137070700676789e-6
const S5 = -2.50507602534068634195e-8
const S6 = 1.58969099521155010221e-10

/** Cosine of r + low, for |r| <= pi/4. */
function cosineNear(r: number, low: number): number {
  const z = r * r
  const series = z * (C1 + z * (C2 + z * (C3 + z * (C4 + z * (C5 + z * C6)))))
  const half = 0.5 * z
  const w = 1 - half
  return w + (1 - w - half + (z * series - r * low))
}

const C1 = 4.16666666666666019037e-2
const C2 = -1.38888888888741095749e-3
const C3 = 2.48015872894767294178e-5
const C4 = -2.75573143513906633035e-7
const C5 = 2.0875723212981748279e-9
const C6 = -1.13596475577881948265e-11
