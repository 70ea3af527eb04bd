/** At which place within a period things happen, as a picture: a column for each period, its start at the bottom. */
import { offsetWords, periodOf, seriesOf, strongestOf, subjectOf } from '../facts/offsets.ts'
import { capitalised, NBSP } from '../format.ts'
import type { Runs, VariantRun } from '../runs.ts'
import type { Span } from '../selection.ts'
import { SIDES } from '../state.ts'
import type { Lane } from './count-lanes.ts'
import type { Point } from './point.ts'

/** What is drawn instead of the map of latencies. */
export interface OffsetScene {
  readonly title: string
  readonly unit: string
  /** The whole periods that are drawn. */
  readonly span: Span
  paint(ramp: Uint32Array): ImageData
  words(point: Point, room: Lane): string
  ticks(room: Lane): { y: number; text: string }[]
}

/** The scene of a variant; both have one scale of colours. */
export function offsetScene(run: VariantRun, runs: Runs, { from, until }: Span): OffsetScene {
  const subject = subjectOf(runs)
  const period = periodOf(run)
  const rows = Math.round(period / run.layout.bucket)
  const series = seriesOf(run, subject)
  const both = SIDES.flatMap((side) => (runs[side] ? [seriesOf(runs[side], subject)] : []))
  const [first, last] = [Math.floor(from / period), Math.ceil(until / period)]
  const width = Math.round(period / 1e6)
  const length = width === 1000 ? `1${NBSP}s` : `${width}${NBSP}ms`
  return {
    title: capitalised(subject),
    unit: `offset in ${length}`,
    span: { from: first * period, until: last * period },
    paint: (ramp) => paintOffsets({ series, rows, first, last, most: strongestOf(both), ramp }),
    words({ time, y }, room) {
      const row = Math.min(
        rows - 1,
        Math.max(0, Math.floor((1 - (y - room.y) / room.height) * rows)),
      )
      const bucket = Math.floor(time / period) * rows + row
      const start = row * run.layout.bucket
      const cell = { count: series[bucket] ?? 0, from: start, until: start + run.layout.bucket }
      return offsetWords(subject, cell)
    },
    ticks: ({ y, height }) => [
      { y: y + height - 6, text: `0${NBSP}ms` },
      { y: y + 6, text: length },
    ],
  }
}

/** What is painted: the counts of a run by bucket. */
interface Painting {
  readonly series: Float64Array
  /** Buckets of a period. */
  readonly rows: number
  /** Periods [first, last). */
  readonly first: number
  readonly last: number
  /** The count of the strongest colour. */
  readonly most: number
  readonly ramp: Uint32Array
}

/** One pixel for each bucket; one event is always to be seen. */
function paintOffsets({ series, rows, first, last, most, ramp }: Painting): ImageData {
  const width = Math.max(1, last - first)
  const image = new ImageData(width, rows)
  const pixels = new Uint32Array(image.data.buffer)
  for (let period = first; period < last; period++) {
    for (let row = 0; row < rows; row++) {
      const count = series[period * rows + row] ?? 0
      if (count === 0) continue
      const depth = 0.14 + 0.86 * Math.pow(Math.min(1, count / most), 0.75)
      pixels[(rows - 1 - row) * width + period - first] = ramp[Math.round(depth * 255)]!
    }
  }
  return image
}
