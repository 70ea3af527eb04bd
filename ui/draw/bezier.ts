/** The curve of an edge, measured without asking the browser, which would have to lay out the page for it. */

/** A point of a picture. */
export interface Dot {
  readonly x: number
  readonly y: number
}

/** A curve of a known length, and the point at a share of it. */
export interface Curve {
  readonly from: Dot
  readonly to: Dot
  /** Where the curve is drawn to from its ends: handles of a cubic Bézier curve. */
  readonly handles: readonly [Dot, Dot]
  readonly length: number
  /** Points along it, from end to end. */
  readonly points: readonly Dot[]
  at(share: number): Dot
}

const PIECES = 24
/** Pixels that a curve goes on level at least before it turns back. */
const LEVEL = 26

/** A curve that leaves to the right and arrives from the left, level at both ends. */
export function horizontalLink(from: Dot, to: Dot): Curve {
  const reach = Math.max((to.x - from.x) / 2, Math.min(LEVEL, Math.abs(to.x - from.x) / 2 + 8))
  return curve(from, { x: from.x + reach, y: from.y }, { x: to.x - reach, y: to.y }, to)
}

/** A curve that leaves and arrives upright. */
export function verticalLink(from: Dot, to: Dot): Curve {
  const middle = (from.y + to.y) / 2
  return curve(from, { x: from.x, y: middle }, { x: to.x, y: middle }, to)
}

function curve(from: Dot, first: Dot, second: Dot, to: Dot): Curve {
  const points = Array.from({ length: PIECES + 1 }, (_, piece) =>
    pointAt([from, first, second, to], piece / PIECES),
  )
  const lengths = lengthsOf(points)
  return {
    from,
    to,
    handles: [first, second],
    points,
    length: lengths[PIECES]!,
    at: (share) => along(points, lengths, share),
  }
}

function lengthsOf(points: readonly Dot[]): number[] {
  const lengths = [0]
  for (const [piece, point] of points.slice(1).entries()) {
    const { x, y } = points[piece]!
    lengths.push(lengths[piece]! + Math.hypot(point.x - x, point.y - y))
  }
  return lengths
}

function along(points: readonly Dot[], lengths: readonly number[], share: number): Dot {
  const wanted = share * lengths[PIECES]!
  const piece = Math.max(0, Math.min(PIECES - 1, lengths.findIndex((one) => one >= wanted) - 1))
  const [low, high] = [lengths[piece]!, lengths[piece + 1]!]
  const part = high > low ? (wanted - low) / (high - low) : 0
  const [a, b] = [points[piece]!, points[piece + 1]!]
  return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part }
}

function pointAt([p, q, r, s]: readonly [Dot, Dot, Dot, Dot], t: number): Dot {
  const rest = 1 - t
  const [a, b, c, d] = [rest * rest * rest, 3 * rest * rest * t, 3 * rest * t * t, t * t * t]
  return {
    x: a * p.x + b * q.x + c * r.x + d * s.x,
    y: a * p.y + b * q.y + c * r.y + d * s.y,
  }
}

/** How near a point is to a curve, in pixels. */
export function distanceTo({ points }: Pick<Curve, 'points'>, { x, y }: Dot): number {
  let nearest = Infinity
  for (const [piece, b] of points.slice(1).entries()) {
    const a = points[piece]!
    const [dx, dy] = [b.x - a.x, b.y - a.y]
    const long = dx * dx + dy * dy
    const part = long === 0 ? 0 : ((x - a.x) * dx + (y - a.y) * dy) / long
    const t = Math.max(0, Math.min(1, part))
    nearest = Math.min(nearest, Math.hypot(a.x + dx * t - x, a.y + dy * t - y))
  }
  return nearest
}
