/** What the plan of a topology depends on, and the plan when that has changed. */
import { placesOf, isPlaced, type Place, type Shape } from '../draw/graph.ts'
import type { Measure } from '../draw/fit.ts'
import { planOf, type Plan } from '../draw/plan.ts'
import { circuitsAt } from '../facts/edges.ts'
import { CROWD, firstFocus, foldingOf, type Focus, type Folding } from '../facts/folding.ts'
import { everTroubled, longestNotes } from '../facts/topology-now.ts'
import type { Runs, VariantRun } from '../runs.ts'
import type { Selection } from '../selection.ts'
import type { Size } from '../view.ts'
import type { Sharing } from './topology-sharing.ts'

/** Pixels of a line of text to those of its letters. */
const LEADING = 1.18

/** How large text is in the picture. */
export interface Letters {
  readonly measure: Measure
  /** Pixels. */
  readonly size: number
}

/** A picture that could be drawn. */
export interface Drawn {
  /** Changes whenever the plan would. */
  readonly key: string
  readonly focus: Focus
  readonly folding: Folding
  readonly troubled: ReadonlyMap<string, number>
  /** The positions of all services, when they were computed rather than given. */
  readonly computed: readonly Place[] | undefined
  /** Whether there is room to say below a name how many wait. */
  readonly hasRoom: boolean
  /** Height of a line, in pixels. */
  readonly line: number
  plan(): Plan
}

/** What is needed to plan. */
export interface Wanted {
  readonly size: Size
  readonly runs: Runs
  readonly run: VariantRun
  readonly selection: Selection
  readonly sharing: Sharing
  readonly measure: Letters
}

/** Gathers what a plan depends on; the plan itself is made when it is asked for. */
export function planFor({ size, runs, run, selection, sharing, measure }: Wanted): Drawn {
  const shape = shapeOf(runs, run, sharing)
  const computed = isPlaced(shape) ? undefined : sharing.layouts.of(shape, () => sharing.tell())
  const places = placesOf(shape, computed)
  const troubled = everTroubled([runs.A, runs.B])
  const chosen = selection.service
  const focus = sharing.focus ?? firstFocus(run.layout)
  const folding = foldingOf(focus, run.layout, { troubled: new Set(troubled.keys()), chosen })
  const circuits = run.layout.edges.filter(({ name }) => circuitsAt(run, name).length > 0)
  const system = `${run.layout.scenario} ${computed ? 'computed' : 'given'}`
  const extent = sharing.extentFor(system, places.values())
  const hasRoom = run.layout.services.length <= CROWD
  const line = Math.round(measure.size * LEADING)
  const parts = {
    places: [...places.values()],
    edges: run.layout.edges.map(({ name }) => name),
    folds: folding.folds,
    troubled: [...troubled].map(([name, most]) => [name, longestNotes(most, hasRoom)]),
    chosen,
    circuits: circuits.map(({ name }) => name),
    size,
    line,
    extent,
    zoom: sharing.zoom,
  }
  const plan = (): Plan =>
    planOf({
      places,
      edges: run.layout.edges,
      folding,
      troubled: new Map([...troubled].map(([name, most]) => [name, longestNotes(most, hasRoom)])),
      labelled: new Set(chosen === undefined ? [] : [chosen]),
      circuits: new Set(parts.circuits),
      room: size,
      measure: measure.measure,
      line,
      extent,
      zoom: sharing.zoom,
    })
  const given = isPlaced(shape) ? undefined : [...places.values()].filter(({ isLoad }) => !isLoad)
  return {
    key: JSON.stringify(parts),
    focus,
    folding,
    troubled,
    computed: given,
    hasRoom,
    line,
    plan,
  }
}

/** Positions are those of the file as it reads now; a run knows only those it was begun with. */
function shapeOf({ opened }: Runs, { layout }: VariantRun, { moves }: Sharing): Shape {
  const services = layout.services.map(({ name, at }) => {
    const known = opened?.scenario.services[name]
    return { name, at: moves.get(name) ?? (known ? known.at : at) }
  })
  return { services, loads: layout.loads, edges: layout.edges }
}
