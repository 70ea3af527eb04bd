/**
 * Faults on the time axis: a band through all rows, and a chip on the ruler that is moved and resized by the pointer or
 * by keys. Only the band moves meanwhile; the file is changed, in one step, when the pointer or the key is let go.
 */
import { formatDuration } from '../../engine/units.ts'
import { el, setAll, setText, svg } from '../dom.ts'
import { faultMarks, type FaultMark } from '../facts/faults.ts'
import { fromTo } from '../facts/moment-words.ts'
import { movedFault } from '../facts/zoom.ts'
import type { Span } from '../selection.ts'
import { askSet } from '../set-values.ts'
import type { AxisScene } from './axis-scene.ts'
import { draggable, onSteps } from './drag.ts'
import { RULER } from './gestures.ts'
import type { Taken } from './ruler.ts'

/** A chip that goes on beyond the picture sticks out so far, in pixels. */
const CUT = 4
/** Most faults that are drawn. */
const MOST = 40
/** How much of a fault is taken hold of. */
type Grip = 'all' | 'from' | 'until'

/** The bands and chips. */
export interface FaultLayer {
  readonly bands: SVGSVGElement
  readonly chips: HTMLElement
  /** Answers where chips cover the ruler. */
  update(scene: AxisScene): Taken[]
}

/** Builds the layer. */
export function faultLayer(): FaultLayer {
  const bands = svg('svg', { class: 'bands', 'aria-hidden': 'true' })
  const chips = el('div', { class: 'fault-chips' })
  let scene: AxisScene | undefined
  const parts = new Map<string, FaultPart>()
  /** Where a fault has been put that the file does not have there yet. */
  const moved = new Map<string, Span>()
  let opened: unknown
  const draw = (): Taken[] => {
    if (!scene) return []
    const marks = faultMarks(scene.runs).slice(0, MOST)
    const keys = marks.map(keyOf)
    for (const [key, part] of parts) {
      if (keys.includes(key)) continue
      part.remove()
      parts.delete(key)
    }
    return marks.map((mark, at) => {
      const key = keys[at]!
      let part = parts.get(key)
      if (!part) parts.set(key, (part = faultPart({ bands, chips, move, commit })))
      return part.place(scene!, mark, moved.get(key) ?? mark, laneOf(marks, at))
    })
  }
  const move = (mark: FaultMark, span: Span): void => {
    moved.set(keyOf(mark, 0), span)
    draw()
  }
  const commit = (mark: FaultMark, isKept: boolean): void => {
    const key = keyOf(mark, 0)
    const span = moved.get(key)
    const isSame = span?.from === mark.from && span.until === mark.until
    if (span && isKept && !isSame) return tell(chips, mark, span)
    moved.delete(key)
    draw()
  }
  return {
    bands,
    chips,
    update(now) {
      if (now.runs.opened !== opened) moved.clear()
      ;({ opened } = now.runs)
      scene = now
      return draw()
    },
  }
}

function keyOf({ index, from }: FaultMark, place: number): string {
  return index === undefined ? `by chance ${place} ${from}` : String(index)
}

/** Chips that overlap share the height of the ruler, up to three. */
function laneOf(marks: readonly FaultMark[], at: number): { lane: number; lanes: number } {
  const own = marks[at]!
  const isOver = (one: FaultMark): boolean => one.from < own.until && own.from < one.until
  const together = marks.filter((one) => one === own || isOver(one))
  const lanes = Math.min(3, together.length)
  return { lane: together.indexOf(own) % lanes, lanes }
}

/** Writes the times of a fault into the file. */
function tell(host: Element, mark: FaultMark, span: Span): void {
  const { index, name, from, until, isEndless } = mark
  const path = `faults[${index}]`
  const values: Record<string, string> = {}
  if (span.from !== from) values[`${path}.at`] = formatDuration(span.from)
  const isStillEndless = isEndless && span.until === until
  if (span.until - span.from !== until - from && !isStillEndless) {
    values[`${path}.for`] = formatDuration(span.until - span.from)
  }
  const label = `${name}: ${formatDuration(span.from)} to ${formatDuration(span.until)}`
  askSet(host, { label, values })
}

interface PartOf {
  readonly bands: SVGSVGElement
  readonly chips: HTMLElement
  move(mark: FaultMark, span: Span): void
  commit(mark: FaultMark, isKept: boolean): void
}

interface FaultPart {
  place(
    scene: AxisScene,
    mark: FaultMark,
    span: Span,
    among: { lane: number; lanes: number },
  ): Taken
  remove(): void
}

/** One fault. */
function faultPart(of: PartOf): FaultPart {
  const band = svg('rect', { class: 'band', y: RULER })
  const hatch = svg('rect', { fill: 'url(#hatch-fault)', y: RULER })
  const group = svg('g', {}, band, hatch)
  const word = el('span', {})
  const grip = el('div', { class: 'fault-chip' }, word)
  const [start, end] = [el('i', { class: 'fault-end from' }), el('i', { class: 'fault-end until' })]
  const chip = el('div', { class: 'fault' }, grip, start, end)
  of.bands.append(group)
  of.chips.append(chip)
  let now: { scene: AxisScene; mark: FaultMark; span: Span } | undefined
  hold(grip, 'all', of, () => now)
  hold(start, 'from', of, () => now)
  hold(end, 'until', of, () => now)
  return {
    place(scene, mark, span, { lane, lanes }) {
      now = { scene, mark, span }
      const { x, size } = scene
      const [left, right] = [x(span.from), x(span.until)]
      const shown = [Math.max(-CUT, left), Math.min(size.width + CUT, right)] as const
      const wide = Math.max(4, shown[1] - shown[0])
      const box = {
        x: left,
        width: Math.max(1, right - left),
        height: Math.max(0, size.height - RULER),
      }
      setAll(band, box)
      setAll(hatch, box)
      const height = 18 / lanes
      chip.style.transform = `translate(${shown[0].toFixed(1)}px, ${5 + lane * height}px)`
      chip.style.width = `${wide.toFixed(1)}px`
      chip.style.height = `${height}px`
      chip.hidden = right < 0 || left > size.width
      setText(word, wordFor(mark, wide, lanes))
      const isFixed = mark.index === undefined || mark.from === mark.until
      start.hidden = isFixed || left < 0
      end.hidden = isFixed || right > size.width
      name(grip, end, now)
      return [left, right]
    },
    remove() {
      group.remove()
      chip.remove()
    },
  }
}

/** Half of a chip is for its ends; letters are so wide. */
const LETTER = 6.4

function wordFor({ name }: FaultMark, width: number, lanes: number): string {
  if (lanes > 1) return ''
  if (width > name.length * LETTER + 20) return name
  return width > 34 ? 'fault' : ''
}

/** A fault that stands in the file is a slider for its place, and its end one for its length. */
function name(grip: HTMLElement, end: HTMLElement, { scene, mark, span }: Held): void {
  const { duration } = scene.run.layout
  const text = fromTo(scene.run, span)
  setAll(grip, { title: `${mark.name}, ${text}` })
  if (mark.index === undefined) return
  const common = {
    role: 'slider',
    tabindex: 0,
    'aria-valuemin': 0,
    'aria-valuemax': duration / 1e9,
  }
  const lasts = `${((span.until - span.from) / 1e9).toFixed(1)} s`
  setAll(grip, {
    ...common,
    'aria-label': `Fault ${mark.name}: when`,
    'aria-valuenow': span.from / 1e9,
    'aria-valuetext': text,
  })
  setAll(end, {
    ...common,
    'aria-label': `Fault ${mark.name}: how long`,
    'aria-valuenow': (span.until - span.from) / 1e9,
    'aria-valuetext': lasts,
  })
}

interface Held {
  readonly scene: AxisScene
  readonly mark: FaultMark
  readonly span: Span
}

function hold(handle: HTMLElement, grip: Grip, of: PartOf, now: () => Held | undefined): void {
  let begun: Held | undefined
  draggable(handle, {
    begin: () => (begun = isMovable(now()) ? now() : undefined),
    move(dx) {
      if (!begun) return
      const { scene, mark, span } = begun
      const by = scene.x.invert(dx) - scene.x.invert(0)
      of.move(mark, movedFault(scene.run.layout, span, gripOf(mark, grip), by))
    },
    end: (isKept) => begun && of.commit(begun.mark, isKept),
  })
  let pressed: FaultMark | undefined
  const settle = (): void => {
    if (pressed) of.commit(pressed, true)
    pressed = undefined
  }
  onSteps(handle, 'horizontal', (steps) => {
    const held = now()
    if (!held || !isMovable(held)) return
    const { layout } = held.scene.run
    pressed ??= held.mark
    const by = steps * layout.bucket
    of.move(held.mark, movedFault(layout, held.span, gripOf(held.mark, grip), by))
  })
  handle.addEventListener('keyup', settle)
  handle.addEventListener('blur', settle)
}

/** A fault that never ends is moved by its start. */
function gripOf({ isEndless }: FaultMark, grip: Grip): Grip {
  return isEndless && grip === 'all' ? 'from' : grip
}

function isMovable(held: Held | undefined): boolean {
  return held?.mark.index !== undefined
}
