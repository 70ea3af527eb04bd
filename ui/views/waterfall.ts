/** One request in both variants: every call a row, A over B on one scale of time. Choosing a row or a moment goes there. */
import { el, setAll, svg } from '../dom.ts'
import { axisMarks, gridMarks, rowMarks, sectionMarks } from '../draw/waterfall-marks.ts'
import {
  HEADING,
  rowTop,
  timeAt,
  waterfallScene,
  type WaterfallModel,
  type WaterfallScene,
  type WaterfallSection,
} from '../draw/waterfall-scene.ts'
import { endOf, headlineOf } from '../facts/request-words.ts'
import type { CallRow } from '../facts/waterfall.ts'
import { askSeek, type Selection } from '../selection.ts'
import type { Side } from '../state.ts'
import { drawing, type Repaintable } from '../view.ts'

/** A row on the screen. */
export interface RowPlace {
  readonly side: Side
  readonly key: string
}

/** What the panel around it is told. */
export interface WaterfallEars {
  model(): WaterfallModel
  /** Somebody looks at a row, in passing or for good. */
  onLook(row: CallRow, side: Side): void
  /** The pointer has left all rows. */
  onLeave(): void
  onChoose(row: CallRow, side: Side): void
  onFold(row: CallRow): void
}

/** Height of a row for a pointer, and for a finger. */
const ROW = 17
const TOUCH_ROW = 44
/** More rows than this are drawn only where they are seen. */
const MOST_ROWS = 400

/** Builds the picture in a place that scrolls. */
export function waterfallView(host: HTMLElement, ears: WaterfallEars): Repaintable {
  const axis = svg('svg', { class: 'wf-axis', 'aria-hidden': 'true' })
  const back = svg('g', {})
  const rows = svg('g', {})
  const front = svg('g', { class: 'wf-front' })
  const cursors = svg('g', {})
  const marks = svg('svg', { class: 'wf', role: 'group' }, hatch(), back, rows, front, cursors)
  const body = el('div', { class: 'wf-body' }, axis, marks)
  host.replaceChildren(body)
  const touch = matchMedia('(pointer: coarse)')
  let scene: WaterfallScene | undefined
  const paintRows = (): void => {
    if (!scene) return
    const focused = rows.contains(document.activeElement)
      ? (document.activeElement as SVGElement).dataset
      : undefined
    rows.replaceChildren(...rowsOf(scene, ears.model(), host))
    // Rows are made anew: the keyboard stays where it was, or comes in anew.
    if (focused) focusRow(host, focused['side'] as Side, focused['key']!)
  }
  const made = drawing(host, {
    paint({ width }, _, selection) {
      const model = ears.model()
      scene = waterfallScene(model, width, touch.matches ? TOUCH_ROW : ROW)
      setAll(marks, { height: scene.height, width, 'aria-label': headlineOf(model.trees) })
      setAll(axis, { width, height: 16 })
      axis.replaceChildren(...(scene.sections.length > 0 ? axisMarks(scene) : []))
      back.replaceChildren(...gridMarks(scene))
      const marksOf = (section: WaterfallSection): SVGElement[] =>
        sectionMarks(scene!, section, endOf(section.tree))
      front.replaceChildren(...scene.sections.flatMap(marksOf))
      paintRows()
      moveCursors(cursors, scene, selection)
    },
    seek(_, __, selection) {
      if (scene) moveCursors(cursors, scene, selection)
    },
  })
  host.addEventListener('scroll', () => {
    if (scene && rowCount(scene) > MOST_ROWS) paintRows()
  })
  listenToRows(rows, host, () => scene, ears)
  return made
}

/** Work for nobody. */
function hatch(): SVGElement {
  const lines = svg('path', { class: 'wf-hatch', d: 'M-1 1 L1 -1 M0 5 L5 0 M4 6 L6 4' })
  const pattern = { id: 'hatch-idle', width: 5, height: 5, patternUnits: 'userSpaceOnUse' }
  return svg('defs', {}, svg('pattern', pattern, lines))
}

function rowCount({ sections }: WaterfallScene): number {
  return sections.reduce((sum, { rows }) => sum + rows.length, 0)
}

function rowsOf(scene: WaterfallScene, { chosen }: WaterfallModel, host: HTMLElement) {
  const isLong = rowCount(scene) > MOST_ROWS
  const [from, until] = [host.scrollTop - 200, host.scrollTop + host.clientHeight + 200]
  const isSeen = (y: number): boolean => !isLong || (y >= from && y <= until)
  const made = scene.sections.flatMap((section) =>
    section.rows.flatMap((row, at) => {
      if (!isSeen(rowTop(section, at, scene))) return []
      const isChosen = chosen?.side === section.side && chosen.key === row.key
      return [rowMarks(scene, section, at, isChosen)]
    }),
  )
  // One of them is where the keyboard comes in.
  const entry = made.find((row) => row.classList.contains('chosen')) ?? made[0]
  entry?.setAttribute('tabindex', '0')
  return made
}

/** The time cursor, in each variant where it is within the request. */
function moveCursors(group: SVGGElement, scene: WaterfallScene, { time }: Selection): void {
  const lines = scene.sections.flatMap((section) => {
    const since = time - section.tree.arrivedAt
    const [first, last] = scene.x.domain()
    if (since < first! || since > last!) return []
    const top = section.top + HEADING
    const bottom = rowTop(section, section.rows.length, scene)
    return cursorPlaces(scene, section, since).map((at) =>
      svg('line', { class: 'wf-cursor', x1: at, x2: at, y1: top, y2: bottom }),
    )
  })
  group.replaceChildren(...lines)
}

/** Where a moment is: on the scale of both, and in the lens. */
function cursorPlaces({ x }: WaterfallScene, { lens }: WaterfallSection, since: number): number[] {
  if (!lens) return [x(since)]
  const places = x(since) < lens.left ? [x(since)] : []
  return since <= lens.x.domain()[1]! ? [...places, lens.x(since)] : places
}

interface Found {
  readonly row: CallRow
  readonly at: number
  readonly section: WaterfallSection
}

function listenToRows(
  rows: SVGGElement,
  host: HTMLElement,
  sceneNow: () => WaterfallScene | undefined,
  ears: WaterfallEars,
): void {
  const find = (event: Event): Found | undefined => {
    const place = event.target instanceof Element ? event.target.closest('.wf-row') : null
    const { key, side } = (place as SVGElement | null)?.dataset ?? {}
    const section = sceneNow()?.sections.find((each) => each.side === side)
    const at = section?.rows.findIndex((row) => row.key === key) ?? -1
    return section && at >= 0 ? { row: section.rows[at]!, at, section } : undefined
  }
  rows.addEventListener('pointerover', (event) => look(find(event), ears))
  rows.addEventListener('pointerleave', () => ears.onLeave())
  rows.addEventListener('focusin', (event) => look(find(event), ears))
  rows.addEventListener('click', (event) => {
    const found = find(event)
    const scene = sceneNow()
    if (found && scene) click(found, scene, event, host, ears)
  })
  rows.addEventListener('keydown', (event) => {
    const found = find(event)
    if (found && press(event, found, rows, ears)) event.preventDefault()
  })
}

function look(found: Found | undefined, ears: WaterfallEars): void {
  if (found) ears.onLook(found.row, found.section.side)
}

/** On the names: picks the row, or folds it. On the bars: goes to the moment as well. */
function click(
  { row, section }: Found,
  scene: WaterfallScene,
  event: MouseEvent,
  host: HTMLElement,
  ears: WaterfallEars,
): void {
  const x = event.clientX - host.getBoundingClientRect().left
  if (x < scene.left && row.fold !== 'none') return ears.onFold(row)
  ears.onChoose(row, section.side)
  if (x >= scene.left) askSeek(host, section.tree.arrivedAt + timeAt(scene, section, x))
}

/** Arrows go from row to row; Enter picks, or folds and unfolds. Answers whether the key was for us. */
function press(
  { key }: KeyboardEvent,
  { row, section }: Found,
  rows: SVGGElement,
  ears: WaterfallEars,
) {
  const all = [...rows.querySelectorAll<SVGElement>('.wf-row')]
  const at = all.findIndex((each) => {
    return each.dataset['key'] === row.key && each.dataset['side'] === section.side
  })
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: all.length - 1,
  }
  const next = steps[key]
  if (next !== undefined) {
    all[Math.min(all.length - 1, Math.max(0, next))]?.focus()
    return true
  }
  if (key !== 'Enter' && key !== ' ') return false
  if (row.fold === 'none') ears.onChoose(row, section.side)
  else ears.onFold(row)
  return true
}

/** Gives the focus to a row; to the first when it is folded away. */
export function focusRow(host: HTMLElement, side: Side, key: string): void {
  const row = `.wf-row[data-side='${side}'][data-key='${CSS.escape(key)}']`
  const found = host.querySelector<SVGElement>(row) ?? host.querySelector<SVGElement>('.wf-row')
  found?.focus({ preventScroll: false })
}
