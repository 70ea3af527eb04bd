/** The mathematics of the engine: the same bits in Node, Chromium, Firefox and WebKit. */
export { cos, exp, expm1, ln, log1p, pow, sin } from './elementary.ts'
export { gammaQuantile, lnGamma, normalProbability, normalQuantile } from './special.ts'
