/**
 * Where labels stand: beside, below or above their circles, wherever is free. The choice depends on the places and on
 * what can ever be said there, not on the moment, so that labels do not jump.
 */
import type { Size } from '../view.ts'
import type { Dot } from './bezier.ts'
import type { Spot } from './fit.ts'

/** A rectangle of the picture; `x` and `y` are its upper left corner. */
export interface Box extends Size {
  readonly x: number
  readonly y: number
}

/** A label that wants a place. */
export interface Wish extends Size {
  readonly name: string
  readonly spot: Spot
  /** Higher is placed first, and is shown even where it covers something. */
  readonly rank: number
  readonly likes: 'right' | 'below'
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
  readonly box: Box
  /** How its lines are set in the box. */
  readonly align: 'start' | 'middle' | 'end'
  /** The side of the box that stays when there are fewer lines. */
  readonly hangs: 'top' | 'middle' | 'bottom'
}

/** What covering costs, per pixel of area, and per point of an edge; a place that is harder to read costs a little. */
const COST = { label: 5, disc: 5, box: 2, outside: 12, point: 10, order: 1.5 } as const
/** A label of low rank that costs more than this is not drawn. */
const TOO_MUCH = 36
/** Rank from which a label is always drawn. */
const ALWAYS = 1
/** How often every label may look for a better place, when all others have one. */
const ROUNDS = 3

interface Placed extends Label {
  readonly cost: number
}

/** Places labels; those of lower rank make way, and those that find no free place have none. */
export function placeLabels(
  wishes: readonly Wish[],
  obstacles: Obstacles,
): ReadonlyMap<string, Label> {
  const inOrder = wishes.toSorted((a, b) => b.rank - a.rank)
  const placed = new Map<string, Placed>()
  for (let round = 0; round < ROUNDS; round++) {
    for (const wish of inOrder) {
      const others = inOrder.filter(({ name }) => name !== wish.name && placed.has(name))
      const isFirm = ({ rank }: Wish): boolean => rank >= wish.rank
      const boxes = others.filter(isFirm).map(({ name }) => placed.get(name)!.box)
      placed.set(wish.name, best(wish, obstacles, boxes))
    }
  }
  const shown = new Map<string, Label>()
  for (const { name, rank } of inOrder) {
    const { cost, ...label } = placed.get(name)!
    const isFree = cost <= TOO_MUCH && [...shown.values()].every((one) => !meet(one, label))
    if (rank >= ALWAYS || isFree) shown.set(name, label)
  }
  return shown
}

function meet(a: Label, b: Label): boolean {
  return overlap(a.box, b.box) > 0
}

function best(wish: Wish, obstacles: Obstacles, others: readonly Box[]): Placed {
  const all = candidates(wish).map((label, order) => {
    const cost = order * COST.order + costOf(label.box, wish, obstacles, others)
    return { ...label, cost }
  })
  return all.reduce((least, one) => (one.cost < least.cost ? one : least))
}

/** Pixels between a circle and its label, beside it and below it. */
const BESIDE = 7
const BELOW = 3
/** Between the way on and a label above or below it. */
const RAISED = 4
/** Between a label and an edge. */
const CLEAR = 2
/** How far labels above and below are shifted, in parts of what they can be. */
const SHIFTS = [0, -0.4, 0.4, -0.75, 0.75, -1, 1]

/** Places around a circle, the ones that are easiest to read first. */
function candidates(wish: Wish): Label[] {
  const beside = [...besides(wish, 'right'), ...besides(wish, 'left')]
  const upright = [...SHIFTS.map((by) => below(wish, by)), ...SHIFTS.map((by) => above(wish, by))]
  return wish.likes === 'right' ? [...beside, ...upright] : [...upright, ...beside]
}

function besides({ spot, width, height }: Wish, side: 'right' | 'left'): Label[] {
  const x = side === 'right' ? spot.x + spot.radius + BESIDE : spot.x - spot.radius - BESIDE - width
  const align = side === 'right' ? 'start' : 'end'
  const at = (y: number, hangs: Label['hangs']): Label => ({
    box: { x, y, width, height },
    align,
    hangs,
  })
  return [
    at(spot.y - height / 2, 'middle'),
    at(spot.y - RAISED - height, 'bottom'),
    at(spot.y + RAISED, 'top'),
  ]
}

function below(wish: Wish, by: number): Label {
  const { spot, width, height } = wish
  const box = { x: shifted(wish, by), y: spot.y + spot.radius + BELOW, width, height }
  return { box, align: alignOf(by), hangs: 'top' }
}

function above(wish: Wish, by: number): Label {
  const { spot, width, height } = wish
  const box = { x: shifted(wish, by), y: spot.y - spot.radius - BELOW - height, width, height }
  return { box, align: alignOf(by), hangs: 'bottom' }
}

/** 0: in the middle; 1: it begins at the circle; -1: it ends there. */
function shifted({ spot, width }: Wish, by: number): number {
  return spot.x - width / 2 + by * (width / 2 + spot.radius * 0.4)
}

function alignOf(by: number): Label['align'] {
  if (Math.abs(by) < 0.5) return 'middle'
  return by > 0 ? 'start' : 'end'
}

function costOf(
  box: Box,
  { name }: Wish,
  { discs, boxes, points, room }: Obstacles,
  others: readonly Box[],
): number {
  const area = (all: readonly Box[]): number => all.reduce((sum, one) => sum + overlap(box, one), 0)
  const circles = discs.filter((disc) => disc.name !== name).map(squareOf)
  const around = grown(box, CLEAR)
  const inside = points.filter((point) => holds(around, point)).length
  const within = overlap(box, { x: 0, y: 0, ...room })
  return (
    COST.label * area(others) +
    COST.disc * area(circles) +
    COST.box * area(boxes) +
    COST.point * inside +
    COST.outside * (box.width * box.height - within)
  )
}

/** A box with so many pixels more on every side. */
export function grown({ x, y, width, height }: Box, by: number): Box {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by }
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
