/** How full everything is: a lane for each of the fullest services, and for what patterns count; capacity is a band. */
import { el, setAll, setText, svg } from '../dom.ts'
import { scaleMark, timeRow, type Row } from '../draw/row.ts'
import { binEdges, stepArea, stepLine } from '../draw/steps.ts'
import { rowBinning, timeScale } from '../draw/time-scale.ts'
import { drawVeil, veil } from '../draw/veil.ts'
import {
  folded,
  saturation,
  withFirst,
  type Folded,
  type Lane,
  type Use,
} from '../facts/saturation.ts'
import {
  peakWords,
  saturationSentence,
  saturationTable,
  saturationWords,
} from '../facts/saturation-words.ts'
import type { Runs, VariantRun } from '../runs.ts'
import type { Selection } from '../selection.ts'
import { SIDES, type Side } from '../state.ts'
import { drawing, type Size, type View } from '../view.ts'

/** Pixels above the lanes; of a lane at least; and of one where there is room for a few. */
const HEAD = 15
const LEAST = 12
const GOOD = 18
const FEW = 4

/** One row for both variants: A dashed, B solid. */
export const saturationRows: View = {
  create(host) {
    const row = timeRow(host, 'Saturation', '')
    const marks = createMarks(host, row)
    let lanes: readonly Lane[] = []
    let shown: Folded = { shown: [], rest: '' }
    return drawing(row.plot, {
      paint(size, runs, selection) {
        const all = saturation(runs, (run) => rowBinning(run, size, selection.span))
        lanes = withFirst(all, selection.service)
        shown = folded(lanes, roomIn(size.height - HEAD))
        const run = runs.A ?? runs.B
        if (run) draw(row, marks, { run, runs, size, selection, ...shown })
      },
      seek(size, runs, selection) {
        row.readout(size, selection, (time) => saturationWords(shown.shown, runs, time))
      },
      table: (runs) => saturationTable(lanes, runs),
    })
  },
}

/** How many lanes a height is good for. */
function roomIn(height: number): number {
  const most = Math.max(FEW, Math.floor(height / GOOD))
  return Math.max(1, Math.min(most, Math.floor(height / LEAST)))
}

type Marks = ReturnType<typeof createMarks>

function createMarks(host: HTMLElement, row: Row) {
  const lanes = svg('g')
  const cover = veil()
  const names = el('span', { class: 'lane-names', 'aria-hidden': 'true' })
  const rest = el('span', { class: 'row-head', 'aria-hidden': 'true' })
  host.classList.add('headed')
  row.label.append(names)
  row.plot.append(rest)
  row.svg.append(lanes, cover)
  return { lanes, cover, names, rest }
}

/** What a row is drawn of. */
interface Subject extends Folded {
  readonly run: VariantRun
  readonly runs: Runs
  readonly size: Size
  readonly selection: Selection
}

function draw(row: Row, marks: Marks, subject: Subject): void {
  const { run, size, selection, shown, rest } = subject
  const step = (size.height - HEAD) / Math.max(1, shown.length)
  const tops = shown.map((_, at) => HEAD + at * step)
  marks.lanes.replaceChildren(...shown.map((lane, at) => drawLane(lane, tops[at]!, step, subject)))
  marks.names.replaceChildren(
    ...shown.map((lane, at) => nameOf(lane, tops[at]! + step / 2, selection)),
  )
  row.scale.replaceChildren(...shown.map((lane, at) => peakMark(lane, tops[at]! + step / 2)))
  setText(marks.rest, shown.length === 0 ? 'Nothing here can be full.' : headOf(rest))
  drawVeil(marks.cover, run, size, selection.span)
  row.describe(saturationSentence(subject))
}

function headOf(rest: string): string {
  return rest === '' ? 'used of what there is' : `used of what there is · ${rest}`
}

/** A lane: the capacity as a band, and what is used as lines. */
function drawLane({ of }: Lane, top: number, height: number, subject: Subject): SVGGElement {
  const { size, selection, runs } = subject
  const most = Math.max(1e-9, ...SIDES.flatMap((side) => of[side]?.peak ?? []), ...capacities(of))
  const y = (value: number): number => top + height - 1.5 - (value / most) * (height - 4)
  const x = timeScale(size, selection.span)
  const group = svg('g', { class: 'saturation' })
  for (const side of SIDES) {
    const [use, run] = [of[side], runs[side]]
    if (use && run) addUse(group, use, side, { y, edges: binEdges(run, use.bins, x) })
  }
  return group
}

interface Place {
  readonly y: (value: number) => number
  readonly edges: readonly number[]
}

/** Bands lie below the marks of both variants. */
function addUse(group: SVGGElement, use: Use, side: Side, { y, edges }: Place): void {
  const { capacity, used } = use
  const floor = (): number => y(0)
  const height = (bin: number): number => y(used[bin]!)
  if (capacity) {
    const band = stepArea(edges, floor, (bin) => y(capacity[bin]!))
    group.prepend(svg('path', { class: 'capacity', d: band }))
  }
  group.append(svg('path', { class: `used used-${side}`, d: stepArea(edges, floor, height) }))
  group.append(svg('path', { class: `line-${side} thin`, d: stepLine(edges, height) }))
}

function capacities(of: Lane['of']): number[] {
  return SIDES.flatMap((side) => (of[side]?.capacity ? [Math.max(...of[side].capacity)] : []))
}

function nameOf({ name, unit, service }: Lane, middle: number, selection: Selection): HTMLElement {
  const isChosen = service !== undefined && service === selection.service
  const look = isChosen ? 'chosen' : ''
  const label = el('span', { class: look, title: `${name} (${unit})` }, name)
  label.style.transform = `translateY(calc(${middle.toFixed(1)}px - 50%))`
  return label
}

function peakMark(lane: Lane, middle: number): HTMLElement {
  const mark = scaleMark(middle, peakWords(lane))
  setAll(mark, { title: 'at most' })
  return mark
}
