/** How long requests took, over time: served in blue, failed and refused in hues of their own; lines for p50 and p99. */
import { line, curveStepAfter, scaleLinear } from 'd3'
import { HEAT } from '../../engine/results/frame.ts'
import { bandsOf, type Band } from '../draw/bands.ts'
import { rampsOf } from '../draw/colours.ts'
import { el, setAll, svg } from '../dom.ts'
import { commonRows, heatMap, paintHeat, strongest } from '../draw/heat.ts'
import { scaleMark, timeRow, type Row } from '../draw/row.ts'
import { drawVeil, veil } from '../draw/veil.ts'
import { count, span } from '../format.ts'
import type { Runs, VariantRun } from '../runs.ts'
import { SIDES, type Side } from '../state.ts'
import { drawing, type Size, type View } from '../view.ts'

/** One row for a variant; both rows share scale and colours. */
export function latencyHeatmap(side: Side): View {
  return {
    create(host) {
      const row = timeRow(host, 'Response', 'time, log scale', side)
      const marks = createMarks(row)
      return drawing(row.plot, {
        paint(size, runs) {
          const run = runs[side]
          if (run) draw(row, marks, run, size, runs)
        },
      })
    },
  }
}

type Marks = ReturnType<typeof createMarks>

function createMarks(row: Row) {
  const canvas = el('canvas', { class: 'heat', 'aria-hidden': 'true' })
  const grid = svg('g', { class: 'grid' })
  const p99 = svg('path', { class: 'p99' })
  const p50 = svg('path', { class: 'p50' })
  const cover = veil()
  row.plot.prepend(canvas)
  row.svg.append(grid, cover, p50, p99)
  return { canvas, grid, p99, p50, cover }
}

function draw(row: Row, marks: Marks, run: VariantRun, size: Size, runs: Runs): void {
  const maps = SIDES.flatMap((side) => (runs[side] ? [heatMap(runs[side])] : []))
  const map = heatMap(run)
  const rows = commonRows(maps)
  paint(marks.canvas, paintHeat(map, rows, strongest(maps), rampsOf(row.plot)))
  const y = scaleLinear([rows.lowest, rows.highest + 1], [size.height, 0])
  const height = (latency: number): number => y(rowAt(latency))
  drawLines(marks, run, size, height)
  drawVeil(marks.cover, run, size)
  const ticks = decades(rows.lowest, rows.highest + 1)
  const width = size.width
  const lines = ticks.map((tick) => svg('line', { x2: width, y1: height(tick), y2: height(tick) }))
  marks.grid.replaceChildren(...lines)
  const room = ticks.filter((tick) => height(tick) > 5 && height(tick) < size.height - 4)
  row.scale.replaceChildren(...room.map((tick) => scaleMark(height(tick), span(tick))))
  row.describe(sentence(run))
}

function paint(canvas: HTMLCanvasElement, image: ImageData): void {
  if (canvas.width !== image.width) canvas.width = image.width
  if (canvas.height !== image.height) canvas.height = image.height
  canvas.getContext('2d')?.putImageData(image, 0, 0)
}

/** A latency as a (fractional) row of the map: four even steps to an octave. */
function rowAt(latency: number): number {
  const octave = Math.floor(Math.log2(latency))
  const inOctave = latency / Math.pow(2, octave) - 1
  return (octave - HEAT.firstExponent + inOctave) * HEAT.rowsPerOctave
}

/** 1 ms, 10 ms … within some rows. */
function decades(lowest: number, highest: number): number[] {
  const all = Array.from({ length: 9 }, (_, power) => Math.pow(10, power + 3))
  return all.filter((latency) => rowAt(latency) > lowest && rowAt(latency) < highest)
}

function drawLines(
  { p50, p99 }: Marks,
  run: VariantRun,
  { width }: Size,
  y: (latency: number) => number,
): void {
  const bands = bandsOf(run)
  const path = (which: 'p50' | 'p99'): string =>
    line<Band>()
      .defined((band) => band !== undefined)
      .x((_, bin) => (bin / bands.length) * width)
      .y((band) => y(band![which]))
      .digits(1)
      .curve(curveStepAfter)(bands) ?? ''
  setAll(p99, { d: path('p99') })
  setAll(p50, { d: path('p50') })
}

function sentence({ layout, result }: VariantRun): string {
  const head = `Response times over time in variant ${layout.variant}`
  if (!result) return `${head}; still being computed.`
  const { latencyMs, failedLatencyMs, refusedLatencyMs, requests } = result
  const took = (ms: number): string => span(ms * 1e6)
  const served = `Served requests took ${took(latencyMs.p50)} in the median, ${took(latencyMs.p99)} at the 99th percentile`
  const failed = failedLatencyMs.count > 0 ? `; failures ${took(failedLatencyMs.p50)}` : ''
  const refused = refusedLatencyMs.count > 0 ? `; refusals ${took(refusedLatencyMs.p50)}` : ''
  return `${head}. ${served}${failed}${refused}. ${count(requests.unfinished)} had no answer at the end.`
}
