/** The curve of an edge, measured without asking the browser, which would have to lay out the page for it. */

/** A point of a picture. */
export interface Dot {
  readonly x: number
  readonly y: number
}

/** A curve of a known length, and the point at a share of it. */
export interface Measured {
  readonly length: number
  at(share: number): Dot
}

const PIECES = 24

/** The curve that `linkHorizontal` draws: it leaves and arrives level. */
export function horizontalLink(from: Dot, to: Dot): Measured {
  const points = Array.from({ length: PIECES + 1 }, (_, piece) => pointAt(from, to, piece / PIECES))
  const lengths = [0]
  for (const [piece, point] of points.slice(1).entries()) {
    const { x, y } = points[piece]!
    lengths.push(lengths[piece]! + Math.hypot(point.x - x, point.y - y))
  }
  const length = lengths[PIECES]!
  return {
    length,
    at(share) {
      const wanted = share * length
      const piece = Math.max(0, Math.min(PIECES - 1, lengths.findIndex((one) => one >= wanted) - 1))
      const [low, high] = [lengths[piece]!, lengths[piece + 1]!]
      const part = high > low ? (wanted - low) / (high - low) : 0
      const [a, b] = [points[piece]!, points[piece + 1]!]
      return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part }
    },
  }
}

function pointAt(from: Dot, to: Dot, t: number): Dot {
  const middle = (from.x + to.x) / 2
  const rest = 1 - t
  const [a, b, c, d] = [rest * rest * rest, 3 * rest * rest * t, 3 * rest * t * t, t * t * t]
  return {
    x: a * from.x + (b + c) * middle + d * to.x,
    y: (a + b) * from.y + (c + d) * to.y,
  }
}
