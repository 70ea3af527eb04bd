/** Paired icon arrays: one square a seed, A above B, the same place for the same seed. */
import { setAll, svg } from '../dom.ts'
import type { Square, Summary } from '../facts/seed-summary.ts'
import type { Mark } from '../facts/standing.ts'
import { SIDES } from '../state.ts'

/** Room for the names of the variants, and between the two arrays. */
const GUTTER = 20
const BETWEEN = 8
/** A frame must not be cut off. */
const EDGE = 3
/** Largest side of a square with its gap; smaller when there are many. */
const LARGEST = 16
/** For a finger there are fewer to a row, as long as they are few. */
const FOR_FINGERS = { columns: 10, largest: 34, most: 20 }

/** The glyph that doubles each hue, in a box of 10 by 10. */
const GLYPHS: Readonly<Record<Mark, string>> = {
  fine: 'M5 3.2A1.8 1.8 0 1 1 4.99 3.2Z',
  limping: 'M2.5 7.5L7.5 2.5',
  down: 'M3 3L7 7M7 3L3 7',
}

/** What the marks are called. */
export const MARK_WORDS: Readonly<Record<Mark, string>> = {
  fine: 'fine',
  limping: 'limping',
  down: 'down',
}

/** Where the squares lie. */
interface Grid {
  readonly columns: number
  readonly pitch: number
  /** Height of both arrays. */
  readonly height: number
}

/** As many columns as make a shape that fits. */
function gridFor(count: number, width: number): Grid {
  const isTouch = matchMedia('(pointer: coarse)').matches && count <= FOR_FINGERS.most
  const columns = isTouch ? FOR_FINGERS.columns : count <= 60 ? 20 : count <= 120 ? 30 : 40
  const pitch = Math.min(isTouch ? FOR_FINGERS.largest : LARGEST, (width - GUTTER) / columns)
  const rows = Math.max(1, Math.ceil(count / columns))
  return { columns, pitch, height: 2 * rows * pitch + BETWEEN + EDGE }
}

/** Draws the squares; `chosen` is the seed that keys are on. */
export function drawSquares(
  picture: SVGSVGElement,
  { squares }: Summary,
  { current, chosen, width }: { current: string; chosen: string | undefined; width: number },
): void {
  const grid = gridFor(squares.A.length, width)
  setAll(picture, { width, height: grid.height })
  picture.style.height = `${grid.height}px`
  const arrays = SIDES.map((side, at) => {
    const top = topOf(at, grid)
    const middle = top + (grid.height - BETWEEN - EDGE) / 4 + 4
    const name = svg('text', { class: `label-${side}`, x: 4, y: middle }, side)
    const marks = squares[side].map((square, index) => {
      const other = squares[side === 'A' ? 'B' : 'A'][index]!
      return squareAt(square, index, top, grid, side === 'A' ? optionOf(square, other) : {})
    })
    return svg('g', {}, name, marks)
  })
  const index = squares.A.findIndex(({ seed }) => seed === current)
  const focus = squares.A.findIndex(({ seed }) => seed === chosen)
  picture.replaceChildren(...arrays, ...rings(index, 'now', grid), ...rings(focus, 'chosen', grid))
}

function squareAt(
  { seed, mark }: Square,
  index: number,
  top: number,
  { columns, pitch }: Grid,
  option: Readonly<Record<string, string>>,
): SVGGElement {
  const x = GUTTER + (index % columns) * pitch
  const y = top + Math.floor(index / columns) * pitch
  const side = pitch - 1.6
  const glyph = mark && svg('path', { d: GLYPHS[mark], transform: `scale(${side / 10})` })
  const box = svg('rect', { width: side, height: side, rx: pitch > 9 ? 2.5 : 1 })
  const place = `translate(${x.toFixed(2)} ${y.toFixed(2)})`
  const group = svg('g', { class: `square ${mark ?? 'none'}`, transform: place, ...option })
  group.append(box, ...(glyph ? [glyph] : []))
  group.dataset['seed'] = seed
  return group
}

/** A seed as a choice for screen readers; the squares of B are its other half. */
function optionOf(a: Square, b: Square): Record<string, string> {
  const told = [a, b].map(({ mark }) => (mark ? MARK_WORDS[mark] : 'not computed yet'))
  const name = `Seed ${a.seed}: A ${told[0]!}, B ${told[1]!}`
  return { role: 'option', id: optionId(a.seed), 'aria-label': name, 'aria-selected': 'false' }
}

/** The id of the choice of a seed. */
export function optionId(seed: string): string {
  return `seed-${seed.replaceAll(/[^\w-]/g, '_')}`
}

/** Where the array of A (0) or of B (1) begins. */
function topOf(array: number, { height }: Grid): number {
  return EDGE - 1 + array * ((height - EDGE) / 2 + BETWEEN / 2)
}

/** A frame around both squares of a seed. */
function rings(index: number, name: string, grid: Grid): SVGElement[] {
  if (index < 0) return []
  const { columns, pitch } = grid
  return [0, 1].map((array) => {
    const x = GUTTER + (index % columns) * pitch - 1.5
    const y = topOf(array, grid) + Math.floor(index / columns) * pitch - 1.5
    const side = pitch + 1.4
    return svg('rect', { class: `ring ${name}`, x, y, width: side, height: side, rx: 3 })
  })
}
