/** Grounds and borders of HTML as marks. */
import { svg } from '../dom.ts'

/** Where things are measured from, px. */
export interface Origin {
  readonly left: number
  readonly top: number
}

/** What is painted of an element before what it holds. */
export function boxOf(element: Element, origin: Origin): SVGElement[] {
  const style = getComputedStyle(element)
  const widths = ['Top', 'Right', 'Bottom', 'Left'].map((side) => borderOf(style, side).width)
  const isFramed = widths[0]! > 0 && widths.every((width) => width === widths[0])
  const isFilled = !/^rgba\(.*, 0\)$|^transparent$/.test(style.backgroundColor)
  const room = element.getBoundingClientRect()
  const box = new DOMRect(room.left - origin.left, room.top - origin.top, room.width, room.height)
  const ground = isFilled || isFramed ? [groundOf(style, box, isFilled, isFramed)] : []
  return isFramed ? ground : [...ground, ...linesOf(style, box)]
}

function groundOf(
  style: CSSStyleDeclaration,
  box: DOMRect,
  isFilled: boolean,
  isFramed: boolean,
): SVGElement {
  const { width, colour, isDashed } = borderOf(style, 'Top')
  const inset = isFramed ? width / 2 : 0
  return svg('rect', {
    x: box.x + inset,
    y: box.y + inset,
    width: Math.max(0, box.width - 2 * inset),
    height: Math.max(0, box.height - 2 * inset),
    rx: Number.parseFloat(style.borderTopLeftRadius) || 0,
    fill: isFilled ? style.backgroundColor : 'none',
    ...(isFramed && { stroke: colour, 'stroke-width': width }),
    ...(isFramed && isDashed && { 'stroke-dasharray': `${2 * width} ${width}` }),
  })
}

/** Borders that are not all around: the rules between the rows of a table. */
function linesOf(style: CSSStyleDeclaration, { left, right, top, bottom }: DOMRect): SVGElement[] {
  const ends = {
    Top: [left, top, right, top],
    Right: [right, top, right, bottom],
    Bottom: [left, bottom, right, bottom],
    Left: [left, top, left, bottom],
  }
  return Object.entries(ends).flatMap(([side, [x1, y1, x2, y2]]) => {
    const { width, colour } = borderOf(style, side)
    return width > 0 ? [svg('line', { x1, y1, x2, y2, stroke: colour, 'stroke-width': width })] : []
  })
}

function borderOf(
  style: CSSStyleDeclaration,
  side: string,
): { width: number; colour: string; isDashed: boolean } {
  const read = (what: string): string =>
    style.getPropertyValue(`border-${side.toLowerCase()}-${what}`)
  const isSeen = read('style') !== 'none' && read('style') !== 'hidden'
  const width = isSeen ? Number.parseFloat(read('width')) || 0 : 0
  return { width, colour: read('color'), isDashed: read('style') === 'dashed' }
}
