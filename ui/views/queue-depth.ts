/** Calls that wait at a service: A dashed, B solid, the limit on the right. The fullest queue, or that of the picked service. */
import { area, line, type ScaleLinear, scaleLinear } from 'd3'
import { el, setAll, svg } from '../dom.ts'
import { scaleMark, timeRow, type Row } from '../draw/row.ts'
import { binStart, peaksOver, rowBinning, sumsOver, timeScale } from '../draw/time-scale.ts'
import { drawVeil, veil } from '../draw/veil.ts'
import { fullestQueue, queueAt, queueOf, queueSentence, type Queue } from '../facts/queues.ts'
import type { Table } from '../facts/table.ts'
import { count } from '../format.ts'
import type { Runs, VariantRun } from '../runs.ts'
import { choose, type Span } from '../selection.ts'
import { SIDES } from '../state.ts'
import { drawing, type Size, type View } from '../view.ts'

/** One row for both variants. The scale is that of the whole of both runs. */
export const queueDepth: View = {
  create(host) {
    const row = timeRow(host, 'Queue', 'A dashed, B solid')
    const picker = servicePicker(row)
    const marks = createMarks(row)
    let queue: Queue | undefined
    return drawing(row.plot, {
      paint(size, runs, { span, service }) {
        const fullest = fullestQueue(runs)
        queue = (service === undefined ? undefined : queueOf(runs, service)) ?? fullest
        if (queue && fullest) {
          picker(runs, fullest.name, queue.name === service ? service : undefined)
          draw(row, marks, { queue, runs, size, span })
        }
      },
      seek(size, runs, selection) {
        row.readout(size, selection, (time) => (queue ? queueAt(runs, queue, time) : ''))
      },
      table: (runs) => queue && tableOf(runs, queue),
    })
  },
}

/** The title of the row is a list of services: the fullest queue, unless one is picked here or in another picture. */
function servicePicker({ label, plot }: Row) {
  const title = label.querySelector('b')!
  const list = el('select', { class: 'queue-of', 'aria-label': 'Queue of which service' })
  list.addEventListener('change', () => choose(plot, { service: list.value || undefined }))
  title.replaceWith(list)
  let shown = ''
  return (runs: Runs, fullest: string, picked: string | undefined): void => {
    const names = (runs.A ?? runs.B)!.layout.services.map(({ name }) => name)
    const key = [fullest, ...names].join('\n')
    if (key !== shown) {
      shown = key
      const first = el('option', { value: '' }, `${fullest} queue`)
      const others = names.map((name) => el('option', { value: name }, `${name} queue`))
      const all = el('optgroup', { label: 'Queue of' }, others)
      list.replaceChildren(el('optgroup', { label: 'The fullest' }, first), all)
    }
    list.value = picked ?? ''
  }
}

type Marks = ReturnType<typeof createMarks>

function createMarks({ svg: picture }: Row) {
  const fills = { A: svg('path', { class: 'queue-fill' }), B: svg('path', { class: 'queue-fill' }) }
  const limit = svg('line', { class: 'limit' })
  const lines = { A: svg('path', { class: 'line-A' }), B: svg('path', { class: 'line-B' }) }
  const cover = veil()
  picture.append(fills.A, fills.B, limit, lines.A, lines.B, cover)
  return { fills, limit, lines, cover }
}

interface Drawn {
  readonly queue: Queue
  readonly runs: Runs
  readonly size: Size
  readonly span: Span
}

function draw(row: Row, marks: Marks, { queue, runs, size, span }: Drawn): void {
  const y = scaleLinear([0, queue.top * 1.03], [size.height - 1, 1])
  const run = (runs.A ?? runs.B)!
  for (const side of SIDES) {
    const points = runs[side] ? depths(runs[side], queue.name, size, span) : []
    const isFull = points.some(({ depth }) => depth > queue.top / 2)
    setAll(marks.lines[side], { d: curve(points, y) })
    setAll(marks.fills[side], { d: isFull ? under(points, y) : '' })
  }
  const bar = y(queue.places)
  setAll(marks.limit, { display: queue.isLimit ? 'inline' : 'none', x2: size.width })
  if (queue.isLimit) setAll(marks.limit, { y1: bar, y2: bar })
  drawVeil(marks.cover, run, size, span)
  const label = queue.isLimit ? `${count(queue.top)} full` : count(queue.top)
  const scale = [scaleMark(y(queue.top) + 4, label), scaleMark(y(0) - 5, '0')]
  row.scale.replaceChildren(...(size.height > 20 ? scale : scale.slice(0, 1)))
  row.describe(queueSentence(runs, queue))
}

/** A point of a line. */
interface Depth {
  readonly x: number
  readonly depth: number
}

/** Mean depths, bin by bin, at the middle of each, and level to the ends of the run. */
function depths(run: VariantRun, name: string, size: Size, span: Span): Depth[] {
  const bins = rowBinning(run, size, span)
  const x = timeScale(size, span)
  const sums = sumsOver(run.column('service', name, 'queue'), bins)
  const { duration, buckets } = run.layout
  const points = Array.from(sums, (sum, bin) => {
    const start = binStart(run, bins, bin)
    const held = Math.min(bins.buckets, buckets - bins.first - bin * bins.buckets)
    return { x: x(start + (held * run.layout.bucket) / 2), depth: sum / held }
  })
  const [first, last] = [points[0]!, points.at(-1)!]
  const isEnd = bins.first + bins.count * bins.buckets >= buckets
  if (bins.first === 0) points.unshift({ ...first, x: x(0) })
  if (isEnd) points.push({ ...last, x: x(duration) })
  return points
}

function curve(points: readonly Depth[], y: ScaleLinear<number, number>): string {
  const shape = line<Depth>(
    ({ x }) => x,
    ({ depth }) => y(depth),
  )
  return shape.digits(1)(points) ?? ''
}

function under(points: readonly Depth[], y: ScaleLinear<number, number>): string {
  const shape = area<Depth>(
    ({ x }) => x,
    y(0),
    ({ depth }) => y(depth),
  )
  return shape.digits(1)(points) ?? ''
}

/** Mean and deepest, for each variant, in bins of at most a hundred and twentieth of the run. */
function tableOf(runs: Runs, queue: Queue): Table | undefined {
  const run = runs.A ?? runs.B
  if (!run) return undefined
  const bins = rowBinning(run, { width: 300, height: 1 }, { from: 0, until: run.layout.duration })
  const columns = SIDES.flatMap((side) => {
    if (!runs[side]) return []
    const of = (metric: string): Float32Array => runs[side]!.column('service', queue.name, metric)
    const mean = sumsOver(of('queue'), bins).map((sum) => sum / bins.buckets)
    return [
      { name: `mean in ${side} (calls)`, values: mean },
      { name: `most in ${side} (calls)`, values: peaksOver(of('queueMax'), bins) },
    ]
  })
  return {
    caption: queueSentence(runs, queue),
    columns: ['from (s)', ...columns.map(({ name }) => name)],
    rows: Array.from({ length: bins.count }, (_, bin) => [
      binStart(run, bins, bin) / 1e9,
      ...columns.map(({ values }) => Number(values[bin]!.toPrecision(4))),
    ]),
  }
}
