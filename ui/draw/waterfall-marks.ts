/** The marks of a waterfall: what is waited for is an outline, work is solid, work for nobody is hatched. */
import type { ScaleLinear } from 'd3'
import { svg } from '../dom.ts'
import type { Segment } from '../facts/call-tree.ts'
import { reasonOf } from '../facts/request-words.ts'
import type { CallRow, FailMark } from '../facts/waterfall.ts'
import { digits, span as duration } from '../format.ts'
import type { Side } from '../state.ts'
import { HEADING, rowTop, type WaterfallScene, type WaterfallSection } from './waterfall-scene.ts'

/** Pixels by which a level of calls is set in, and the least width of a bar. */
const INSET = 11
const LEAST = 1.5
/** Height of a bar at most, where rows are high for fingers. */
const HIGHEST = 16
/** Names reach into the plot no further than this. */
const FREE = 90
/** Width of the mark of a row that folds. */
const FOLD_MARK = 10

/** A row and its bars. */
export function rowMarks(
  scene: WaterfallScene,
  section: WaterfallSection,
  at: number,
  chosen: boolean,
): SVGGElement {
  const row = section.rows[at]!
  const { rowHeight, right } = scene
  const y = rowTop(section, at, scene)
  const back = svg('rect', { class: 'wf-back', x: 0, y, width: right + 14, height: rowHeight })
  const inLens = section.lens ? barsOf(row, section, section.lens.x, y, rowHeight) : []
  return svg(
    'g',
    { class: `wf-row${at % 2 ? ' odd' : ''}${chosen ? ' chosen' : ''}`, ...spoken(section, row) },
    back,
    ...guides(row, y, rowHeight),
    ...namesOf(row, y, scene, roomFor(row, section, scene)),
    ...barsOf(row, section, scene.x, y, rowHeight),
    ...inLens,
    ...pathOf(row, section, scene, y),
  )
}

function spoken({ side }: WaterfallSection, row: CallRow) {
  const tries = row.tries === '' ? '' : `, ${row.tries}`
  const [node] = row.nodes
  const isOne = node !== undefined && row.nodes.length === 1
  const took = isOne
    ? `: ${reasonOf(node.span)} after ${duration(node.end - node.span.startedAt)}`
    : ''
  return {
    role: 'button',
    tabindex: -1,
    'data-key': row.key,
    'data-side': side,
    'aria-label': `${side}: ${row.label}${tries}${took}`,
    ...(row.fold !== 'none' && { 'aria-expanded': String(row.fold === 'open') }),
  }
}

function guides({ depth }: CallRow, y: number, height: number): SVGElement[] {
  return Array.from({ length: depth }, (_, level) => {
    const x = 6 + level * INSET
    return svg('line', { class: 'wf-guide', x1: x, x2: x, y1: y, y2: y + height })
  })
}

/** Up to where the name of a row may reach, in pixels: into the plot as long as nothing is marked there. */
function roomFor(row: CallRow, { tree }: WaterfallSection, { x, left }: WaterfallScene): number {
  if (row.tries !== '') return left - 38
  const times = [...row.segments.map(({ from }) => from), ...row.fails.map(({ at }) => at)]
  const first = Math.max(left, x(Math.min(...times) - tree.arrivedAt)) - 6
  return Math.min(first, left + FREE)
}

function namesOf(
  row: CallRow,
  y: number,
  { left, rowHeight: height }: WaterfallScene,
  end: number,
): SVGElement[] {
  const x = 10 + row.depth * INSET + (row.fold === 'none' ? 0 : FOLD_MARK)
  const middle = { y: height / 2, 'dominant-baseline': 'central' }
  const text = svg('text', { class: 'wf-name', x: 0, ...middle }, row.label)
  // A picture within the picture cuts off what has no room.
  const name = svg('svg', { x, y, width: Math.max(24, end - x), height }, text)
  const mark = row.fold === 'none' ? [] : [foldMark(row, x - FOLD_MARK, y + height / 2)]
  if (row.tries === '') return [...mark, name]
  const place = { x: left - 8, y: y + height / 2, 'text-anchor': 'end' }
  const tries = { class: 'wf-try', ...place, 'dominant-baseline': 'central' }
  return [...mark, name, svg('text', tries, row.tries)]
}

/** A triangle: to the right while folded, down when open. */
function foldMark({ fold }: CallRow, x: number, y: number): SVGElement {
  const d = fold === 'open' ? `M${x} ${y - 2}h7l-3.5 5z` : `M${x + 1} ${y - 3.5}v7l5 -3.5z`
  return svg('path', { class: 'wf-fold', d })
}

function barsOf(
  row: CallRow,
  { tree, lens }: WaterfallSection,
  x: ScaleLinear<number, number>,
  y: number,
  height: number,
): SVGElement[] {
  const at = (time: number): number => x(time - tree.arrivedAt)
  const bars = row.segments.map((segment) => barOf(segment, at, y, height))
  // Where a lens shows them large, the small ones are not marked once more.
  const isSmall = lens !== undefined && x !== lens.x
  const fails = isSmall ? [] : row.fails.map((fail) => failOf(fail, at(fail.at), y + height / 2))
  return [...bars, ...fails]
}

function barOf(
  { kind, from, until, isForNobody }: Segment,
  at: (time: number) => number,
  y: number,
  height: number,
): SVGElement {
  const [left, right] = [at(from), at(until)]
  if (kind === 'wire') {
    const middle = y + height / 2
    return svg('line', { class: 'wf-wire', x1: left, x2: right, y1: middle, y2: middle })
  }
  const name = isForNobody ? 'idle' : kind
  const width = Math.max(LEAST, right - left)
  const inset = Math.max(3, (height - HIGHEST) / 2)
  const room = { x: left, y: y + inset, width, height: height - 2 * inset }
  return svg('rect', { class: `wf-${name}`, ...room, rx: 1.5 })
}

function failOf({ isRefusal }: FailMark, x: number, y: number): SVGElement {
  const d = isRefusal
    ? `M${x - 3} ${y + 3.5}L${x + 3} ${y - 3.5}`
    : `M${x - 3} ${y - 3}L${x + 3} ${y + 3}M${x - 3} ${y + 3}L${x + 3} ${y - 3}`
  return svg('path', { class: isRefusal ? 'wf-refused' : 'wf-failed', d })
}

/** The part of the critical path that is in this row. */
function pathOf(
  row: CallRow,
  { tree, path, lens }: WaterfallSection,
  { x, rowHeight }: WaterfallScene,
  y: number,
): SVGElement[] {
  const mine = path.filter(({ span }) => row.spans.has(span))
  const scales = lens ? [x, lens.x] : [x]
  return scales.flatMap((scale) =>
    mine.map(({ from, until }) => {
      const [x1, x2] = [scale(from - tree.arrivedAt), scale(until - tree.arrivedAt)]
      const level = y + rowHeight - 1.5
      return svg('line', { class: 'wf-path', x1, x2: Math.max(x2, x1 + 1), y1: level, y2: level })
    }),
  )
}

/** What lies around the rows of a variant: its fate in words, the answer, the frame of the lens. */
export function sectionMarks(
  scene: WaterfallScene,
  section: WaterfallSection,
  fate: string,
): SVGElement[] {
  const { left, rowHeight } = scene
  const { top, tree, rows } = section
  const heading = svg('text', {
    class: `wf-fate ${tree.isOk ? 'good' : 'bad'}`,
    x: left,
    y: top + HEADING / 2,
    'dominant-baseline': 'central',
  })
  heading.append(fate)
  const bottom = top + HEADING + rows.length * rowHeight
  return [
    ...tagOf(section.side, top),
    heading,
    ...answerOf(scene, section, bottom),
    ...lensFrame(scene, section, bottom),
  ]
}

function tagOf(side: Side, top: number): SVGElement[] {
  const tag = svg('rect', {
    class: `wf-tag-${side}`,
    x: 3,
    y: top + 3,
    width: 18,
    height: 18,
    rx: 5,
  })
  const letter = svg('text', {
    class: `wf-letter-${side}`,
    x: 12,
    y: top + HEADING / 2,
    'text-anchor': 'middle',
    'dominant-baseline': 'central',
  })
  letter.append(side)
  return [tag, letter]
}

/** Where the user has an answer: what comes after is for nobody. */
function answerOf({ x }: WaterfallScene, { tree, top }: WaterfallSection, bottom: number) {
  if (tree.answeredAt === undefined) return []
  const at = x(tree.answeredAt - tree.arrivedAt)
  return [svg('line', { class: 'wf-answer', x1: at, x2: at, y1: top + HEADING, y2: bottom })]
}

function lensFrame(
  { x, right }: WaterfallScene,
  { lens, top, tree, side }: WaterfallSection,
  bottom: number,
): SVGElement[] {
  if (!lens) return []
  const y = top + HEADING - 2
  const height = bottom - y + 3
  const end = x(tree.last - tree.arrivedAt)
  const label = svg('text', {
    class: 'wf-lens-word',
    x: right,
    y: top + HEADING / 2,
    'text-anchor': 'end',
    'dominant-baseline': 'central',
  })
  label.append(`${side}, zoomed ×${digits(lens.factor, 2)}`)
  const corners = `M${end + 2} ${y}L${lens.left} ${y}M${end + 2} ${y + height}L${lens.left} ${y + height}`
  return [
    svg('path', { class: 'wf-lens-ray', d: corners }),
    svg('rect', { class: 'wf-lens', x: lens.left, y, width: right - lens.left, height, rx: 5 }),
    label,
  ]
}

/** Lines through everything at even times. */
export function gridMarks({ x, height }: WaterfallScene): SVGElement[] {
  return ticksOf(x).map((tick) =>
    svg('line', { class: 'wf-grid', x1: x(tick), x2: x(tick), y1: 0, y2: height }),
  )
}

/** The scale: `+1 s`. */
export function axisMarks(scene: WaterfallScene): SVGElement[] {
  const { x } = scene
  return ticksOf(x).map((tick) => {
    const text = svg('text', { x: x(tick), y: 11, 'text-anchor': tick === 0 ? 'start' : 'middle' })
    text.append(tick === 0 ? '0' : `+${duration(tick)}`)
    return text
  })
}

/** As many as there is room for. */
function ticksOf(x: ScaleLinear<number, number>): number[] {
  const [left = 0, right = 0] = x.range()
  const ticks = x.ticks(Math.max(2, Math.floor((right - left) / 90)))
  return ticks.filter((tick) => x(tick) < right - 18)
}
