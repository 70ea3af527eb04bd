/** Response time by percentile, on an axis of nines: A dashed, B solid, and between them the difference. */
import { el, setAll, setText, svg } from '../dom.ts'
import {
  axisMarks,
  between,
  censored,
  curvePaths,
  placesFor,
  type Places,
} from '../draw/percentile-plot.ts'
import { limitLine } from '../draw/limit-line.ts'
import { hoverMarks, labels } from '../draw/percentile-labels.ts'
import { shareAt } from '../facts/curve.ts'
import { distributions, meeting, type Both, type Look } from '../facts/percentiles.ts'
import { plotSentence, plotTable, readout } from '../facts/percentile-words.ts'
import { explain } from '../hint.ts'
import type { Runs } from '../runs.ts'
import type { Selection } from '../selection.ts'
import { SIDES } from '../state.ts'
import { drawing, type Size, type View } from '../view.ts'

/** Where the objective line stands when the file promises nothing, ns. */
const SOME_LIMIT = 1e9
const HELP =
  'Response time from the moment a request was meant to start (open loop), so waiting for a slow system counts'
/** Nines that an arrow key moves by. */
const STEP = 0.1

/** Both variants in one picture. */
export const percentileCurves: View = {
  create(host) {
    const parts = createParts(host)
    const scene: Scene = { limit: undefined, asked: undefined, share: undefined }
    const draw = (size: Size, runs: Runs, selection: Selection): void =>
      paint(parts, scene, size, runs, selection)
    const made = drawing(parts.plot, {
      paint: () => {},
      seeds: draw,
      table: (runs, { range }) => plotTable(runs, lookOf(parts, range)),
    })
    listen(parts, scene, () => made.repaint())
    return made
  },
}

/** What this view remembers of its own. */
interface Scene {
  /** The objective line, ns; undefined: as the file has it. */
  limit: number | undefined
  /** The promise of the file that the line began with. */
  asked: number | undefined
  /** The percentile that is read off, 0..1. */
  share: number | undefined
  places?: Places
}

type Parts = ReturnType<typeof createParts>

function createParts(host: HTMLElement) {
  const failures = el('input', { type: 'checkbox', id: 'with-failures' })
  const tail = el('input', { type: 'checkbox', id: 'as-tail' })
  const boxes = [
    el('label', { class: 'check', for: 'with-failures' }, failures, 'with failures'),
    el('label', { class: 'check', for: 'as-tail', title: TAIL_HELP }, tail, 'tail'),
  ]
  const title = explain(el('h2', {}, 'Response time'), HELP)
  const picture = svg('svg', { class: 'marks', role: 'img' })
  const field = el('div', {
    class: 'read-off',
    role: 'slider',
    tabindex: 0,
    'aria-label': 'Percentile',
    'aria-valuemin': 0,
    'aria-valuemax': 100,
  })
  const line = limitLine()
  const plot = el('div', { class: 'chart' }, picture, field, line)
  const below = el('p', { class: 'small read-out' })
  host.replaceChildren(el('header', {}, title, boxes), plot, below)
  return { failures, tail, picture, field, line, plot, below }
}

const TAIL_HELP = 'Share of the requests that took longer than a time, both on log scales'

function lookOf({ failures }: Parts, range: Look['range']): Look {
  return { withFailures: failures.checked, range }
}

function paint(parts: Parts, scene: Scene, size: Size, runs: Runs, { range }: Selection): void {
  const { picture, field, line, below, tail } = parts
  const look = lookOf(parts, range)
  const both = distributions(runs, look)
  const points = SIDES.flatMap((side) => both[side]?.points ?? [])
  field.hidden = line.hidden = points.length === 0
  if (points.length === 0) return picture.replaceChildren()
  const limit = limitOf(scene, runs)
  const places = placesFor(points, limit, tail.checked ? 'tail' : 'percentiles', size)
  scene.places = places
  picture.replaceChildren(
    ...marksOf(both, places),
    ...labels(both, places, runs, look),
    ...hoverMarks(both, scene.share, places),
  )
  setAll(picture, { 'aria-label': plotSentence(both, runs, look) })
  const shares = SIDES.map((side) => meeting(runs[side], limit, range))
  const marks = SIDES.flatMap((side) => both[side]?.p99 ?? [])
  line.show(limit, places, shares, marks)
  const said = readout(both, scene.share, runs, look)
  setText(below, said)
  const share = scene.share ?? 0.99
  setAll(field, { 'aria-valuenow': Number((share * 100).toPrecision(5)), 'aria-valuetext': said })
}

function limitOf(scene: Scene, { opened }: Runs): number {
  const asked = opened?.scenario.objective.p99 ?? SOME_LIMIT
  if (scene.asked !== asked) Object.assign(scene, { asked, limit: undefined })
  return scene.limit ?? asked
}

function marksOf({ A, B }: Both, places: Places): SVGElement[] {
  return [
    axisMarks(places),
    ...(A && B ? between(A.points, B.points, places) : []),
    ...(A ? curvePaths(A.points, 'line-A', places) : []),
    ...(B ? curvePaths(B.points, 'line-B', places) : []),
    ...(A ? censored('A', A, places) : []),
    ...(B ? censored('B', B, places) : []),
  ]
}

function listen(parts: Parts, scene: Scene, repaint: () => void): void {
  const { failures, tail, field, line, plot } = parts
  for (const box of [failures, tail]) box.addEventListener('change', repaint)
  const at = (event: PointerEvent): readonly [number, number] => {
    const { left, top } = plot.getBoundingClientRect()
    return [event.clientX - left, event.clientY - top]
  }
  const read = (share: number | undefined): void => {
    scene.share = share
    repaint()
  }
  for (const kind of ['pointermove', 'pointerdown'] as const) {
    field.addEventListener(kind, (event) => {
      if (scene.places) read(scene.places.shareUnder(...at(event)))
    })
  }
  // What a finger has touched stays; there is no other way to hold it.
  field.addEventListener('pointerleave', ({ pointerType }) => {
    if (pointerType === 'mouse') read(undefined)
  })
  field.addEventListener('keydown', (event) => readByKey(event, scene, read))
  line.onMove((next) => {
    scene.limit =
      typeof next === 'function' ? next(scene.limit ?? scene.asked!) : limitAt(scene, at(next))
    repaint()
  })
}

function limitAt({ places, limit }: Scene, at: readonly [number, number]): number | undefined {
  return places ? Number(places.latencyUnder(...at).toPrecision(2)) : limit
}

function readByKey(
  event: KeyboardEvent,
  { share = 0.99 }: Scene,
  read: (share?: number) => void,
): void {
  const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key]
  if (event.key === 'Escape') read()
  if (way === undefined) return
  event.preventDefault()
  const nines = -Math.log10(1 - share) + way * STEP * (event.shiftKey ? 5 : 1)
  read(shareAt(Math.min(5, Math.max(0.05, nines))))
}
