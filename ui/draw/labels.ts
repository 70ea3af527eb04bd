/**
 * Where labels stand: beside, below or above their circles, on whichever side is free. The choice depends on the
 * places alone, not on how the run goes, so that labels do not jump.
 */
import type { Size } from '../view.ts'
import type { Dot } from './bezier.ts'
import type { Spot } from './fit.ts'

/** A rectangle of the picture; `x` and `y` are its upper left corner. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Sides of a circle, the ones that are easiest to read first. */
export const SIDES_OF_LABEL = [
  'right',
  'right raised',
  'right lowered',
  'below',
  'above',
  'left',
  'right above',
  'right below',
  'left above',
  'left below',
] as const
export type LabelSide = (typeof SIDES_OF_LABEL)[number]

/** A label that wants a place. */
export interface Wish {
  readonly name: string
  readonly spot: Spot
  readonly width: number
  readonly height: number
  /** Higher is placed first, and is shown even where it covers something. */
  readonly rank: number
  readonly likes: LabelSide
}

/** What labels should not cover. */
export interface Obstacles {
  /** Circles, with the name of whom they belong to: one's own does not count. */
  readonly discs: readonly (Spot & { readonly name: string })[]
  readonly boxes: readonly Box[]
  /** Points of the edges. */
  readonly points: readonly Dot[]
  readonly room: Size
}

/** A label in its place. */
export interface Label {
  readonly side: LabelSide
  readonly box: Box
}

/** What covering costs, per pixel of area, and per point of an edge. */
const COST = { label: 4, disc: 4, box: 2, outside: 12, point: 9, rank: 2 } as const
/** A label of low rank that costs more than this is not drawn. */
const TOO_MUCH = 60
/** Rank from which a label is always drawn. */
export const ALWAYS = 1
/** How often every label may look for a better place, when all others have one. */
const ROUNDS = 3

/** Places labels; those of low rank that find no free place have none. */
export function placeLabels(
  wishes: readonly Wish[],
  obstacles: Obstacles,
): ReadonlyMap<string, Label> {
  const inOrder = wishes.toSorted((a, b) => b.rank - a.rank)
  const placed = new Map<string, Label & { readonly cost: number }>()
  for (let round = 0; round < ROUNDS; round++) {
    for (const wish of inOrder) {
      const others = [...placed].filter(([name]) => name !== wish.name).map(([, { box }]) => box)
      placed.set(wish.name, best(wish, obstacles, others))
    }
  }
  const shown = inOrder.filter(({ name, rank }) => {
    const isShown = rank >= ALWAYS || placed.get(name)!.cost <= TOO_MUCH
    if (!isShown) placed.delete(name)
    return isShown
  })
  return new Map(shown.map(({ name }) => [name, placed.get(name)!]))
}

function best(
  wish: Wish,
  obstacles: Obstacles,
  others: readonly Box[],
): Label & { readonly cost: number } {
  const sides = [wish.likes, ...SIDES_OF_LABEL.filter((side) => side !== wish.likes)]
  const all = sides.map((side, order) => {
    const box = boxAt(wish, side)
    return { side, box, cost: order * COST.rank + costOf(box, wish, obstacles, others) }
  })
  return all.reduce((least, one) => (one.cost < least.cost ? one : least))
}

function costOf(
  box: Box,
  { name }: Wish,
  { discs, boxes, points, room }: Obstacles,
  others: readonly Box[],
): number {
  const area = (all: readonly Box[]): number => all.reduce((sum, one) => sum + overlap(box, one), 0)
  const circles = discs.filter((disc) => disc.name !== name).map(squareOf)
  const inside = points.filter((point) => holds(box, point)).length
  const within = overlap(box, { x: 0, y: 0, ...room })
  return (
    COST.label * area(others) +
    COST.disc * area(circles) +
    COST.box * area(boxes) +
    COST.point * inside +
    COST.outside * (box.width * box.height - within)
  )
}

/** A square as large as a circle: it covers what the circle covers, but for the corners. */
function squareOf({ x, y, radius }: Spot): Box {
  const half = radius * 0.9
  return { x: x - half, y: y - half, width: 2 * half, height: 2 * half }
}

/** The area that two boxes share. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return width > 0 && height > 0 ? width * height : 0
}

/** Whether a point lies in a box. */
export function holds({ x, y, width, height }: Box, dot: Dot): boolean {
  return dot.x > x && dot.x < x + width && dot.y > y && dot.y < y + height
}

/** Pixels between a circle and its label, beside it and below it. */
const BESIDE = 7
const BELOW = 3
/** Between the way on and a label above or below it. */
const RAISED = 3

/** The box of a label on a side of its circle. */
export function boxAt(
  { spot: { x, y, radius }, width, height }: Pick<Wish, 'spot' | 'width' | 'height'>,
  side: LabelSide,
): Box {
  const right = x + radius + BESIDE
  const left = x - radius - BESIDE - width
  const [above, below] = [y - radius - BELOW - height, y + radius + BELOW]
  const middle = { x: x - width / 2, y: y - height / 2 }
  const corner = { right: x + radius * 0.5, left: x - radius * 0.5 - width }
  const at: Readonly<Record<LabelSide, Dot>> = {
    right: { x: right, y: middle.y },
    left: { x: left, y: middle.y },
    below: { x: middle.x, y: below },
    above: { x: middle.x, y: above },
    'right raised': { x: right, y: y - RAISED - height },
    'right lowered': { x: right, y: y + RAISED },
    'right above': { x: corner.right, y: above },
    'right below': { x: corner.right, y: below },
    'left above': { x: corner.left, y: above },
    'left below': { x: corner.left, y: below },
  }
  return { ...at[side], width, height }
}
