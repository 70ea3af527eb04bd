/** From service to service with the arrow keys: to the right along calls, to the left back, up and down to the next one. */
import type { Layout } from '../../engine/results/frame.ts'
import type { Dot } from './bezier.ts'

/** Arrow keys that walk. */
export const ARROWS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] as const
export type Arrow = (typeof ARROWS)[number]

/** Whether a key walks. */
export function isArrow(key: string): key is Arrow {
  return (ARROWS as readonly string[]).includes(key)
}

/** Where a key leads from a service; undefined: nowhere. */
export function nextAlong(
  key: Arrow,
  from: string,
  spots: ReadonlyMap<string, Dot>,
  edges: Layout['edges'],
): string | undefined {
  const here = spots.get(from)
  if (!here) return undefined
  const others = [...spots].filter(([name]) => name !== from)
  if (key === 'ArrowRight' || key === 'ArrowLeft') {
    const linked = edges.flatMap((edge) => {
      if (key === 'ArrowRight') return edge.from === from ? [edge.to] : []
      return edge.to === from ? [edge.from] : []
    })
    const near = others.filter(([name]) => linked.includes(name))
    return least(near, ([, spot]) => Math.abs(spot.y - here.y) + Math.abs(spot.x - here.x) / 8)
  }
  const sign = key === 'ArrowDown' ? 1 : -1
  const beyond = others.filter(([, { y }]) => (y - here.y) * sign > 0.5)
  return least(beyond, ([, { x, y }]) => Math.abs(y - here.y) + 2 * Math.abs(x - here.x))
}

function least(
  spots: readonly (readonly [string, Dot])[],
  cost: (spot: readonly [string, Dot]) => number,
): string | undefined {
  const costs = spots.map(cost)
  return spots[costs.indexOf(Math.min(...costs))]?.[0]
}
