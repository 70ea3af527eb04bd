/** Response times, B minus A: blue where B served more requests that took so long, orange and hatched where A did. */
import { HEAT } from '../../engine/results/frame.ts'
import { el, setAll, setText, svg } from '../dom.ts'
import { divergingRamps, paintDifference } from '../draw/difference-pixels.ts'
import { showPixels } from '../draw/pixels.ts'
import { pointIn } from '../draw/point.ts'
import { scaleMark, timeRow, type Row } from '../draw/row.ts'
import { rowBinning, timeScale } from '../draw/time-scale.ts'
import { drawVeil, veil } from '../draw/veil.ts'
import { heatDifference, isComparable, type HeatDifference } from '../facts/difference.ts'
import { cellWords, heatSentence, heatTable } from '../facts/difference-words.ts'
import { span as spanWords } from '../format.ts'
import type { Runs, VariantRun } from '../runs.ts'
import type { Selection } from '../selection.ts'
import { drawing, type Size, type View } from '../view.ts'

/** One row in place of the two heat maps. */
export const differenceHeatmap: View = {
  create(host) {
    const row = timeRow(host, 'Response B − A', 'served, 1 seed')
    const marks = createMarks(row)
    const pointer = pointIn(row.plot)
    let shown: HeatDifference | undefined
    return drawing(row.plot, {
      paint(size, runs, selection) {
        shown = differenceOf(runs, size, selection)
        draw(row, marks, { runs, size, selection, shown })
      },
      seek(size, { A }, selection) {
        const y = pointer()?.y
        row.readout(size, selection, (time) =>
          shown && A && y !== undefined ? cellWords(shown, A, time, rowUnder(y, size, shown)) : '',
        )
      },
      table: (runs) => shown && runs.A && heatTable(shown, runs.A),
    })
  },
}

/** The row of the heat map at a height, from the top, in pixels. */
function rowUnder(y: number, { height }: Size, { lowest, highest }: HeatDifference): number {
  return highest - Math.floor((y / height) * (highest - lowest + 1))
}

type Marks = ReturnType<typeof createMarks>

function createMarks(row: Row) {
  const canvas = el('canvas', { class: 'heat', 'aria-hidden': 'true' })
  const grid = svg('g', { class: 'grid' })
  const cover = veil()
  const empty = el('p', { class: 'row-empty', hidden: true })
  const legend = el(
    'span',
    { class: 'diverging', 'aria-hidden': 'true' },
    'A more',
    el('i'),
    'B more',
  )
  row.plot.prepend(canvas)
  row.plot.append(empty, legend)
  row.svg.append(grid, cover)
  return { canvas, grid, cover, empty }
}

function differenceOf(runs: Runs, size: Size, { span }: Selection): HeatDifference | undefined {
  const { A, B } = runs
  if (!A || !B || !isComparable(A, B)) return undefined
  return heatDifference(A, B, rowBinning(A, size, span))
}

/** What a row is drawn of. */
interface Subject {
  readonly runs: Runs
  readonly size: Size
  readonly selection: Selection
  readonly shown: HeatDifference | undefined
}

function draw(row: Row, marks: Marks, { runs, size, selection, shown }: Subject): void {
  const { A, B } = runs
  const says = emptyWords(runs, shown)
  setText(marks.empty, says)
  setAll(marks.empty, { hidden: says === '' })
  setAll(marks.canvas, { hidden: !shown })
  if (!shown || !A || !B) return row.describe(says)
  const width = shown.bins.buckets * A.layout.bucket
  const { from, until } = selection.span
  const start = shown.bins.first * A.layout.bucket
  const binAt = (x: number): number =>
    Math.floor((from + ((x + 0.5) / size.width) * (until - from) - start) / width)
  const ramps = divergingRamps(row.plot)
  showPixels(marks.canvas, paintDifference(shown, ramps, { ...size, binAt }))
  drawVeil(marks.cover, earlier(A, B), size, selection.span)
  drawScale(row, marks.grid, shown, size)
  row.describe(heatSentence(shown))
}

/** The run that has come less far. */
function earlier(a: VariantRun, b: VariantRun): VariantRun {
  return a.filled < b.filled ? a : b
}

function emptyWords(runs: Runs, shown: HeatDifference | undefined): string {
  if (!runs.A || !runs.B) return 'There are no two runs to compare yet.'
  if (!shown) return 'A and B are not of the same length: nothing can be subtracted.'
  return shown.deltas.every((delta) => delta === 0) ? 'No difference: every count is the same.' : ''
}

/** A latency as a (fractional) row: four even steps to an octave. */
function rowAt(latency: number): number {
  const octave = Math.floor(Math.log2(latency))
  return (octave - HEAT.firstExponent + latency / Math.pow(2, octave) - 1) * HEAT.rowsPerOctave
}

/** 1 ms, 10 ms … */
const DECADES = Array.from({ length: 9 }, (_, power) => Math.pow(10, power + 3))

function drawScale(row: Row, grid: SVGGElement, shown: HeatDifference, size: Size): void {
  const rows = shown.highest - shown.lowest + 1
  const y = (latency: number): number => size.height * (1 - (rowAt(latency) - shown.lowest) / rows)
  const ticks = DECADES.filter((tick) => y(tick) > 5 && y(tick) < size.height - 4)
  const x = timeScale(size, { from: 0, until: 1 }).range()
  grid.replaceChildren(
    ...ticks.map((tick) => svg('line', { x1: x[0], x2: x[1], y1: y(tick), y2: y(tick) })),
  )
  row.scale.replaceChildren(...ticks.map((tick) => scaleMark(y(tick), spanWords(tick))))
}
