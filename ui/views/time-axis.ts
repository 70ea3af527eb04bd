/** The shared time axis: ruler, fault bands and one cursor across all rows. It is the scrubber. */
import { scaleLinear } from 'd3'
import { el, setAll, setText, svg } from '../dom.ts'
import { firstTroubles, serviceAt } from '../facts/health.ts'
import { servedAt } from '../facts/window.ts'
import { moment, wholePercent } from '../format.ts'
import type { Runs, VariantRun } from '../runs.ts'
import { askSeek, type Selection } from '../selection.ts'
import { SIDES } from '../state.ts'
import { drawing, type Size, type View } from '../view.ts'

/** Lies over the whole stack; only the part over the plots hears the pointer. */
export const timeAxis: View = {
  create(host) {
    const parts = createParts(host)
    let duration = 1
    let bucket = 1
    let now = 0
    const seek = (time: number): void => {
      now = Math.min(duration - bucket, Math.max(0, Math.round(time / bucket) * bucket))
      askSeek(host, now)
    }
    listen(parts.field, {
      at: (share) => seek(share * duration),
      by: (steps) => seek(now + steps * bucket),
    })
    return drawing(parts.field, {
      paint(size, runs) {
        const run = runs.A ?? runs.B
        if (!run) return
        ;({ duration, bucket } = run.layout)
        setAll(parts.field, { 'aria-valuemax': duration / 1e9 })
        drawRuler(parts, run, size)
      },
      seek(size, runs, selection) {
        now = selection.time
        moveCursor(parts, size, runs, selection, duration)
      },
    })
  },
}

type Parts = ReturnType<typeof createParts>

function createParts(host: HTMLElement) {
  const ruler = svg('svg', { class: 'ruler', 'aria-hidden': 'true' })
  const bands = svg('svg', { class: 'bands', 'aria-hidden': 'true' })
  const chip = el('span', { class: 'chip' })
  const cursor = el('div', { class: 'cursor', 'aria-hidden': 'true', hidden: true }, chip)
  const field = el(
    'div',
    {
      class: 'field',
      id: 'cursor',
      role: 'slider',
      tabindex: 0,
      'aria-label': 'Time',
      'aria-orientation': 'horizontal',
      'aria-valuemin': 0,
    },
    ruler,
    bands,
    cursor,
  )
  host.replaceChildren(field)
  return { ruler, bands, chip, cursor, field }
}

/** Steps of the keys, in buckets; `Shift` makes ten of one. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -50,
  PageUp: 50,
  Home: -Infinity,
  End: Infinity,
}

interface Seeking {
  /** Goes to a share of the run. */
  at(share: number): void
  /** Moves by so many buckets. */
  by(steps: number): void
}

function listen(field: HTMLElement, { at, by }: Seeking): void {
  const point = (event: PointerEvent): void => {
    const { left, width } = field.getBoundingClientRect()
    at((event.clientX - left) / width)
  }
  field.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return
    field.setPointerCapture(event.pointerId)
    point(event)
  })
  field.addEventListener('pointermove', (event) => {
    if (field.hasPointerCapture(event.pointerId)) point(event)
  })
  field.addEventListener('keydown', (event) => {
    const steps = STEPS[event.key]
    if (steps === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    by(event.shiftKey ? steps * 10 : steps)
  })
}

function drawRuler({ ruler, bands }: Parts, { layout }: VariantRun, size: Size): void {
  const { duration, faults } = layout
  const x = scaleLinear([0, duration / 1e9], [0, size.width])
  const ticks = x.ticks(Math.max(2, Math.min(12, Math.round(size.width / 60))))
  const lines = ticks.map((tick) => svg('line', { x1: x(tick), x2: x(tick), y2: size.height - 26 }))
  const spans = faults
    .slice(0, 40)
    .map(({ from, until }) => [x(from / 1e9), x(until / 1e9)] as const)
  const chips = united(spans)
  const labels = ticks.flatMap((tick) => {
    const isLast = tick === ticks.at(-1)
    if (chips.some(([from, to]) => isUnder(x(tick), isLast, from, to))) return []
    const text = svg('text', { x: x(tick), y: 18, 'text-anchor': isLast ? 'end' : 'middle' })
    text.append(isLast ? `${tick} s` : String(tick))
    return [text]
  })
  const marks = chips.map(([from, to]) => faultChip(from, to))
  ruler.replaceChildren(svg('g', { class: 'grid' }, ...lines), ...labels, ...marks)
  const rects = spans.map(([from, to]) => faultBand(from, Math.max(1, to - from), size.height))
  bands.replaceChildren(...rects)
}

/** Stretches that touch or overlap, as one. */
function united(spans: readonly (readonly [number, number])[]): [number, number][] {
  const found: [number, number][] = []
  for (const [from, to] of spans.toSorted(([a], [b]) => a - b)) {
    const last = found.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else found.push([from, to])
  }
  return found
}

/** Whether the number of a tick would be covered by a chip, in part or in full. */
function isUnder(tick: number, isLast: boolean, from: number, to: number): boolean {
  const [left, right] = isLast ? [36, 0] : [12, 12]
  return tick + right > from && tick - left < Math.max(to, from + 4)
}

function faultBand(x: number, width: number, height: number): SVGElement {
  const box = { x, width, y: 26, height: Math.max(0, height - 26) }
  const hatch = svg('rect', { fill: 'url(#hatch-fault)', ...box })
  return svg('g', {}, svg('rect', { class: 'band', ...box }), hatch)
}

function faultChip(from: number, to: number): SVGElement {
  const width = Math.max(4, to - from)
  const chip = svg('rect', { class: 'fault-chip', x: from, y: 6, width, height: 17, rx: 4 })
  const text = svg('text', { class: 'fault-word', x: from + width / 2, y: 18.5 })
  setAll(text, { 'text-anchor': 'middle' })
  if (width > 34) text.append('fault')
  return svg('g', {}, chip, text)
}

function moveCursor(
  { cursor, chip, field }: Parts,
  size: Size,
  runs: Runs,
  { time }: Selection,
  duration: number,
): void {
  if (!runs.A && !runs.B) return
  cursor.hidden = false
  const x = (time / duration) * size.width
  cursor.style.transform = `translateX(${x.toFixed(1)}px)`
  const half = 26
  const shift = Math.max(half - 8 - x, Math.min(0, size.width + 40 - half - x))
  chip.style.transform = `translateX(calc(-50% + ${shift.toFixed(1)}px))`
  const short = duration < 20e9
  setText(chip, moment(time, short ? 2 : 1))
  setAll(field, { 'aria-valuenow': time / 1e9, 'aria-valuetext': spoken(runs, time) })
}

/** `62.0 seconds. A: 33 percent served, ledger-db failing. B: 100 percent served.` */
function spoken(runs: Runs, time: number): string {
  const told = SIDES.flatMap((side) => {
    const run = runs[side]
    if (!run) return []
    const [worst] = firstTroubles(run).filter((trouble) => trouble.time <= time)
    const health = worst ? serviceAt(run, worst.name, time).health : 'ok'
    const also = worst && health !== 'ok' ? `, ${worst.name} ${health}` : ''
    return `${side}: ${wholePercent(servedAt(run, time)).replace(/\s*%/, ' percent')} served${also}.`
  })
  return [`${(time / 1e9).toFixed(1)} seconds.`, ...told].join(' ')
}
