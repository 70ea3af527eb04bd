/** Who was in trouble when: a row for each service, first ones first, its hue the state; the white line is the front. */
import { el, setAll, setText, svg } from '../dom.ts'
import { colour, mixed, packed, themeNow } from '../draw/colours.ts'
import { showPixels } from '../draw/pixels.ts'
import { onPick, pointIn } from '../draw/point.ts'
import { icon } from '../draw/icons.ts'
import { paintStrip, type StripColours } from '../draw/strip-pixels.ts'
import { timeRow, type Row } from '../draw/row.ts'
import { timeScale } from '../draw/time-scale.ts'
import { drawVeil, veil } from '../draw/veil.ts'
import { GLYPH } from '../facts/health.ts'
import { STATES, stripBands, stripOf, stripRows } from '../facts/strip.ts'
import type { Strip, StripBand, StripOrder } from '../facts/strip.ts'
import { stripTable, stripSentence, stripWords } from '../facts/strip-words.ts'
import type { VariantRun } from '../runs.ts'
import { choose, type Selection } from '../selection.ts'
import type { Side } from '../state.ts'
import { drawing, type Size, type View } from '../view.ts'

/** Pixels above the rows: title and summary. */
const HEAD = 15

/** One strip for a variant. */
export function cascadeStrip(side: Side): View {
  return {
    create(host) {
      const row = timeRow(host, 'Cascade', '', side)
      const marks = createMarks(host, row)
      let order: StripOrder = 'trouble'
      let scene: Scene | undefined
      const made = drawing(row.plot, {
        paint(size, { [side]: run }, selection) {
          if (!run) return
          scene = compose(run, size, order, selection)
          draw(row, marks, scene)
        },
        seek: pointed(row, marks, () => scene),
        table: ({ [side]: run }) => run && stripTable(run, stripOf(run)),
      })
      marks.sorted.addEventListener('click', () => {
        order = order === 'trouble' ? 'domain' : 'trouble'
        made.repaint()
      })
      onPick(row.plot, ({ y }) => pick(host, scene, bandAt(scene, y)))
      listenToArrows(host, () => scene)
      return made
    },
  }
}

/** Follows the pointer: frames the service under it, and says how it was at that moment. */
function pointed(row: Row, marks: Marks, sceneNow: () => Scene | undefined) {
  const pointer = pointIn(row.plot)
  return (size: Size, _: unknown, selection: Selection): void => {
    const scene = sceneNow()
    if (!scene) return
    const place = bandAt(scene, pointer()?.y)
    mark(marks.hovered, scene, place)
    const { run, strip, names } = scene
    row.readout(size, selection, (time) => stripWords(run, strip, time, names[place]))
  }
}

type Marks = ReturnType<typeof createMarks>

function createMarks(host: HTMLElement, row: Row) {
  const canvas = el('canvas', { class: 'strip', 'aria-hidden': 'true' })
  const names = el('span', { class: 'strip-names', 'aria-hidden': 'true' })
  const sorted = el('button', { class: 'row-button strip-order', type: 'button' }, icon('sort'))
  const front = svg('g', { class: 'front' })
  const glyphs = svg('g', { class: 'strip-glyphs' })
  const hovered = svg('rect', { class: 'strip-hovered', display: 'none' })
  const chosen = svg('rect', { class: 'strip-chosen', display: 'none' })
  const cover = veil()
  const summary = el('span', { class: 'row-head', 'aria-hidden': 'true' })
  host.classList.add('headed')
  row.label.append(sorted, names)
  row.plot.prepend(canvas, summary)
  row.svg.append(glyphs, cover, front, chosen, hovered)
  return { canvas, names, sorted, front, glyphs, hovered, chosen, cover, summary }
}

/** What a strip is drawn of. */
interface Scene {
  readonly run: VariantRun
  readonly strip: Strip
  readonly size: Size
  readonly order: StripOrder
  readonly selection: Selection
  /** Services from the top down: as indices, by name, and their bands. */
  readonly rows: readonly number[]
  readonly names: readonly string[]
  readonly bands: readonly StripBand[]
  /** Pixels from the left of a moment. */
  readonly x: (time: number) => number
}

function compose(run: VariantRun, size: Size, order: StripOrder, selection: Selection): Scene {
  const strip = stripOf(run)
  const rows = stripRows(run, strip, order)
  const names = rows.map((row) => strip.services[row]!)
  const troubled = new Set(strip.troubles.map(({ name }) => name))
  const matters = names.map((name) => troubled.has(name) || name === selection.service)
  const bands = stripBands(matters, Math.max(1, size.height - HEAD))
  return {
    run,
    strip,
    size,
    order,
    selection,
    rows,
    names,
    bands,
    x: timeScale(size, selection.span),
  }
}

function draw(row: Row, marks: Marks, scene: Scene): void {
  const { run, strip, size, selection, names, bands, order } = scene
  drawPixels(marks.canvas, row.plot, scene)
  marks.glyphs.replaceChildren(...glyphsOf(scene))
  marks.front.replaceChildren(...frontOf(scene))
  marks.names.replaceChildren(...labelsOf(scene))
  mark(marks.chosen, scene, names.indexOf(selection.service ?? ''))
  drawVeil(marks.cover, run, size, selection.span)
  setText(marks.summary, stripSentence(run, strip, false))
  const sorting = `Sort by ${order === 'trouble' ? 'the groups of the picture' : 'first trouble'}`
  setAll(marks.sorted, { title: sorting, 'aria-label': sorting })
  row.describe(stripSentence(run, strip, true))
  row.scale.replaceChildren()
  marks.canvas.style.top = `${HEAD}px`
  marks.canvas.style.height = `${bands.reduce((all, { height }) => all + height, 0)}px`
}

function drawPixels(canvas: HTMLCanvasElement, host: HTMLElement, scene: Scene): void {
  const { strip, size, rows, bands, run, selection } = scene
  const { from, until } = selection.span
  const width = strip.step * run.layout.bucket
  const picture = {
    width: size.width,
    height: size.height - HEAD,
    ratio: Math.min(2, devicePixelRatio),
    columnAt: (x: number) => Math.floor((from + (x / size.width) * (until - from)) / width),
    rows,
    bands,
  }
  showPixels(canvas, paintStrip(strip, coloursOf(host), picture))
}

const coloursByTheme = new Map<string, StripColours>()

/** Healthy rows are dim, so that the others stand out; the lines of a hatch have the colour of the panel. */
function coloursOf(host: HTMLElement): StripColours {
  const theme = themeNow()
  const known = coloursByTheme.get(theme)
  if (known) return known
  const panel = colour(host, '--panel')
  const hues = ['--ok', '--slow', '--fast', '--fail'].map((name) => colour(host, name))
  const made = {
    plain: hues.map((hue, state) => packed(state === 0 ? mixed([panel, hue], 0.42) : hue)),
    line: hues.map((hue) => packed(mixed([hue, panel], 0.45))),
  }
  coloursByTheme.set(theme, made)
  return made
}

/** The front: from each service's first trouble down to the next one's. */
function frontOf({ strip, names, bands, x, order }: Scene): SVGElement[] {
  if (order !== 'trouble' || strip.troubles.length === 0) return []
  const points = strip.troubles.map(({ name, time }) => {
    const { top, height } = bands[names.indexOf(name)]!
    return { x: x(time), y: HEAD + top + height / 2, room: height }
  })
  const path = points.map((at, k) => (k === 0 ? `M${at.x},${at.y}` : `H${at.x}V${at.y}`)).join('')
  const dots = points
    .filter(({ room }) => room >= 6)
    .map((at) => svg('circle', { cx: at.x, cy: at.y, r: 2.2 }))
  return [svg('path', { class: 'halo', d: path }), svg('path', { d: path }), ...dots]
}

/** Rows from this height on have a sign where a state begins that lasts so many pixels; most signs of a strip. */
const SIGN_ROOM = 10
const SIGN_WIDTH = 14
const MOST_SIGNS = 80

function glyphsOf(scene: Scene): SVGElement[] {
  const { strip, rows, bands, run, x } = scene
  const found: SVGElement[] = []
  const start = (column: number): number => x(column * strip.step * run.layout.bucket)
  for (const [place, row] of rows.entries()) {
    const { top, height } = bands[place]!
    if (height < SIGN_ROOM) continue
    for (const { state, from, to } of staysOf(strip, row)) {
      const left = Math.max(0, start(from))
      if (state === 0 || start(to) - left < SIGN_WIDTH || found.length >= MOST_SIGNS) continue
      const text = svg('text', { x: left + 7, y: HEAD + top + height / 2 + 3.5 })
      text.append(GLYPH[STATES[state]!])
      found.push(text)
    }
  }
  return found
}

function staysOf({ states, columns }: Strip, row: number) {
  const stays: { state: number; from: number; to: number }[] = []
  for (let column = 0; column < columns; column++) {
    const state = states[row * columns + column]!
    const last = stays.at(-1)
    if (last?.state === state) last.to = column + 1
    else stays.push({ state, from: column, to: column + 1 })
  }
  return stays
}

function labelsOf({ names, bands, selection }: Scene): HTMLElement[] {
  return names.flatMap((name, place) => {
    const { top, height, hasLabel } = bands[place]!
    if (!hasLabel && name !== selection.service) return []
    const label = el('span', { class: name === selection.service ? 'chosen' : '' }, name)
    label.style.transform = `translateY(calc(${(HEAD + top + height / 2).toFixed(1)}px - 50%))`
    return [label]
  })
}

/** Puts a frame around a band; -1: none. */
function mark(frame: SVGRectElement, { bands, size }: Scene, place: number): void {
  const band = bands[place]
  setAll(frame, { display: band ? 'inline' : 'none' })
  if (!band) return
  const { top, height } = band
  setAll(frame, { x: 0.5, y: HEAD + top, width: size.width - 1, height: Math.max(2, height - 1) })
}

function bandAt(scene: Scene | undefined, y: number | undefined): number {
  if (!scene || y === undefined) return -1
  return scene.bands.findIndex(({ top, height }) => y - HEAD >= top && y - HEAD < top + height)
}

/** Picks the service of a band; the one that is picked already is let go. */
function pick(host: HTMLElement, scene: Scene | undefined, place: number): void {
  const name = scene?.names[place]
  if (name === undefined) return
  choose(host, { service: scene!.selection.service === name ? undefined : name })
}

/** Up and down go from service to service, in the order of the rows. */
function listenToArrows(host: HTMLElement, sceneNow: () => Scene | undefined): void {
  host.addEventListener('keydown', (event) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    const scene = sceneNow()
    if (
      step === 0 ||
      !scene ||
      event.target !== host ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey
    )
      return
    event.preventDefault()
    const { names, selection } = scene
    const place = names.indexOf(selection.service ?? '')
    const next = place < 0 && step < 0 ? names.length - 1 : place + step
    choose(host, { service: names[Math.min(names.length - 1, Math.max(0, next))] })
  })
}
