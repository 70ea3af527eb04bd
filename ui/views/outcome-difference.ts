/** How requests ended, B minus A: above the line more were served in B, below it more in A. */
import { scaleLinear } from 'd3'
import { el, setAll, setText, svg } from '../dom.ts'
import { scaleMark, timeRow, type Row } from '../draw/row.ts'
import { binEdges, stepArea, stepLine } from '../draw/steps.ts'
import { rowBinning, timeScale } from '../draw/time-scale.ts'
import { drawVeil, veil } from '../draw/veil.ts'
import { isComparable, outcomeDifference, type OutcomeDifference } from '../facts/difference.ts'
import { outcomeSentence, outcomeTable, outcomeWords } from '../facts/difference-words.ts'
import { signed } from '../facts/difference-words.ts'
import type { Runs } from '../runs.ts'
import type { Selection } from '../selection.ts'
import { drawing, type Size, type View } from '../view.ts'

/** One row. */
export const outcomeDifferenceRow: View = {
  create(host) {
    const row = timeRow(host, 'Requests B − A', 'per second, 1 seed')
    const marks = createMarks(row)
    let shown: OutcomeDifference | undefined
    return drawing(row.plot, {
      paint(size, runs, selection) {
        const { A, B } = runs
        const isThere = A && B && isComparable(A, B)
        shown = isThere ? outcomeDifference(A, B, rowBinning(A, size, selection.span)) : undefined
        draw(row, marks, { runs, size, selection, shown })
      },
      seek(size, runs, selection) {
        row.readout(size, selection, (time) =>
          shown && runs.A ? outcomeWords(shown, runs.A, time) : '',
        )
      },
      table: (runs) => shown && runs.A && outcomeTable(shown, runs.A),
    })
  },
}

type Marks = ReturnType<typeof createMarks>

function createMarks(row: Row) {
  const more = svg('path', { class: 'area ok' })
  const less = svg('path', { class: 'area fail' })
  const hatch = svg('path', { fill: 'url(#hatch-fail)' })
  const failed = svg('path', { class: 'delta-failed' })
  const refused = svg('path', { class: 'delta-refused' })
  const base = svg('line', { class: 'base' })
  const cover = veil()
  const empty = el('p', { class: 'row-empty', hidden: true })
  row.svg.append(more, less, hatch, refused, failed, base, cover)
  row.plot.append(empty)
  return { more, less, hatch, failed, refused, base, cover, empty }
}

/** What a row is drawn of. */
interface Subject {
  readonly runs: Runs
  readonly size: Size
  readonly selection: Selection
  readonly shown: OutcomeDifference | undefined
}

function draw(row: Row, marks: Marks, { runs, size, selection, shown }: Subject): void {
  const { A, B } = runs
  const says = emptyWords(shown)
  setText(marks.empty, says)
  setAll(marks.empty, { hidden: says === '' })
  if (!shown || !A || !B) return row.describe(says)
  const top = topOf(shown) * ABOVE
  const y = scaleLinear([-top, top], [size.height - 1, 1])
  const edges = binEdges(A, shown.bins, timeScale(size, selection.span))
  drawMarks(marks, shown, edges, y)
  setAll(marks.base, { x1: 0, x2: size.width, y1: y(0), y2: y(0) })
  drawVeil(marks.cover, A.filled < B.filled ? A : B, size, selection.span)
  const rate = top / ABOVE / shown.bins.seconds
  const [above, below] = [`${signed(rate)}/s`, `${signed(-rate)}/s`]
  row.scale.replaceChildren(scaleMark(7, above), scaleMark(size.height - 7, below))
  row.describe(outcomeSentence(shown))
}

/** Room above the largest difference. */
const ABOVE = 1.05

function topOf({ served, failed, refused }: OutcomeDifference): number {
  return Math.max(1, ...[...served, ...failed, ...refused].map((one) => Math.abs(one)))
}

function drawMarks(
  marks: Marks,
  { served, failed, refused }: OutcomeDifference,
  edges: readonly number[],
  y: (value: number) => number,
): void {
  const zero = (): number => y(0)
  const below = stepArea(edges, zero, (bin) => y(Math.min(0, served[bin]!)))
  setAll(marks.more, { d: stepArea(edges, zero, (bin) => y(Math.max(0, served[bin]!))) })
  setAll(marks.less, { d: below })
  setAll(marks.hatch, { d: below })
  setAll(marks.failed, { d: stepLine(edges, (bin) => y(failed[bin]!)) })
  setAll(marks.refused, { d: stepLine(edges, (bin) => y(refused[bin]!)) })
}

function emptyWords(shown: OutcomeDifference | undefined): string {
  if (!shown) return 'There are no two runs to compare yet.'
  const { served, failed, refused } = shown
  const isSame = [served, failed, refused].every((one) => one.every((delta) => delta === 0))
  return isSame ? 'No difference: as many were served in A as in B.' : ''
}
