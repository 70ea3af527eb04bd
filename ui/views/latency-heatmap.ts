/**
 * How long requests took, over time: the served in the map with their p50 and p99, what failed in a lane above it, what
 * has no answer yet in a lane below. A and B share rows, colours and lanes, those of the whole of both runs.
 */
import { line, curveStepAfter } from 'd3'
import { askCell } from '../cell.ts'
import { bandsOf, type Band } from '../draw/bands.ts'
import { rampsOf } from '../draw/colours.ts'
import { countLanes, drawCountLanes, topsOf } from '../draw/count-lanes.ts'
import { el, setAll, setText, svg } from '../dom.ts'
import { paintHeat } from '../draw/heat.ts'
import { cellAt, heightOf, sceneOf, zoneAt, type HeatScene } from '../draw/heat-scene.ts'
import { heatWords } from '../draw/heat-words-at.ts'
import { offsetScene, type OffsetScene } from '../draw/offset-map.ts'
import { asOffset, strongestCount, withFailures } from '../draw/option.ts'
import { onPick, pointIn, type Point } from '../draw/point.ts'
import { rowButton, rowToggle, scaleMark, timeRow, type Row } from '../draw/row.ts'
import { binning } from '../draw/time-scale.ts'
import { drawVeil, veil } from '../draw/veil.ts'
import { binAt } from '../facts/bins.ts'
import { heatSentence, heatTable } from '../facts/heat-table.ts'
import { rowAt } from '../facts/heat-words.ts'
import { rate } from '../facts/moment-words.ts'
import { count, span } from '../format.ts'
import type { Selection, Span } from '../selection.ts'
import type { Side } from '../state.ts'
import { drawing, type View } from '../view.ts'

/** One row for a variant. */
export function latencyHeatmap(side: Side): View {
  return {
    create(host) {
      const row = timeRow(host, 'Response', 'time, log scale', side)
      const marks = createMarks(row)
      const pointed = pointIn(row.plot)
      let scene: HeatScene | undefined
      let offsets: OffsetScene | undefined
      let seen: Selection | undefined
      const made = drawing(row.plot, {
        paint(size, runs, selection) {
          const run = runs[side]
          if (!run) return
          const { span } = selection
          scene = sceneOf(run, runs, { size, span, isOfAll: withFailures.value })
          offsets = asOffset.value ? offsetScene(run, runs, span) : undefined
          draw(row, marks, { scene, offsets, span })
        },
        seek(size, _, selection) {
          seen = selection
          row.readout(size, selection, (time) =>
            scene ? words(scene, offsets, time, pointed()) : '',
          )
        },
        table: () => scene && heatTable(scene.run, scene.binning.buckets, scene.kinds),
      })
      onPick(row.plot, (point) => scene && !offsets && pick(row, scene, side, point))
      const list = rowButton('list', `List the requests of ${side} at the cursor`, () => {
        if (scene && seen) listAt(row, scene, side, seen)
      })
      const toggles = [
        rowToggle('failed', 'Include failures in the picture and its percentiles', withFailures),
        rowToggle('phase', 'Place within a second instead of response time', asOffset),
      ]
      const buttons = [list, ...toggles.map(({ button }) => button)]
      row.unit.after(el('span', { class: 'row-buttons' }, buttons))
      const watches = [withFailures.watch(made.repaint), asOffset.watch(made.repaint)]
      const ends = [...toggles.map(({ stop }) => stop), ...watches, made.destroy]
      return { ...made, destroy: () => ends.forEach((end) => end()) }
    },
  }
}

type Marks = ReturnType<typeof createMarks>

function createMarks(row: Row) {
  const canvas = el('canvas', { class: 'heat', 'aria-hidden': 'true' })
  const grid = svg('g', { class: 'grid' })
  const p99 = svg('path', { class: 'p99' })
  const p50 = svg('path', { class: 'p50' })
  const lanes = countLanes()
  const cover = veil()
  row.plot.prepend(canvas)
  row.svg.append(grid, lanes.group, p50, p99, cover)
  return { canvas, grid, p99, p50, cover, lanes }
}

function words(
  scene: HeatScene,
  offsets: OffsetScene | undefined,
  time: number,
  point: Point | undefined,
): string {
  const isInMap = point !== undefined && zoneAt(scene, point.y) === 'heat'
  return offsets && isInMap ? offsets.words(point, scene.rooms.heat) : heatWords(scene, time, point)
}

/** Below this height the label has no room for three lines. */
const LOW = 58

interface Drawn {
  readonly scene: HeatScene
  readonly offsets: OffsetScene | undefined
  readonly span: Span
}

function draw(row: Row, marks: Marks, { scene, offsets, span: drawn }: Drawn): void {
  const { run, size, map, rows, first, last, most, kinds } = scene
  const ramps = rampsOf(row.plot)
  if (offsets) place(marks.canvas, offsets.paint(ramps.served), scene, offsets.span)
  else {
    const width = map.buckets * run.layout.bucket
    const image = paintHeat(map, { rows, first, last, most, kinds, ramps })
    place(marks.canvas, image, scene, { from: first * width, until: last * width })
    strongestCount.set(most)
  }
  drawLines(marks, scene, offsets ? undefined : drawn)
  drawCountLanes(marks.lanes, { ...scene, tops: topsOf(scene.all) })
  drawVeil(marks.cover, run, size, drawn)
  drawScale(row, marks, scene, offsets)
  setText(row.label.querySelector('b')!, offsets ? offsets.title : 'Response')
  const unit = kinds.length > 1 ? 'all, log scale' : 'time, log scale'
  setText(row.unit, offsets ? offsets.unit : unit)
  row.label.classList.toggle('low', size.height < LOW)
  row.describe(heatSentence(run, kinds.length > 1))
}

/** Puts an image where its stretch of time and the room of the map are. */
function place(
  canvas: HTMLCanvasElement,
  image: ImageData,
  { x, rooms: { heat } }: HeatScene,
  { from, until }: Span,
): void {
  if (canvas.width !== image.width) canvas.width = image.width
  if (canvas.height !== image.height) canvas.height = image.height
  canvas.getContext('2d')?.putImageData(image, 0, 0)
  const { style } = canvas
  style.left = `${x(from)}px`
  style.width = `${x(until) - x(from)}px`
  style.top = `${heat.y}px`
  style.height = `${heat.height}px`
}

/** Pixels of a step of the percentile lines. */
const STEP = 6

/** The percentiles of what the map holds; none when the map shows something else. */
function drawLines({ p50, p99 }: Marks, scene: HeatScene, drawn: Span | undefined): void {
  const { run, kinds, x, size } = scene
  const bins = drawn && binning(run, drawn, Math.max(8, Math.floor(size.width / STEP)))
  const bands = bins ? bandsOf(run, bins, kinds) : []
  const last = bands.at(-1)
  const until = bins ? bins.buckets * run.layout.bucket : 0
  const ended = last ? [...bands, { ...last, from: last.from + until }] : bands
  const path = (which: 'p50' | 'p99'): string =>
    line<Band>()
      .defined(({ percentiles }) => percentiles !== undefined)
      .x(({ from }) => x(from))
      .y(({ percentiles }) => heightOf(scene, percentiles![which]))
      .digits(1)
      .curve(curveStepAfter)(ended) ?? ''
  setAll(p99, { d: path('p99') })
  setAll(p50, { d: path('p50') })
}

/** 1 ms, 10 ms … within some rows. */
function decades({ rows: { lowest, highest } }: HeatScene): number[] {
  const all = Array.from({ length: 9 }, (_, power) => Math.pow(10, power + 3))
  return all.filter((latency) => rowAt(latency) > lowest && rowAt(latency) < highest + 1)
}

function drawScale(row: Row, { grid }: Marks, scene: HeatScene, offsets?: OffsetScene): void {
  const { rooms, size } = scene
  const { heat, failures, waiting } = rooms
  const ticks = offsets ? offsets.ticks(heat) : decades(scene).map((tick) => tickOf(scene, tick))
  const lines = ticks.map(({ y }) => svg('line', { x2: size.width, y1: y, y2: y }))
  grid.replaceChildren(...lines)
  const inside = ticks.filter(({ y }) => y > heat.y + 5 && y < heat.y + heat.height - 4)
  const marks = apart(inside, TICK)
  const tops = topsOf(scene.all)
  const perSecond = rate(tops.ended / scene.binning.seconds)
  const lanes = [
    scaleMark(failures.y + failures.height / 2 + 1, `✕ ${perSecond}`),
    scaleMark(waiting.y + waiting.height / 2 - 1, `◌ ${count(tops.waiting)}`),
  ]
  const isHigh = size.height > 40
  row.scale.replaceChildren(
    ...marks.map(({ y, text }) => scaleMark(y, text)),
    ...(isHigh ? lanes : []),
  )
}

/** Least pixels between two numbers of the scale. */
const TICK = 12

/** From the top down, those that lie far enough from the one before. */
function apart<T extends { readonly y: number }>(ticks: readonly T[], least: number): T[] {
  const kept: T[] = []
  for (const tick of ticks.toSorted((a, b) => a.y - b.y)) {
    const last = kept.at(-1)
    if (!last || tick.y - last.y >= least) kept.push(tick)
  }
  return kept
}

function tickOf(scene: HeatScene, latency: number): { y: number; text: string } {
  return { y: heightOf(scene, latency), text: span(latency) }
}

/** Asks for the requests of the place that was clicked. */
function pick(row: Row, scene: HeatScene, side: Side, point: Point): void {
  const zone = zoneAt(scene, point.y)
  if (zone === 'waiting') return
  const { from, until, lowest, highest, outcome, count: amount } = cellAt(scene, point)
  if (zone === 'heat') {
    if (amount > 0) askCell(row.plot, { side, from, until, lowest, highest, outcome })
    return
  }
  const { failed, refused } = scene.bins.sums
  const bin = binAt(scene.bins, point.time)
  if (failed[bin] === 0 && refused[bin] === 0) return
  const all = { lowest: 0, highest: Infinity } as const
  askCell(row.plot, { side, from, until, ...all, outcome: failed[bin]! > 0 ? 'failed' : 'refused' })
}

/** Asks for all requests of the picked stretch, or of the bin at the cursor. */
function listAt(row: Row, scene: HeatScene, side: Side, { range, time }: Selection): void {
  const { from, until } = range ?? cellAt(scene, { time, y: 0 })
  askCell(row.plot, { side, from, until, lowest: 0, highest: Infinity, outcome: undefined })
}
