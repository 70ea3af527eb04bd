/** How requests ended, second by second: a stack of outcomes, with the load that was offered as a dashed line. */
import { area, line, max, scaleLinear, stack, type ScaleLinear } from 'd3'
import { svg, setAll, setText } from '../dom.ts'
import { asShares, isolated } from '../draw/option.ts'
import { rowToggle, scaleMark, timeRow, type Row } from '../draw/row.ts'
import { rowBinning, timeScale } from '../draw/time-scale.ts'
import { drawVeil, veil } from '../draw/veil.ts'
import { binsOf, binSeconds, binSpan, topRate, type Bins } from '../facts/bins.ts'
import { requestsAt, sharesAt } from '../facts/moment-words.ts'
import { standing } from '../facts/standing.ts'
import type { Table } from '../facts/table.ts'
import { count, digits, moment, percent, plural, wholePercent } from '../format.ts'
import type { Runs, VariantRun } from '../runs.ts'
import type { Selection } from '../selection.ts'
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
/** Layers that are hatched as well. */
const HATCHED = LAYERS.filter(([, hue]) => hue === 'fast' || hue === 'fail')

/** One row for a variant; both rows have one scale, that of the whole of both runs at the width of the bins. */
export function outcomeAreas(side: Side): View {
  return {
    create(host) {
      const row = timeRow(host, 'Requests', 'per second', side)
      const marks = createMarks(row)
      const toggle = rowToggle('percent', 'Shares instead of rates', asShares)
      row.unit.after(toggle.button)
      let width = 1
      const made = drawing(row.plot, {
        paint(size, runs, selection) {
          const run = runs[side]
          if (!run) return
          width = rowBinning(run, size, selection.span).buckets
          draw(row, marks, { run, size, runs, selection })
        },
        seek(size, runs, selection) {
          const run = runs[side]
          if (!run) return
          const words = asShares.value ? sharesAt : requestsAt
          row.readout(size, selection, (time) => words(run, binsOf(run, width), time))
        },
        table: (runs) => (runs[side] ? tableOf(runs[side], width) : undefined),
      })
      const stops = [asShares.watch(made.repaint), isolated.watch(made.repaint), toggle.stop]
      return { ...made, destroy: () => [...stops, made.destroy].forEach((end) => end()) }
    },
  }
}

type Marks = ReturnType<typeof createMarks>

function createMarks({ svg: picture }: Row) {
  const areas = new Map(LAYERS.map(([key, hue]) => [key, svg('path', { class: `area ${hue}` })]))
  const hatches = new Map(
    HATCHED.map(([key, hue]) => [key, svg('path', { fill: `url(#hatch-${hue})` })]),
  )
  const offered = svg('path', { class: 'offered' })
  const note = svg('text', { class: 'note', 'text-anchor': 'middle' })
  const rest = svg('text', { class: 'note rest-note', 'text-anchor': 'end' })
  const cover = veil()
  picture.append(...areas.values(), ...hatches.values(), offered, cover, note, rest)
  return { areas, hatches, offered, note, rest, cover }
}

/** What a row is drawn of. */
interface Subject {
  readonly run: VariantRun
  readonly size: Size
  readonly runs: Runs
  readonly selection: Selection
}

/** The values of a bin, at the middle of it: rates per second, or shares of those that ended. */
interface Sample extends Record<(typeof KEYS)[number] | 'offered', number> {
  readonly x: number
}

function draw(row: Row, marks: Marks, { run, size, runs, selection }: Subject): void {
  const binning = rowBinning(run, size, selection.span)
  const bins = binsOf(run, binning.buckets)
  const x = timeScale(size, selection.span)
  const first = binning.first / binning.buckets
  const samples = samplesOf(run, bins, { first, last: first + binning.count, x })
  const top = asShares.value ? 1 : sharedTop(runs, binning.buckets)
  const y = scaleLinear([0, top], [size.height, 1])
  drawLayers(marks, samples, y)
  const offered = line<Sample>(
    ({ x }) => x,
    (sample) => y(sample.offered),
  ).digits(1)
  setAll(marks.offered, { d: asShares.value ? '' : (offered(samples) ?? '') })
  drawVeil(marks.cover, run, size, selection.span)
  annotate(marks, run, size, x)
  setText(row.unit, asShares.value ? '% of ended' : 'per second')
  row.label.classList.toggle('low', size.height < LOW)
  row.scale.replaceChildren(...scaleMarks(y, top))
  row.describe(sentence(run, bins))
}

/** The highest rate of both variants over the whole run: A and B share a scale, and panning never changes it. */
function sharedTop(runs: Runs, buckets: number): number {
  const tops = SIDES.flatMap((side) => {
    const run = runs[side]
    return run ? [topRate(run, binsOf(run, buckets))] : []
  })
  return Math.max(1e-9, ...tops) * 1.04
}

interface Part {
  readonly first: number
  /** Behind the last. */
  readonly last: number
  readonly x: ScaleLinear<number, number>
}

/** Samples of the bins that are drawn, and of one more on either side; the outer half bins of a run are level. */
function samplesOf(run: VariantRun, bins: Bins, { first, last, x }: Part): Sample[] {
  const samples: Sample[] = []
  for (let bin = Math.max(0, first - 1); bin < Math.min(bins.count, last + 1); bin++) {
    const { from, until } = binSpan(run, bins, bin)
    const sample = sampleOf(run, bins, bin)
    if (bin === 0) samples.push({ ...sample, x: x(0) })
    samples.push({ ...sample, x: x((from + until) / 2) })
    if (bin === bins.count - 1) samples.push({ ...sample, x: x(run.layout.duration) })
  }
  return samples
}

function sampleOf(run: VariantRun, bins: Bins, bin: number): Sample {
  const per = asShares.value ? Math.max(1, bins.ended[bin]!) : binSeconds(run, bins, bin)
  const { sums } = bins
  const value = (metric: keyof typeof sums): number => sums[metric][bin]! / per
  return {
    x: 0,
    offered: value('offered'),
    ok: value('ok'),
    slow: value('slow'),
    degraded: value('degraded'),
    refused: value('refused'),
    failed: value('failed'),
  }
}

function drawLayers(marks: Marks, samples: readonly Sample[], y: (value: number) => number): void {
  const only = isolated.value
  const shown = LAYERS.filter(([, hue]) => only === undefined || hue === only)
  const layers = stack<Sample>().keys(shown.map(([key]) => key))([...samples])
  const shape = area<[number, number]>()
    .x((_, at) => samples[at]!.x)
    .y0(([low]) => y(low))
    .y1(([, high]) => y(high))
    .digits(1)
  for (const key of KEYS) {
    const layer = layers.find((one) => one.key === key)
    const isEmpty = !layer || samples.every((sample) => sample[key] === 0)
    const path = isEmpty ? '' : (shape(layer as unknown as [number, number][]) ?? '')
    setAll(marks.areas.get(key)!, { d: path })
    const hatch = marks.hatches.get(key)
    if (hatch) setAll(hatch, { d: path })
  }
}

function scaleMarks(y: ScaleLinear<number, number>, top: number): HTMLElement[] {
  const text = (value: number): string => {
    if (asShares.value) return wholePercent(value)
    return value ? `${digits(value, 3)}/s` : '0'
  }
  const ticks = asShares.value ? [0, 1] : y.ticks(2).filter((tick) => tick <= top)
  const marks = ticks.map((tick) => scaleMark(Math.max(6, Math.min(y(0) - 5, y(tick))), text(tick)))
  return y(0) > 24 ? marks : marks.slice(-1)
}

/** Below this height the label has no room for a unit. */
const LOW = 38

/** Half the width of a letter of the note, in pixels, rounded up. */
const HALF_LETTER = 3.5

/** Says on the row how it went on after the fault, and how many had no answer at its end. */
function annotate(marks: Marks, run: VariantRun, size: Size, x: ScaleLinear<number, number>): void {
  const { width, height } = size
  const fared = run.isDone ? standing(run) : undefined
  const { duration } = run.layout
  const from = fared?.faultEnd ?? 0
  const isWide = width > 420
  const end = x(duration)
  marks.note.textContent = isWide && fared ? noteOf(fared, from) : ''
  const half = marks.note.textContent.length * HALF_LETTER
  setAll(marks.note, { x: Math.min(x((from + duration) / 2), end - half), y: height / 2 + 4 })
  const open = run.isDone ? (run.result?.requests.unfinished ?? 0) : 0
  marks.rest.textContent = isWide && open > 0 ? `${plural(open, 'request')} without an answer` : ''
  setAll(marks.rest, { x: end - 4, y: height - 5, display: height > 44 ? 'inline' : 'none' })
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

function sentence({ layout, result }: VariantRun, bins: Bins): string {
  const head = `Requests per second over ${moment(layout.duration, 0)} in variant ${layout.variant}`
  const most = (max(bins.sums.offered) ?? 0) / (bins.width / 1e9)
  const top = `at most ${count(most)} offered per second`
  if (!result) return `${head}: ${top}; still being computed.`
  const { offered, ok, degraded, failedFast, failed, unfinished } = result.requests
  const share = (part: number): string => percent(offered === 0 ? 0 : part / offered)
  return (
    `${head}: ${top}. Of ${count(offered)} requests ${share(ok + degraded)} were served, ` +
    `${share(failedFast)} failed fast, ${share(failed)} failed, ${count(unfinished)} had no answer yet.`
  )
}

/** All bins of the run, as wide as they are drawn. */
function tableOf(run: VariantRun, buckets: number): Table {
  const bins = binsOf(run, buckets)
  const rows = Array.from({ length: bins.count }, (_, bin) => {
    const sample = sampleOfRates(run, bins, bin)
    return [binSpan(run, bins, bin).from / 1e9, ...sample, bins.sums.waiting[bin]!]
  })
  return {
    caption: sentence(run, bins),
    columns: [
      'from (s)',
      'offered (1/s)',
      'served in time (1/s)',
      'slow (1/s)',
      'degraded (1/s)',
      'failed fast (1/s)',
      'failed (1/s)',
      'under way at the end (requests)',
    ],
    rows,
  }
}

function sampleOfRates(run: VariantRun, bins: Bins, bin: number): number[] {
  const seconds = binSeconds(run, bins, bin)
  const metrics = ['offered', ...KEYS] as const
  return metrics.map((metric) => Number((bins.sums[metric][bin]! / seconds).toPrecision(6)))
}
