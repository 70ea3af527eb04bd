/** Served requests, B over A in one plot: A dashed, B solid, and between them who served more. */
import { scaleLinear } from 'd3'
import { setAll, svg } from '../dom.ts'
import { scaleMark, timeRow, type Row } from '../draw/row.ts'
import { binEdges, stepArea, stepLine } from '../draw/steps.ts'
import { rowBinning, sumsOver, timeScale } from '../draw/time-scale.ts'
import { drawVeil, veil } from '../draw/veil.ts'
import { isComparable, servedOf } from '../facts/difference.ts'
import { overlaySentence, overlayTable, overlayWords } from '../facts/difference-words.ts'
import type { Overlay } from '../facts/difference-words.ts'
import { digits } from '../format.ts'
import type { Runs, VariantRun } from '../runs.ts'
import type { Selection } from '../selection.ts'
import { drawing, type Size, type View } from '../view.ts'

/** One row in place of the two outcome rows. */
export const servedOverlay: View = {
  create(host) {
    const row = timeRow(host, 'Served', 'per second, B over A')
    const marks = createMarks(row)
    let shown: Overlay | undefined
    return drawing(row.plot, {
      paint(size, runs, selection) {
        shown = overlayOf(runs, size, selection)
        if (shown && runs.A) draw(row, marks, shown, { run: runs.A, size, selection })
        else row.describe('There are no two runs to compare yet.')
      },
      seek(size, runs, selection) {
        row.readout(size, selection, (time) =>
          shown && runs.A ? overlayWords(shown, runs.A, time) : '',
        )
      },
      table: (runs) => shown && runs.A && overlayTable(shown, runs.A),
    })
  },
}

type Marks = ReturnType<typeof createMarks>

function createMarks(row: Row) {
  const more = svg('path', { class: 'between ok' })
  const less = svg('path', { class: 'between fail' })
  const offered = svg('path', { class: 'offered' })
  const lines = { A: svg('path', { class: 'line-A' }), B: svg('path', { class: 'line-B' }) }
  const cover = veil()
  row.svg.append(more, less, offered, lines.A, lines.B, cover)
  return { more, less, offered, lines, cover }
}

function overlayOf({ A, B }: Runs, size: Size, { span }: Selection): Overlay | undefined {
  if (!A || !B || !isComparable(A, B)) return undefined
  const bins = rowBinning(A, size, span)
  const offered = sumsOver(A.total('offered'), bins)
  return { bins, a: servedOf(A, bins), b: servedOf(B, bins), offered }
}

interface Place {
  readonly run: VariantRun
  readonly size: Size
  readonly selection: Selection
}

function draw(row: Row, marks: Marks, shown: Overlay, { run, size, selection }: Place): void {
  const { bins, a, b, offered } = shown
  const top = Math.max(1, ...a, ...b, ...offered) * 1.04
  const y = scaleLinear([0, top], [size.height - 1, 1])
  const edges = binEdges(run, bins, timeScale(size, selection.span))
  const height = (values: Float64Array) => (bin: number) => y(values[bin]!)
  const higher = (bin: number): number => y(Math.max(a[bin]!, b[bin]!))
  const lower = (bin: number): number => y(Math.min(a[bin]!, b[bin]!))
  setAll(marks.more, { d: stepArea(edges, height(a), higher) })
  setAll(marks.less, { d: stepArea(edges, lower, height(a)) })
  setAll(marks.offered, { d: stepLine(edges, height(offered)) })
  setAll(marks.lines.A, { d: stepLine(edges, height(a)) })
  setAll(marks.lines.B, { d: stepLine(edges, height(b)) })
  drawVeil(marks.cover, run, size, selection.span)
  const rate = top / 1.04 / bins.seconds
  row.scale.replaceChildren(scaleMark(7, `${digits(rate, 2)}/s`), scaleMark(size.height - 6, '0'))
  row.describe(overlaySentence(shown))
}
