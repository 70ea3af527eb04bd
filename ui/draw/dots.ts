/** Dots along an edge: as many as calls go over it, in the hues of how they end. */

/** How a call that a dot stands for ends: served, refused on purpose, failed, or turned away by a circuit before it left. */
export const DOT_HUES = ['ok', 'fast', 'fail', 'blocked'] as const
export type DotHue = (typeof DOT_HUES)[number]

/** Pixels that dots travel in a second of the run. */
export const SPEED = 30
/** The nearest that dots may come, in pixels: beyond, only the ribbon gets wider. */
export const NEAREST = 6

/** Dots to a period of the pattern: shares are told in eighths, and any share at all gets one. */
const PERIOD = 8
/** Pixels of an edge as there are many: for the words of the scale. */
const TYPICAL_EDGE = 90

/** Calls that one dot stands for: the round number with which an edge that has a whole load on it is about full. */
export function callsPerDot(load: number): number {
  const full = Math.log10(Math.max(1, (load * NEAREST) / SPEED))
  const unit = Math.pow(10, Math.floor(full))
  const way = (calls: number): number => Math.abs(Math.log10(calls) - full)
  const round = [1, 2, 5, 10].map((step) => step * unit)
  return round.reduce((best, calls) => (way(calls) < way(best) ? calls : best))
}

/** Calls per second that a dot on an edge of usual length stands for. */
export function ratePerDot(calls: number): number {
  return (calls * SPEED) / TYPICAL_EDGE
}

/** Distance of dots on an edge with a rate (1/s), when each stands for so many calls; Infinity without calls. */
export function spacing(rate: number, calls: number): number {
  if (rate < 0.05) return Infinity
  return Math.max(NEAREST, (SPEED * calls) / rate)
}

/** Which dot of a period has which hue: shares as even as can be, spread out. */
export function periodOf(shares: Readonly<Partial<Record<DotHue, number>>>): readonly DotHue[] {
  const owed = { ok: 0, fast: 0, fail: 0, blocked: 0 }
  const amounts = amountsOf(shares)
  return Array.from({ length: PERIOD }, () => {
    for (const hue of DOT_HUES) owed[hue] += amounts[hue]
    const next = DOT_HUES.reduce((best, hue) => (owed[hue] > owed[best] ? hue : best))
    owed[next] -= PERIOD
    return next
  })
}

function amountsOf(shares: Readonly<Partial<Record<DotHue, number>>>): Record<DotHue, number> {
  const fast = atLeastOne(shares.fast ?? 0)
  const blocked = Math.min(PERIOD - fast, atLeastOne(shares.blocked ?? 0))
  const fail = Math.min(PERIOD - fast - blocked, atLeastOne(shares.fail ?? 0))
  return { fast, blocked, fail, ok: PERIOD - fast - fail - blocked }
}

function atLeastOne(share: number): number {
  return share > 0.01 ? Math.max(1, Math.round(share * PERIOD)) : 0
}
