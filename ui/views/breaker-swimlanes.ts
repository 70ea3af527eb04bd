/** A lane for each state signal that ever moved, such as a circuit: a line while at rest, a box in any other state. */
import { el, setText, sideTag, setAll, svg } from '../dom.ts'
import { timeRow } from '../draw/row.ts'
import { drawVeil, veil } from '../draw/veil.ts'
import { capitalised, moment, plural, words } from '../format.ts'
import type { Lane, Runs, VariantRun } from '../runs.ts'
import { SIDES, type Side } from '../state.ts'
import { drawing, type Size, type View } from '../view.ts'

/** Most lanes that are drawn; the rest is counted. */
const MOST_LANES = 4

/** Outcome hues of words that people know; others are neutral. */
const HUES: Readonly<Record<string, string>> = { open: 'fast', 'half-open': 'slow' }

/** A stretch in one state. */
interface Stay {
  readonly word: string
  readonly from: number
  readonly to: number
}

/** One row for all lanes of both variants. */
export const breakerSwimlanes: View = {
  create(host) {
    const row = timeRow(host, '', '')
    const label = host.querySelector<HTMLElement>('.row-label')!
    label.classList.add('lanes')
    return drawing(row.plot, {
      paint(size, runs) {
        const lanes = movingLanes(runs)
        const shown = lanes.slice(0, MOST_LANES)
        label.replaceChildren(...labels(shown, lanes.length, runs))
        const step = size.height / Math.max(1, shown.length)
        const drawn = shown.map((lane, at) => drawLane(lane, step * (at + 0.5), step, size))
        const newest = shown[0]?.run
        const cover = veil()
        row.svg.replaceChildren(...drawn, ...(newest ? [cover] : []))
        if (newest) drawVeil(cover, newest, size)
        row.describe(sentence(lanes))
      },
    })
  },
}

interface SideLane extends Lane {
  readonly side: Side
  readonly run: VariantRun
  readonly stays: readonly Stay[]
}

/** Lanes that ever left the state they began in, by the moment they first did. */
function movingLanes(runs: Runs): SideLane[] {
  return SIDES.flatMap((side) => {
    const run = runs[side]
    if (!run) return []
    return run.lanes
      .map((lane) => ({ ...lane, side, run, stays: staysOf(run, lane) }))
      .filter(({ stays }) => stays.length > 1)
      .toSorted((a, b) => a.stays[1]!.from - b.stays[1]!.from)
  })
}

function staysOf(run: VariantRun, { unit, signal, words: states }: Lane): Stay[] {
  const stays: Stay[] = [{ word: states[0] ?? '', from: 0, to: run.now }]
  for (const entered of run.transitions) {
    if (entered.unit !== unit || entered.signal !== signal) continue
    stays[stays.length - 1] = { ...stays.at(-1)!, to: entered.time }
    stays.push({ word: entered.word, from: entered.time, to: run.now })
  }
  return stays
}

function labels(lanes: readonly SideLane[], all: number, runs: Runs): HTMLElement[] {
  if (lanes.length === 0) return [el('small', {}, nothingMoved(runs))]
  return lanes.map((lane, at) => {
    const before = lanes[at - 1]
    const isNew = before?.side !== lane.side
    const place = lane.unit.place.split(' -> ').at(-1)!
    const more = at === lanes.length - 1 && all > lanes.length ? ` +${all - lanes.length}` : ''
    const name = el(
      'small',
      { title: `${words(lane.unit.use)} ${lane.unit.place}` },
      `⌁ ${place}${more}`,
    )
    return el('span', { class: 'lane' }, isNew ? sideTag(lane.side) : el('i'), name)
  })
}

function nothingMoved(runs: Runs): string {
  const lanes = SIDES.flatMap((side) => runs[side]?.lanes ?? [])
  if (!runs.A && !runs.B) return ''
  if (lanes.length === 0) return 'No circuits here'
  return `${plural(lanes.length, 'circuit')}, all ${lanes[0]!.words[0]!}`
}

function drawLane(
  { run, stays, words: states }: SideLane,
  y: number,
  step: number,
  { width }: Size,
): SVGGElement {
  const x = (time: number): number => (time / run.layout.duration) * width
  const group = svg('g', { class: 'lane' })
  const half = Math.min(6, step / 2 - 1)
  for (const { word, from, to } of stays) {
    const isRest = word === states[0]
    const box = { x: x(from), y: y - half, width: Math.max(2, x(to) - x(from)), height: 2 * half }
    if (isRest) group.append(svg('line', { class: 'rest', x1: x(from), x2: x(to), y1: y, y2: y }))
    else group.append(...stayBox(word, box))
  }
  return group
}

function stayBox(word: string, box: { x: number; y: number; width: number; height: number }) {
  const hue = HUES[word] ?? 'neutral'
  const parts: SVGElement[] = [svg('rect', { class: `stay ${hue}`, rx: 2, ...box })]
  if (hue === 'fast') parts.push(svg('rect', { fill: 'url(#hatch-fast)', rx: 2, ...box }))
  const title = svg('title')
  setText(title, word)
  parts[0]!.append(title)
  const word2 = svg('text', { x: box.x + box.width / 2, y: box.y + box.height - 2.5 })
  setAll(word2, { class: 'stay-word', 'text-anchor': 'middle' })
  if (hue === 'neutral' && box.width > 50) word2.append(word)
  return [...parts, word2]
}

function sentence(lanes: readonly SideLane[]): string {
  if (lanes.length === 0) return 'No pattern changed its state.'
  const told = lanes.slice(0, 6).map(({ side, unit, stays }) => {
    const moves = stays.slice(1).map(({ word, from }) => `${word} at ${moment(from)}`)
    const shown = moves.slice(0, 4).join(', ')
    return `${side}, ${words(unit.use)} ${unit.place}: ${shown}${moves.length > 4 ? ' …' : ''}.`
  })
  return capitalised(told.join(' '))
}
