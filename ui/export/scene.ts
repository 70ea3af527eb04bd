/** A view as one SVG picture: its marks, its canvases, and the words and boxes of HTML around them. */
import { svg } from '../dom.ts'
import { boxOf, type Origin } from './boxes.ts'
import { copyMarks, definitionsFor } from './marks.ts'

/** Room around a picture, and for each line below it, px. */
const MARGIN = 12
const LINE = 16
/** Width of a letter of those lines, px: on the wide side. */
const LETTER = 5.8

/** What is there to be pressed, and never part of a picture. */
const CONTROLS =
  '.view-menu, [popover], dialog, [aria-live], input, select, kbd, button:has(svg), label:has(input)'

/** The picture of a host as it is on the screen, with a title above and lines below. */
export function pictureOf(
  host: HTMLElement,
  title: string,
  lines: readonly string[],
): SVGSVGElement {
  const box = host.getBoundingClientRect()
  const scene = svg('g')
  const head = MARGIN + LINE
  const origin = { left: box.left - MARGIN, top: box.top - head }
  addHtml(scene, host, origin)
  const longest = Math.max(...lines.map((line) => line.length)) * LETTER
  const width = Math.ceil(Math.max(box.width, longest) + 2 * MARGIN)
  const height = Math.ceil(head + box.height + MARGIN / 2 + lines.length * LINE + MARGIN)
  const ground = svg('rect', { width, height, fill: groundOf(host) })
  const words = [title, ...lines].map((text, at) =>
    note(text, at === 0 ? LINE : head + box.height + MARGIN / 2 + at * LINE, at === 0),
  )
  const picture = svg('svg', {
    xmlns: 'http://www.w3.org/2000/svg',
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
  })
  picture.append(definitionsFor(scene), ground, scene, ...words)
  return picture
}

/** An element and what it holds, in the order in which it is painted: boxes below words. */
function addHtml(scene: SVGGElement, element: Element, origin: Origin): void {
  if (element.matches(CONTROLS) || !isSeen(element)) return
  if (element instanceof SVGSVGElement) return addSvg(scene, element, origin)
  if (element instanceof HTMLCanvasElement) return addCanvas(scene, element, origin)
  scene.append(...boxOf(element, origin))
  for (const child of element.childNodes) {
    if (child instanceof Text) addWords(scene, child, origin)
    else if (child instanceof Element) addHtml(scene, child, origin)
  }
}

function isSeen(element: Element): boolean {
  const { width, height } = element.getBoundingClientRect()
  const style = getComputedStyle(element)
  if (style.display === 'contents') return true
  return width * height > 1 && style.visibility !== 'hidden' && style.opacity !== '0'
}

function addSvg(scene: SVGGElement, original: SVGSVGElement, { left, top }: Origin): void {
  const box = original.getBoundingClientRect()
  const copy = copyMarks(original)
  const place = { x: box.left - left, y: box.top - top, width: box.width, height: box.height }
  for (const [name, value] of Object.entries(place)) copy.setAttribute(name, value.toFixed(2))
  copy.removeAttribute('transform')
  copy.setAttribute('overflow', getComputedStyle(original).overflow)
  scene.append(copy)
}

function addCanvas(scene: SVGGElement, canvas: HTMLCanvasElement, { left, top }: Origin): void {
  if (canvas.width * canvas.height === 0) return
  const box = canvas.getBoundingClientRect()
  const { imageRendering } = getComputedStyle(canvas)
  scene.append(
    svg('image', {
      href: canvas.toDataURL(),
      x: box.left - left,
      y: box.top - top,
      width: box.width,
      height: box.height,
      preserveAspectRatio: 'none',
      ...(imageRendering === 'pixelated' && { 'image-rendering': 'pixelated' }),
    }),
  )
}

/** The words of a text node, line by line as the browser has broken them. */
function addWords(scene: SVGGElement, node: Text, { left, top }: Origin): void {
  const style = getComputedStyle(node.parentElement!)
  for (const { text, box } of linesOf(node)) {
    scene.append(
      svg(
        'text',
        {
          x: box.left - left,
          y: box.bottom - top - (box.height - Number.parseFloat(style.fontSize)) / 2 - 2,
          fill: style.color,
          'font-family': style.fontFamily,
          'font-size': style.fontSize,
          'font-weight': style.fontWeight,
          'xml:space': 'preserve',
        },
        text,
      ),
    )
  }
}

/** Words that stand on one line, and where it is. */
function linesOf(node: Text): { text: string; box: DOMRect }[] {
  const lines: { text: string; box: DOMRect }[] = []
  const range = document.createRange()
  for (const { 0: word, index } of node.data.matchAll(/\S+\s*/g)) {
    range.setStart(node, index)
    range.setEnd(node, index + word.trimEnd().length)
    const box = range.getBoundingClientRect()
    if (box.width === 0) continue
    const last = lines.at(-1)
    if (last && Math.abs(last.box.top - box.top) < 2) last.text += ` ${word.trimEnd()}`
    else lines.push({ text: word.trimEnd(), box })
  }
  return lines
}

function note(text: string, y: number, isTitle: boolean): SVGTextElement {
  const { color, fontFamily } = getComputedStyle(document.body)
  const weight = isTitle ? '600' : '400'
  const [size, opacity] = isTitle ? [13, 1] : [11, 0.8]
  return svg(
    'text',
    {
      x: MARGIN,
      y,
      fill: color,
      'fill-opacity': opacity,
      'font-family': fontFamily,
      'font-size': size,
      'font-weight': weight,
    },
    text,
  )
}

/** The colour behind a host. */
function groundOf(host: HTMLElement): string {
  const panel = host.closest('.panel') ?? document.body
  return getComputedStyle(panel).backgroundColor
}
