/** What the plan of a topology depends on, and the plan when that has changed. */
import { placesOf, isPlaced, type Place, type Shape } from '../draw/graph.ts'
import { planOf, type Brief, type Plan } from '../draw/plan.ts'
import { circuitsAt } from '../facts/edges.ts'
import { CROWD, firstFocus, foldingOf, type Focus, type Folding } from '../facts/folding.ts'
import { everTroubled, longestNotes, type Detail } from '../facts/topology-now.ts'
import type { Runs, VariantRun } from '../runs.ts'
import type { Selection } from '../selection.ts'
import type { Size } from '../view.ts'
import type { Letters } from './letters.ts'
import type { Sharing } from './topology-sharing.ts'

/** Pixels of a line of text to those of its letters. */
const LEADING = 1.18

/** A picture that could be drawn. */
export interface Drawn {
  /** Changes whenever the plan would. */
  readonly key: string
  readonly focus: Focus
  readonly folding: Folding
  readonly troubled: ReadonlyMap<string, number>
  /** Services in the system. */
  readonly nodes: number
  /** All services, when the file does not say where they stand. */
  readonly computed: readonly Place[]
  readonly detail: Detail
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
  readonly letters: Letters
}

/** Gathers what a plan depends on; the plan itself is made when it is asked for. */
export function planFor(wanted: Wanted): Drawn {
  const { runs, run, selection, sharing } = wanted
  const shape = shapeOf(runs, run, sharing)
  const isGiven = isPlaced(shape)
  const positions = isGiven ? undefined : sharing.layouts.of(shape, () => sharing.tell())
  const places = placesOf(shape, positions)
  const troubled = everTroubled([runs.A, runs.B])
  const interest = { troubled: new Set(troubled.keys()), chosen: selection.service }
  const focus = sharing.focus ?? firstFocus(run.layout)
  const folding = foldingOf(focus, run.layout, interest)
  const system = `${run.layout.scenario} ${positions ? 'computed' : 'given'}`
  const extent = sharing.extentFor(system, places.values())
  const brief = briefOf(wanted, { places, folding, troubled, extent })
  return {
    key: JSON.stringify(brief, asPlain),
    focus,
    folding,
    troubled,
    line: brief.line,
    detail: detailOf(run, wanted.size),
    nodes: run.layout.services.length,
    computed: isGiven ? [] : [...places.values()].filter(({ isLoad }) => !isLoad),
    plan: () => planOf(brief),
  }
}

/** Pixels of a picture from which many services have room for more than their names. */
const WIDE = 400

/** What there is room for below a name. */
function detailOf({ layout }: VariantRun, { width }: Size): Detail {
  if (layout.services.length <= CROWD) return 'all'
  return width < WIDE ? 'none' : 'since'
}

function briefOf(
  { size, run, selection: { service }, sharing, letters }: Wanted,
  {
    troubled,
    ...found
  }: Pick<Brief, 'places' | 'folding' | 'extent'> & { troubled: ReadonlyMap<string, number> },
): Brief {
  const { edges } = run.layout
  const circuits = edges.filter(({ name }) => circuitsAt(run, name).length > 0)
  const notes = [...troubled].map(
    ([name, most]) => [name, longestNotes(most, detailOf(run, size))] as const,
  )
  return {
    ...found,
    edges,
    troubled: new Map(notes),
    labelled: new Set(service === undefined ? [] : [service]),
    circuits: new Set(circuits.map(({ name }) => name)),
    room: size,
    measure: letters.measure,
    line: Math.round(letters.size * LEADING),
    zoom: sharing.zoom,
  }
}

/** Maps and sets as lists, so that two briefs can be compared as text. */
function asPlain(_: string, value: unknown): unknown {
  return value instanceof Map || value instanceof Set ? [...value] : value
}

/** Positions are those of the file as it reads now; a run knows only those it was begun with. */
function shapeOf({ opened }: Runs, { layout }: VariantRun, { moves }: Sharing): Shape {
  const services = layout.services.map(({ name, at }) => {
    const known = opened?.scenario.services[name]
    return { name, at: moves.get(name) ?? (known ? known.at : at) }
  })
  return { services, loads: layout.loads, edges: layout.edges }
}
