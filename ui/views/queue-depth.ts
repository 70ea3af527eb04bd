/** Calls that wait at the service with the fullest queue: A dashed, B solid, the limit on the right. */
import { area, line, scaleLinear } from 'd3'
import { setAll, setText, svg } from '../dom.ts'
import { scaleMark, timeRow } from '../draw/row.ts'
import { drawVeil, veil } from '../draw/veil.ts'
import { binsOf } from '../facts/bins.ts'
import { firstTroubles } from '../facts/health.ts'
import { count } from '../format.ts'
import type { Runs, VariantRun } from '../runs.ts'
import { SIDES } from '../state.ts'
import { drawing, type Size, type View } from '../view.ts'

const MOST_BINS = 300

/** One row for both variants. */
export const queueDepth: View = {
  create(host) {
    const row = timeRow(host, 'Queue', 'A dashed, B solid')
    const title = host.querySelector('.row-label b')!
    const fill = svg('path', { class: 'queue-fill' })
    const lines = { A: svg('path', { class: 'line-A' }), B: svg('path', { class: 'line-B' }) }
    const cover = veil()
    row.svg.append(fill, lines.A, lines.B, cover)
    return drawing(row.plot, {
      paint(size, runs) {
        const worst = fullest(runs)
        const run = runs.A ?? runs.B
        if (!worst || !run) return
        setText(title, `${worst.name} queue`)
        const y = scaleLinear([0, worst.top * 1.03], [size.height - 1, 1])
        for (const side of SIDES) {
          const points = runs[side] ? depths(runs[side], worst.name) : []
          setAll(lines[side], { d: curve(points, size, y) })
        }
        const a = runs.A ? depths(runs.A, worst.name) : []
        const isFull = Math.max(0, ...a) > worst.top / 2
        setAll(fill, { d: isFull ? under(a, size, y) : '' })
        drawVeil(cover, run, size)
        const label = worst.isLimit ? `${count(worst.top)} full` : count(worst.top)
        const marks = [scaleMark(y(worst.top) + 4, label), scaleMark(y(0) - 5, '0')]
        row.scale.replaceChildren(...(size.height > 20 ? marks : marks.slice(0, 1)))
        row.describe(sentence(runs, worst.name))
      },
    })
  },
}

interface Worst {
  readonly name: string
  readonly top: number
  /** Whether the top of the scale is the limit of the queue. */
  readonly isLimit: boolean
}

/** The service whose queue came nearest to its limit in either variant; of those that were full, the first. */
function fullest(runs: Runs): Worst | undefined {
  const order = SIDES.flatMap((side) => (runs[side] ? firstTroubles(runs[side]) : []))
  const rank = (name: string): number => order.findIndex((trouble) => trouble.name === name)
  let worst: (Worst & { readonly share: number }) | undefined
  for (const side of SIDES) {
    const run = runs[side]
    for (const { name, queue, instances } of run?.layout.services ?? []) {
      const peak = run!.column('service', name, 'queueMax').reduce((a, b) => Math.max(a, b), 0)
      const places = queue * instances
      const share = Number.isFinite(places) ? peak / Math.max(1, places) : peak / 1000
      const isEarlier = worst && share >= 0.99 * worst.share && rank(name) < rank(worst.name)
      if (worst && share <= worst.share && !isEarlier) continue
      const isLimit = Number.isFinite(places) && peak > places / 3
      worst = { name, share, isLimit, top: isLimit ? places : Math.max(5, peak) }
    }
  }
  return worst
}

function depths(run: VariantRun, name: string): number[] {
  const buckets = Math.ceil(run.layout.buckets / MOST_BINS)
  const bins = Math.ceil(run.layout.buckets / buckets)
  const sums = binsOf(run.column('service', name, 'queue'), buckets, bins)
  return Array.from(sums, (sum) => sum / buckets)
}

function curve(points: number[], { width }: Size, y: (depth: number) => number): string {
  const x = scaleLinear([0, Math.max(1, points.length - 1)], [0, width])
  return (
    line<number>(
      (_, at) => x(at),
      (depth) => y(depth),
    ).digits(1)(points) ?? ''
  )
}

function under(points: number[], { width }: Size, y: (depth: number) => number): string {
  const x = scaleLinear([0, Math.max(1, points.length - 1)], [0, width])
  return (
    area<number>(
      (_, at) => x(at),
      y(0),
      (depth) => y(depth),
    ).digits(1)(points) ?? ''
  )
}

function sentence(runs: Runs, name: string): string {
  const told = SIDES.flatMap((side) => {
    const run = runs[side]
    if (!run) return []
    const column = run.column('service', name, 'queue')
    const most = run.column('service', name, 'queueMax').reduce((a, b) => Math.max(a, b), 0)
    const last = column[Math.max(0, run.filled - 1)] ?? 0
    return `In ${side} at most ${count(most)} calls waited, and ${count(last)} at the end.`
  })
  return `Queue of ${name}. ${told.join(' ')}`
}
