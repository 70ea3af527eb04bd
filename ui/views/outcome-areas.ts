/** How requests ended, second by second: a stack of outcomes, with the load that was offered as a dashed line. */
import { area, line, max, scaleLinear, stack } from 'd3'
import { svg, setAll } from '../dom.ts'
import { scaleMark, timeRow, type Row } from '../draw/row.ts'
import { drawVeil, veil } from '../draw/veil.ts'
import { binned, type Bins } from '../facts/bins.ts'
import { standing } from '../facts/standing.ts'
import { count, moment, percent, wholePercent } from '../format.ts'
import type { Runs, VariantRun } from '../runs.ts'
import { SIDES, type Side } from '../state.ts'
import { drawing, type Size, type View } from '../view.ts'

/** From the bottom up. Slow and degraded answers are served, but not as promised. */
const LAYERS = [
  ['ok', 'ok'],
  ['slow', 'slow'],
  ['degraded', 'slow'],
  ['refused', 'fast'],
  ['failed', 'fail'],
] as const
const KEYS = LAYERS.map(([metric]) => metric)

/** One row for a variant; both rows have one scale. */
export function outcomeAreas(side: Side): View {
  return {
    create(host) {
      const row = timeRow(host, 'Requests', 'per second', side)
      const marks = createMarks(row)
      return drawing(row.plot, {
        paint(size, runs) {
          const run = runs[side]
          if (run) draw(row, marks, run, size, topRate(runs))
        },
      })
    },
  }
}

type Marks = ReturnType<typeof createMarks>

function createMarks({ svg: picture }: Row) {
  const areas = LAYERS.map(([, hue]) => svg('path', { class: `area ${hue}` }))
  const hatches = LAYERS.map(([, hue]) =>
    svg('path', { class: 'hatch', fill: `url(#hatch-${hue})` }),
  )
  const offered = svg('path', { class: 'offered' })
  const note = svg('text', { class: 'note', 'text-anchor': 'middle' })
  const cover = veil()
  picture.append(...areas, ...hatches.slice(3), offered, cover, note)
  return { areas, hatches, offered, note, cover }
}

/** The highest rate of both variants: A and B share a scale. */
function topRate(runs: Runs): number {
  const tops = SIDES.flatMap((side) => {
    const run = runs[side]
    return run ? [topOf(binned(run))] : []
  })
  return Math.max(1e-9, ...tops) * 1.04
}

function topOf({ count: bins, seconds, sums }: Bins): number {
  let top = 0
  for (let bin = 0; bin < bins; bin++) {
    let ended = 0
    for (const key of KEYS) ended += sums[key]![bin]!
    top = Math.max(top, ended, sums['offered']![bin]!)
  }
  return top / seconds
}

function draw(row: Row, marks: Marks, run: VariantRun, size: Size, top: number): void {
  const bins = binned(run)
  const x = scaleLinear([0, bins.count - 1], [0, size.width])
  const y = scaleLinear([0, top], [size.height, 1])
  const rates = Array.from({ length: bins.count }, (_, bin) => ratesOf(bins, bin))
  const layers = stack<Rates>().keys(KEYS)(rates)
  const shape = area<[number, number]>()
    .x((_, bin) => x(bin))
    .y0(([low]) => y(low))
    .y1(([, high]) => y(high))
    .digits(1)
  for (const [at, layer] of layers.entries()) {
    const isEmpty = rates.every((rate) => rate[layer.key as (typeof KEYS)[number]] === 0)
    const path = isEmpty ? '' : (shape(layer as unknown as [number, number][]) ?? '')
    setAll(marks.areas[at]!, { d: path })
    if (at >= 3) setAll(marks.hatches[at]!, { d: path })
  }
  const top100 = line<Rates>(
    (_, bin) => x(bin),
    (rate) => y(rate.offered),
  ).digits(1)
  setAll(marks.offered, { d: top100(rates) ?? '' })
  drawVeil(marks.cover, run, size)
  annotate(marks.note, run, size)
  const ticks = y.ticks(2).filter((tick) => tick <= top)
  row.scale.replaceChildren(...ticks.map((rate) => scaleMark(y(rate), rate ? `${rate}/s` : '0')))
  row.describe(sentence(run, rates))
}

type Rates = Record<(typeof KEYS)[number] | 'offered', number>

function ratesOf({ sums, seconds }: Bins, bin: number): Rates {
  const rate = (metric: string): number => sums[metric]![bin]! / seconds
  return {
    offered: rate('offered'),
    ok: rate('ok'),
    slow: rate('slow'),
    degraded: rate('degraded'),
    refused: rate('refused'),
    failed: rate('failed'),
  }
}

/** Half the width of a letter of the note, in pixels, rounded up. */
const HALF_LETTER = 3.5

/** Says on the row how it went on after the fault. */
function annotate(note: SVGTextElement, run: VariantRun, { width, height }: Size): void {
  const fared = run.isDone ? standing(run) : undefined
  const from = fared?.faultEnd ?? 0
  const isWide = width > 420
  note.textContent = isWide && fared ? noteOf(fared, from) : ''
  const at = (from + run.layout.duration) / 2 / run.layout.duration
  const half = note.textContent.length * HALF_LETTER
  setAll(note, { x: Math.min(at * width, width - half), y: height / 2 + 4 })
}

function noteOf(fared: NonNullable<ReturnType<typeof standing>>, from: number): string {
  switch (fared.fate) {
    case 'back':
      return `normal again since ${moment(from + fared.recovery)}`
    case 'down':
    case 'limping':
      return `the fault is over, and ${wholePercent(fared.servedLast)} are served`
    case 'untouched':
    case 'faultless':
      return ''
  }
}

function sentence({ layout, result }: VariantRun, rates: readonly Rates[]): string {
  const head = `Requests per second over ${moment(layout.duration, 0)} in variant ${layout.variant}`
  const top = `at most ${count(max(rates, (rate) => rate.offered) ?? 0)} offered per second`
  if (!result) return `${head}: ${top}; still being computed.`
  const { offered, ok, degraded, failedFast, failed, unfinished } = result.requests
  const share = (part: number): string => percent(offered === 0 ? 0 : part / offered)
  return (
    `${head}: ${top}. Of ${count(offered)} requests ${share(ok + degraded)} were served, ` +
    `${share(failedFast)} failed fast, ${share(failed)} failed, ${count(unfinished)} had no answer yet.`
  )
}
