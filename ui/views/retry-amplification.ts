/** How often calls between services are sent: first tries, tries again, and below them work that was for nobody. */
import { scaleLinear, type ScaleLinear } from 'd3'
import { el, setAll, setText, svg } from '../dom.ts'
import { scaleMark, timeRow, type Row } from '../draw/row.ts'
import { binEdges, stepArea, stepLine } from '../draw/steps.ts'
import { rowBinning, timeScale } from '../draw/time-scale.ts'
import { drawVeil, veil } from '../draw/veil.ts'
import { amplificationOf, type Amplification } from '../facts/amplification.ts'
import { retrySentence, retryTable, retryWords, times, worstWords } from '../facts/retry-words.ts'
import { wholePercent } from '../format.ts'
import type { Runs, VariantRun } from '../runs.ts'
import type { Selection } from '../selection.ts'
import { SIDES, type Side } from '../state.ts'
import { drawing, type Size, type View } from '../view.ts'

/** Pixels of the lane of work for nobody, and between the two lanes. */
const LANE = 15
const BETWEEN = 4
/** The scale is never lower than this, and never higher: factors beyond are told in words. */
const LEAST_TOP = 2
const MOST_TOP = 12
/** Room above the highest value. */
const ABOVE = 1.04
/** Rows from this height on, pixels, name the lower lane. */
const FOOTED = 44
/** An edge that sends less than this per call is not named. */
const TELLING = 1.05
/** Half the width of a letter of the note, in pixels, rounded up. */
const HALF_LETTER = 3.5

/** One row for both variants: A dashed, B solid. */
export const retryAmplification: View = {
  create(host) {
    const row = timeRow(host, 'Retries', 'sent per call')
    const marks = createMarks(row)
    let shown: Facts = { A: undefined, B: undefined }
    return drawing(row.plot, {
      paint(size, runs, selection) {
        shown = factsOf(runs, size, selection)
        const run = runs.A ?? runs.B
        if (run) draw(row, marks, { facts: shown, run, size, selection })
      },
      seek(size, runs, selection) {
        row.readout(size, selection, (time) => retryWords(shown, runs, time))
      },
      table: (runs) => retryTable(shown, runs),
    })
  },
}

/** Counts of each variant; undefined: it is not there. */
type Facts = Readonly<Record<Side, Amplification | undefined>>

function factsOf(runs: Runs, size: Size, { span }: Selection): Facts {
  const of = (run: VariantRun | undefined): Amplification | undefined =>
    run && amplificationOf(run, rowBinning(run, size, span))
  return { A: of(runs.A), B: of(runs.B) }
}

type Marks = ReturnType<typeof createMarks>

function createMarks(row: Row) {
  const tries = svg('path', { class: 'tries' })
  const again = svg('path', { class: 'again' })
  const base = svg('line', { class: 'base' })
  const lines = bySide((side) => svg('path', { class: `line-${side}` }))
  const nobody = bySide((side) => svg('path', { class: `nobody nobody-${side}` }))
  const hatches = bySide(() => svg('path', { fill: 'url(#hatch-fail)' }))
  const shares = bySide((side) => svg('path', { class: `line-${side} thin` }))
  const note = svg('text', { class: 'note' })
  const cover = veil()
  const empty = el('p', { class: 'row-empty', hidden: true })
  const foot = el('small', { class: 'row-foot' }, 'work for nobody')
  row.svg.append(tries, again, base, ...SIDES.flatMap((side) => [nobody[side], hatches[side]]))
  row.svg.append(...SIDES.flatMap((side) => [shares[side], lines[side]]), cover, note)
  row.plot.append(empty)
  row.label.append(foot)
  return { tries, again, base, lines, nobody, hatches, shares, note, cover, empty, foot }
}

function bySide<T>(make: (side: Side) => T): Record<Side, T> {
  return { A: make('A'), B: make('B') }
}

/** What a row is drawn of. */
interface Subject {
  readonly facts: Facts
  readonly run: VariantRun
  readonly size: Size
  readonly selection: Selection
}

function draw(row: Row, marks: Marks, subject: Subject): void {
  const { facts, run, size, selection } = subject
  const x = timeScale(size, selection.span)
  const upper = Math.max(10, size.height - LANE - BETWEEN)
  const top = topOf(facts)
  const y = scaleLinear([0, top], [upper, 1]).clamp(true)
  const share = scaleLinear([0, 1], [size.height - 1, size.height - LANE])
  const edges = (one: Amplification): readonly number[] => binEdges(run, one.bins, x)
  drawAreas(marks, facts, { y, share, edges })
  drawLines(marks, facts, { y, share, edges })
  setAll(marks.base, { x1: 0, x2: size.width, y1: y(1), y2: y(1) })
  drawNote(marks.note, facts, size, { y, share, edges })
  drawVeil(marks.cover, run, size, selection.span)
  const says = emptyWords(facts, run)
  setText(marks.empty, says)
  setAll(marks.empty, { hidden: says === '' })
  setAll(marks.foot, { hidden: size.height < FOOTED })
  row.scale.replaceChildren(...scaleMarks(facts, y, share))
  row.describe(retrySentence(facts))
}

function topOf(facts: Facts): number {
  const ratios = SIDES.flatMap((side) => [...(facts[side]?.ratio ?? [])])
  const most = Math.max(LEAST_TOP, ...ratios.filter((ratio) => !Number.isNaN(ratio)))
  return Math.min(MOST_TOP, most) * ABOVE
}

type Scale = ScaleLinear<number, number>

/** How a variant is drawn: edges of its bins in pixels, and the two scales. */
interface Scales {
  readonly y: Scale
  readonly share: Scale
  readonly edges: (facts: Amplification) => readonly number[]
}

/** First tries and tries again, stacked; of A where both are drawn, else one would hide the other. */
function drawAreas({ tries, again }: Marks, facts: Facts, { y, edges }: Scales): void {
  const one = facts.A ?? facts.B
  if (!one) return
  const firsts = (bin: number): number => one.ratio[bin]! - one.retries[bin]! / one.calls[bin]!
  const isOnly = !facts.A || !facts.B
  const under = stepArea(
    edges(one),
    () => y(0),
    (bin) => y(firsts(bin)),
  )
  setAll(tries, { d: isOnly ? under : '' })
  const over = stepArea(
    edges(one),
    (bin) => y(firsts(bin)),
    (bin) => y(one.ratio[bin]!),
  )
  setAll(again, { d: over })
}

function drawLines(marks: Marks, facts: Facts, { y, share, edges }: Scales): void {
  for (const side of SIDES) {
    const one = facts[side]
    setAll(marks.lines[side], { d: one ? stepLine(edges(one), (bin) => y(one.ratio[bin]!)) : '' })
    const lost = one && one.wastedShare > 0 ? one : undefined
    const height = (bin: number): number => share(lost!.wasted[bin]!)
    const filled = lost ? stepArea(edges(lost), () => share(0), height) : ''
    setAll(marks.shares[side], { d: lost ? stepLine(edges(lost), height) : '' })
    setAll(marks.nobody[side], { d: filled })
    setAll(marks.hatches[side], { d: filled })
  }
}

/** Names the edge that was sent the most again, where it was the most. */
function drawNote(note: SVGTextElement, facts: Facts, { width }: Size, { edges }: Scales): void {
  const side = width > 300 ? worstSide(facts) : undefined
  const one = side && facts[side]
  setText(note, side ? worstWords(facts, side) : '')
  if (!one) return
  const above = (ratio: number, best: number): boolean => ratio > (one.ratio[best] || 0)
  const peak = one.ratio.reduce((best, ratio, bin) => (above(ratio, best) ? bin : best), 0)
  const at = edges(one)
  const half = note.textContent.length * HALF_LETTER + 4
  const middle = (at[peak]! + at[peak + 1]!) / 2
  const x = Math.min(width - half, Math.max(half, middle))
  setAll(note, { x, y: 11, 'text-anchor': 'middle' })
}

function worstSide(facts: Facts): Side | undefined {
  const retries = (side: Side): number => {
    const worst = facts[side]?.worst
    return worst && worst.ratio >= TELLING ? worst.retries : 0
  }
  if (retries('A') === 0 && retries('B') === 0) return undefined
  return retries('A') >= retries('B') ? 'A' : 'B'
}

function emptyWords(facts: Facts, { layout }: VariantRun): string {
  const all = SIDES.flatMap((side) => facts[side] ?? [])
  if (all.some(({ total, wastedShare }) => total.retries > 0 || wastedShare > 0)) return ''
  if (all.every(({ total }) => total.calls === 0))
    return 'No service calls another in this stretch.'
  const canRetry = layout.units.some(({ use }) => use === 'retry')
  return canRetry ? 'No call was sent again.' : 'No retries in this scenario.'
}

function scaleMarks(facts: Facts, y: Scale, share: Scale): HTMLElement[] {
  const [, top = 0] = y.domain()
  const most = Math.max(...SIDES.map((side) => Math.max(0, ...(facts[side]?.wasted ?? []))))
  const lane = most > 0 ? [scaleMark(share(0.5), wholePercent(most))] : []
  const marks = [scaleMark(6, times(top / ABOVE)), scaleMark(y(1), times(1))]
  return [...(y(1) > 18 ? marks : marks.slice(1)), ...lane]
}
