/** Dots along an edge as dashes of length zero: as many as calls go over it, in the hues of how they end. */

/** The hues of an edge's dots. */
export const DOT_HUES = ['ok', 'fast', 'fail'] as const
export type DotHue = (typeof DOT_HUES)[number]

/** Dots to a period of the pattern: shares are told in eighths, and any share at all gets one. */
const PERIOD = 8
/** Calls per second that one dot stands for, and the nearest that dots may come, in pixels. */
const RATE = 12
const NEAREST = 6

/** Dashes for `stroke-dasharray`, and where they begin; undefined when the hue has no dots. */
export interface Dashes {
  readonly array: string
  readonly offset: number
}

/** Distance of dots on an edge of a length with a rate (1/s); Infinity without calls. */
export function spacing(rate: number, length: number): number {
  if (rate < 0.05) return Infinity
  return Math.max(NEAREST, Math.min(length / 1.5, (length * RATE) / rate))
}

/** Which dot of a period has which hue: shares as even as can be, spread out. */
export function periodOf(shares: Readonly<Record<DotHue, number>>): readonly DotHue[] {
  const owed = { ok: 0, fast: 0, fail: 0 }
  const amounts = amountsOf(shares)
  return Array.from({ length: PERIOD }, () => {
    for (const hue of DOT_HUES) owed[hue] += amounts[hue]
    const next = DOT_HUES.reduce((best, hue) => (owed[hue] > owed[best] ? hue : best))
    owed[next] -= PERIOD
    return next
  })
}

function amountsOf(shares: Readonly<Record<DotHue, number>>): Record<DotHue, number> {
  const fast = atLeastOne(shares.fast)
  const fail = Math.min(PERIOD - fast, atLeastOne(shares.fail))
  return { fast, fail, ok: PERIOD - fast - fail }
}

function atLeastOne(share: number): number {
  return share > 0.01 ? Math.max(1, Math.round(share * PERIOD)) : 0
}

/** The dashes of one hue of a period; `phase` moves them along, in pixels. */
export function dashesOf(
  period: readonly DotHue[],
  hue: DotHue,
  gap: number,
  phase: number,
): Dashes | undefined {
  const at = period.flatMap((one, index) => (one === hue ? [index] : []))
  const [first] = at
  if (first === undefined || !Number.isFinite(gap)) return undefined
  const gaps = at.map((index, k) => ((at[k + 1] ?? first + period.length) - index) * gap)
  const array = gaps.map((length) => `0 ${length.toFixed(2)}`).join(' ')
  return { array, offset: -(first * gap + phase) }
}
