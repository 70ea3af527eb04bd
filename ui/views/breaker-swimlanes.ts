/** A lane for each state signal that ever moved, such as a circuit: a line while at rest, a box in any other state. */
import { el, setAll, setText, sideTag, svg } from '../dom.ts'
import { onPick, pointIn, type Point } from '../draw/point.ts'
import { timeRow } from '../draw/row.ts'
import { rowBinning, timeScale } from '../draw/time-scale.ts'
import { drawVeil, veil } from '../draw/veil.ts'
import { limitOf, type Limit } from '../facts/circuit-limit.ts'
import {
  allWords,
  circuitsOf,
  circuitsSentence,
  circuitWords,
  failedProbes,
  folded,
  nothingMoved,
  placeName,
  stayAt,
  type Circuit,
  type Folded,
} from '../facts/circuits.ts'
import type { Table } from '../facts/table.ts'
import { words } from '../format.ts'
import type { Runs } from '../runs.ts'
import { askSeek, type Span } from '../selection.ts'
import { drawing, type Size, type View } from '../view.ts'

/** Least height of a lane, in pixels. */
const LANE = 11

/** Outcome hues of words that people know; others are neutral. */
const HUES: Readonly<Record<string, string>> = { open: 'fast', 'half-open': 'slow' }

/** One row for all lanes of both variants. */
export const breakerSwimlanes: View = {
  create(host) {
    const row = timeRow(host, '', '')
    row.label.classList.add('lanes')
    const pointed = pointIn(row.plot)
    let circuits: Circuit[] = []
    let lanes: LaneScene[] = []
    let height = 1
    const laneAt = ({ y }: Point): LaneScene | undefined =>
      lanes[Math.floor((y / height) * lanes.length)]
    onPick(row.plot, (point) => {
      const lane = laneAt(point)
      const stay = lane && stayAt(lane.circuit, point.time)
      if (stay && stay.word !== lane.circuit.words[0]) askSeek(row.plot, stay.from)
    })
    return drawing(row.plot, {
      paint(size, runs, { span }) {
        ;({ height } = size)
        circuits = circuitsOf(runs)
        const fold = folded(circuits, Math.floor(height / LANE))
        lanes = fold.shown.map((circuit) => ({ circuit, limit: limitOf(runs, circuit) }))
        row.label.replaceChildren(...labels(fold, circuits, runs))
        row.svg.replaceChildren(...drawLanes(lanes, size, span), ...covers(lanes, size, span))
        row.describe(circuitsSentence(circuits))
      },
      seek(size, _, selection) {
        row.readout(size, selection, (time) => {
          const point = pointed()
          const lane = point && laneAt(point)
          return lane ? circuitWords(lane.circuit, time, lane.limit) : allWords(circuits, time)
        })
      },
      table: () => tableOf(circuits),
    })
  },
}

interface LaneScene {
  readonly circuit: Circuit
  readonly limit: Limit | undefined
}

function labels({ shown, rest }: Folded, circuits: readonly Circuit[], runs: Runs): HTMLElement[] {
  if (!runs.A && !runs.B) return []
  if (shown.length === 0) return [el('small', { class: 'no-lanes' }, nothingMoved(circuits))]
  return shown.map((circuit, at) => {
    const isNew = shown[at - 1]?.side !== circuit.side
    const isLast = at === shown.length - 1
    const name = `⌁ ${placeName(circuit)}`
    const title = `${words(circuit.unit.use)} ${circuit.unit.place}`
    const more = isLast && rest !== '' ? el('em', { title: rest }, `+ ${rest}`) : undefined
    const text = el('small', { title }, name, more && ' ', more)
    return el('span', { class: 'lane' }, isNew ? sideTag(circuit.side) : el('i'), text)
  })
}

function covers(lanes: readonly LaneScene[], size: Size, span: Span): SVGElement[] {
  const running = lanes.map(({ circuit }) => circuit.run).toSorted((a, b) => a.filled - b.filled)[0]
  if (!running || running.isDone) return []
  const cover = veil()
  drawVeil(cover, running, size, span)
  return [cover]
}

function drawLanes(lanes: readonly LaneScene[], size: Size, span: Span): SVGGElement[] {
  const step = size.height / Math.max(1, lanes.length)
  return lanes.map((lane, at) => {
    const room = { y: step * at, height: step }
    return svg(
      'g',
      { class: 'lane' },
      drawStays(lane.circuit, room, size, span),
      drawProbes(lane.circuit, room, size, span),
      drawShare(lane, room, size, span),
    )
  })
}

interface Room {
  readonly y: number
  readonly height: number
}

function drawStays(
  { stays, words: states }: Circuit,
  room: Room,
  size: Size,
  span: Span,
): SVGElement[] {
  const x = timeScale(size, span)
  const half = Math.min(6, room.height / 2 - 1)
  const middle = room.y + room.height / 2
  return stays.flatMap(({ word, from, until }) => {
    if (until < span.from || from > span.until) return []
    const [left, right] = [Math.max(-4, x(from)), Math.min(size.width + 4, x(until))]
    if (word === states[0]) {
      return [svg('line', { class: 'rest', x1: left, x2: right, y1: middle, y2: middle })]
    }
    const width = Math.max(2.5, right - left)
    return stayBox(word, { x: left, y: middle - half, width, height: 2 * half })
  })
}

function stayBox(word: string, box: { x: number; y: number; width: number; height: number }) {
  const hue = HUES[word] ?? 'neutral'
  const parts: SVGElement[] = [svg('rect', { class: `stay ${hue}`, rx: 2, ...box })]
  if (hue === 'fast') parts.push(svg('rect', { fill: 'url(#hatch-fast)', rx: 2, ...box }))
  const text = svg('text', { x: box.x + box.width / 2, y: box.y + box.height - 2.5 })
  setAll(text, { class: 'stay-word', 'text-anchor': 'middle' })
  if (hue === 'neutral' && box.width > 50) setText(text, word)
  return [...parts, text]
}

/** A cross where a probe failed and the circuit opened again. */
function drawProbes(circuit: Circuit, { y, height }: Room, size: Size, span: Span): SVGElement[] {
  const x = timeScale(size, span)
  const middle = y + height / 2
  return failedProbes(circuit).map((time) => {
    const at = x(time)
    const d = `M${at - 3} ${middle - 3}L${at + 3} ${middle + 3}M${at - 3} ${middle + 3}L${at + 3} ${middle - 3}`
    return svg('path', { class: 'probe-failed', d })
  })
}

/** Least height of a lane that has room for the hairline of its error share. */
const HAIRLINE = 10

/** The share of failed tries as a hairline from the bottom (none) to the top (all), and the share that opens it. */
function drawShare(
  { circuit: { run }, limit }: LaneScene,
  { y, height }: Room,
  size: Size,
  span: Span,
): SVGElement[] {
  if (!limit || height < HAIRLINE) return []
  const x = timeScale(size, span)
  const { first, buckets, count } = rowBinning(run, size, span)
  const level = (share: number): number => y + 1 + (height - 2) * (1 - share)
  let path = ''
  let isDown = false
  for (let bin = 0; bin <= count; bin++) {
    const time = (first + bin * buckets) * run.layout.bucket
    const { share } = limit.before(time)
    const isAnything = share > 0
    if (isAnything) path += `${isDown ? 'L' : 'M'}${x(time).toFixed(1)} ${level(share).toFixed(1)}`
    isDown = isAnything
  }
  const bar = level(limit.threshold)
  const line = svg('line', { class: 'threshold', x1: 0, x2: size.width, y1: bar, y2: bar })
  return path === '' ? [] : [line, svg('path', { class: 'error-share', d: path })]
}

function tableOf(circuits: readonly Circuit[]): Table {
  const rows = circuits.flatMap(({ side, unit, signal, stays }) =>
    stays.map(({ word, from, until }) => [
      side,
      unit.use,
      unit.place,
      signal,
      word,
      from / 1e9,
      until / 1e9,
    ]),
  )
  return {
    caption: circuitsSentence(circuits),
    columns: ['variant', 'pattern', 'place', 'signal', 'state', 'from (s)', 'until (s)'],
    rows,
  }
}
