/** What stands on an edge of the topology: attempts per call where they are many, and the switch of its circuit breaker. */
import { setAll, setText, svg } from '../dom.ts'
import type { EdgeNow } from '../facts/edges.ts'
import type { Dot } from './bezier.ts'
import { PILL, SWITCH, type EdgePlan } from './edge-furniture.ts'

/** The marks on one edge. */
export interface EdgeMarks {
  readonly group: SVGGElement
  /** `circuit`: the state of its breaker; undefined: it has none. */
  update(now: EdgeNow, circuit: string | undefined, isDim: boolean): void
}

/** Attempts per call from which they are told. */
const TRIES = 1.25

/** Makes the marks of an edge. */
export function edgeMarks({ curve, gate, pill }: EdgePlan): EdgeMarks {
  const tries = pill && pillMark(pill)
  const circuit = gate === undefined ? undefined : circuitMark(curve.at(gate))
  const group = svg('g', { class: 'edge' }, tries?.group, circuit?.group)
  return {
    group,
    update(now, state, isDim) {
      group.classList.toggle('dim', isDim)
      tries?.update(now.tries >= TRIES && now.rate > 1 ? now.tries : undefined)
      if (state !== undefined) circuit?.update(state)
    },
  }
}

function place({ x, y }: Dot): string {
  return `translate(${x.toFixed(1)},${y.toFixed(1)})`
}

function pillMark(at: Dot) {
  const text = svg('text', { 'text-anchor': 'middle', y: 3.8 })
  const { width, height } = PILL
  const box = svg('rect', { x: -width / 2, y: -height / 2, width, height, rx: height / 2 })
  const title = svg('title', {}, 'Attempts per call')
  const group = svg('g', { class: 'attempts', transform: place(at) }, title, box, text)
  return {
    group,
    update(tries: number | undefined): void {
      setAll(group, { display: tries === undefined ? 'none' : 'inline' })
      if (tries !== undefined) setText(text, `×${tries.toFixed(1)}`)
    },
  }
}

/** A switch: a closed bar, a lever half up, a lever up. */
function circuitMark(at: Dot) {
  const lever = svg('line', { x1: -5, x2: 5 })
  const title = svg('title')
  const { width, height } = SWITCH
  const box = svg('rect', { x: -width / 2, y: -height / 2, width, height, rx: 3 })
  const ends = [svg('circle', { cx: -5, r: 1.5 }), svg('circle', { cx: 5, r: 1.5 })]
  const group = svg('g', { class: 'circuit', transform: place(at) }, title, box, lever, ...ends)
  return {
    group,
    update(state: string): void {
      const lift = state === 'open' ? -5 : state === 'half-open' ? -2.5 : 0
      setAll(group, { class: `circuit ${state}` })
      setAll(lever, { y1: 0, y2: lift, x2: state === 'open' ? 3.5 : 5 })
      setText(title, `circuit ${state}`)
    },
  }
}
