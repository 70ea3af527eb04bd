/** Where everything of a waterfall lies: A over B on one scale, and a lens for the one that is much shorter. */
import { scaleLinear, type ScaleLinear } from 'd3'
import type { Duration } from '../../engine/units.ts'
import type { CallTree } from '../facts/call-tree.ts'
import { criticalPath, type PathPart } from '../facts/critical-path.ts'
import { rowsWith, waterfallRows, type CallRow, type Folding } from '../facts/waterfall.ts'
import { SIDES, type Side } from '../state.ts'

/** What is to be drawn. */
export interface WaterfallModel {
  readonly trees: Readonly<Partial<Record<Side, CallTree>>>
  readonly folding: Folding
  /** Only rows with this text; '' for all. */
  readonly text: string
  readonly isPathShown: boolean
  /** The row that is looked at. */
  readonly chosen: { readonly side: Side; readonly key: string } | undefined
}

/** A scale of its own, to the right of a request that is much shorter than the other. */
export interface Lens {
  readonly x: ScaleLinear<number, number>
  readonly left: number
  readonly right: number
  /** How many times larger. */
  readonly factor: number
}

/** One variant. */
export interface WaterfallSection {
  readonly side: Side
  readonly tree: CallTree
  readonly rows: readonly CallRow[]
  /** Top of its heading, in pixels. */
  readonly top: number
  readonly lens: Lens | undefined
  readonly path: readonly PathPart[]
}

/** All of it. */
export interface WaterfallScene {
  readonly sections: readonly WaterfallSection[]
  /** Time since the arrival to pixels. */
  readonly x: ScaleLinear<number, number>
  readonly left: number
  readonly right: number
  readonly rowHeight: number
  readonly height: number
}

/** Height of the heading of a variant, and of the room between two variants. */
export const HEADING = 24
const GAP = 8
/** Names take this part of the width, within bounds. */
const NAMES = { share: 0.34, least: 104, most: 205 }
/** Right of the last mark. */
const MARGIN = 14
/** A request that takes less than this part of the other has a lens. */
const SHORT = 0.2
/** Least width of a lens. */
const LEAST_LENS = 120

/** Lays a model out in a width. */
export function waterfallScene(
  model: WaterfallModel,
  width: number,
  rowHeight: number,
): WaterfallScene {
  const sides = SIDES.filter((side) => model.trees[side])
  const spans = sides.map((side) => lengthOf(model.trees[side]!))
  const whole = Math.max(1, ...spans)
  const left = Math.round(Math.min(NAMES.most, Math.max(NAMES.least, width * NAMES.share)))
  const right = Math.max(left + 40, width - MARGIN)
  const x = scaleLinear([0, whole], [left, right])
  let top = 0
  const sections = sides.map((side, at) => {
    const tree = model.trees[side]!
    const rows = rowsFor(tree, model)
    const section = {
      side,
      tree,
      rows,
      top,
      lens: lensFor(x, spans[at]!, whole, right),
      path: model.isPathShown ? criticalPath(tree) : [],
    }
    top += HEADING + rows.length * rowHeight + GAP
    return section
  })
  return { sections, x, left, right, rowHeight, height: top }
}

/** From the arrival to the last work done for it. */
function lengthOf({ arrivedAt, last, answeredAt = last }: CallTree): Duration {
  return Math.max(last, answeredAt) - arrivedAt
}

function rowsFor(tree: CallTree, { text, folding }: WaterfallModel): CallRow[] {
  return text.trim() === '' ? waterfallRows(tree, folding) : rowsWith(tree, text)
}

function lensFor(
  x: ScaleLinear<number, number>,
  own: Duration,
  whole: Duration,
  right: number,
): Lens | undefined {
  if (own <= 0 || own > whole * SHORT) return undefined
  const left = x(own) + 40
  if (right - left < LEAST_LENS) return undefined
  const lens = scaleLinear([0, own], [left + 8, right - 8])
  return { x: lens, left, right, factor: (lens(own) - lens(0)) / Math.max(1e-9, x(own) - x(0)) }
}

/** Top of a row, in pixels. */
export function rowTop(
  { top }: WaterfallSection,
  at: number,
  { rowHeight }: WaterfallScene,
): number {
  return top + HEADING + at * rowHeight
}

/** The time since the arrival at a place, by the lens where there is one. */
export function timeAt(scene: WaterfallScene, section: WaterfallSection, at: number): Duration {
  const { lens } = section
  const scale = lens && at >= lens.left ? lens.x : scene.x
  return Math.max(0, scale.invert(at))
}
