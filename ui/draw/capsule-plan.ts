/** Where the capsules of folded domains stand: as near as possible to where their services would, and on nothing else. */
import type { Fold } from '../facts/folding.ts'
import type { Size } from '../view.ts'
import type { Dot } from './bezier.ts'
import type { Fit, Measure, Spot } from './fit.ts'
import type { Place } from './graph.ts'
import { holds, overlap, type Box } from './labels.ts'

/** A folded domain in its place. */
export interface Capsule extends Fold {
  readonly title: string
  readonly box: Box
}

/** Pixels around the title, of its line, and of a row of dots; dots to a row at most. */
export const CAPSULE = { inset: 9, head: 17, row: 9, dot: 9, most: 8 } as const

/** Pixels between places that are tried. */
const STEP = 6
/** What covering costs, per pixel; being off by a pixel costs 1. */
const COST = { capsule: 6, node: 2.5, outside: 6, point: 16 } as const
/** Pixels that a label takes below its circle, and beside. */
const LABEL = { below: 30, beside: 26 } as const

/** What capsules should not cover. */
export interface Taken {
  readonly spots: readonly Spot[]
  readonly points: readonly Dot[]
  readonly room: Size
}

/** The title of a capsule: `12 edge & identity`. */
export function titleOf({ domain, members }: Fold): string {
  return `${members.length} ${domain}`
}

/** Places one capsule after the other, the largest first. */
export function capsulesOf(
  folds: readonly Fold[],
  places: ReadonlyMap<string, Place>,
  fit: Fit,
  measure: Measure,
  taken: Taken,
): Capsule[] {
  const done: Capsule[] = []
  const bySize = folds.toSorted((a, b) => b.members.length - a.members.length)
  for (const fold of bySize) {
    const spots = fold.members.map((name) => fit.spotOf(places.get(name)!))
    const title = titleOf(fold)
    const size = sizeOf(fold.members.length, measure(title))
    const box = nearest(middleOf(spots), size, taken, done)
    done.push({ ...fold, title, box })
  }
  return folds.map(({ domain }) => done.find((one) => one.domain === domain)!)
}

function sizeOf(members: number, title: number): Size {
  const rows = Math.ceil(members / CAPSULE.most)
  const dots = Math.min(members, CAPSULE.most) * CAPSULE.dot
  const height = CAPSULE.head + rows * CAPSULE.row + CAPSULE.inset - 2
  return { width: Math.max(title, dots) + 2 * CAPSULE.inset, height }
}

function middleOf(spots: readonly Dot[]): Dot {
  const mean = (pick: (dot: Dot) => number): number =>
    spots.reduce((sum, dot) => sum + pick(dot), 0) / spots.length
  return { x: mean(({ x }) => x), y: mean(({ y }) => y) }
}

function nearest(wanted: Dot, size: Size, taken: Taken, done: readonly Capsule[]): Box {
  const { width, height } = taken.room
  let best: { box: Box; cost: number } | undefined
  for (let y = 0; y <= Math.max(0, height - size.height); y += STEP) {
    for (let x = 0; x <= Math.max(0, width - size.width); x += STEP) {
      const box = { x, y, ...size }
      const off = Math.hypot(x + size.width / 2 - wanted.x, y + size.height / 2 - wanted.y)
      if (best && off >= best.cost) continue
      const cost = off + costOf(box, taken, done)
      if (!best || cost < best.cost) best = { box, cost }
    }
  }
  return best!.box
}

function costOf(box: Box, { spots, points, room }: Taken, done: readonly Capsule[]): number {
  const around = {
    ...box,
    x: box.x - 4,
    y: box.y - 4,
    width: box.width + 8,
    height: box.height + 8,
  }
  const capsules = done.reduce((sum, one) => sum + overlap(around, one.box), 0)
  const nodes = spots.reduce((sum, spot) => sum + overlap(box, reserve(spot)), 0)
  const inside = points.filter((point) => holds(around, point)).length
  const within = overlap(box, { x: 0, y: 0, ...room })
  const outside = box.width * box.height - within
  return COST.capsule * capsules + COST.node * nodes + COST.point * inside + COST.outside * outside
}

/** A circle with room for its label. */
function reserve({ x, y, radius }: Spot): Box {
  const beside = Math.max(radius + 4, LABEL.beside)
  return {
    x: x - beside,
    y: y - radius - 6,
    width: 2 * beside,
    height: 2 * radius + 6 + LABEL.below,
  }
}
