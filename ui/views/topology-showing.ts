/** What a topology shows at a moment: facts of one run, or B minus A, put into marks and words. */
import type { Dots } from '../draw/dot-layer.ts'
import type { EdgePlan } from '../draw/edge-furniture.ts'
import type { Plan } from '../draw/plan.ts'
import type { Light, Showing } from '../draw/scene.ts'
import { setAll, setText } from '../dom.ts'
import { caption } from '../facts/caption.ts'
import { pathTo, pathWords, type Path } from '../facts/cascade.ts'
import { knownCauses } from '../facts/known-causes.ts'
import { changeOf, type Change } from '../facts/change.ts'
import { circuitState } from '../facts/edges.ts'
import { inFocus } from '../facts/folding.ts'
import { changeRibbon } from '../draw/edge-layer.ts'
import type { ServiceNow } from '../facts/health.ts'
import { notesOf, serviceWords, topologyNow, type TopologyNow } from '../facts/topology-now.ts'
import { lookedAt, type Stretch } from '../facts/window.ts'
import type { Runs, VariantRun } from '../runs.ts'
import type { Selection } from '../selection.ts'
import type { Side } from '../state.ts'
import { sentence, type Parts } from './topology-parts.ts'
import type { Drawn } from './topology-plan.ts'
import type { Sharing } from './topology-sharing.ts'

/** What has been read of the runs. */
export interface Reading {
  readonly side: Side
  readonly run: VariantRun
  readonly stretch: Stretch
  readonly now: TopologyNow
  /** B minus A, when that is drawn. */
  readonly change: Change | undefined
}

/** Reads the runs again when another stretch is looked at. */
export function readingOf(
  runs: Runs,
  side: Side,
  selection: Selection,
  before: Reading | undefined,
): Reading {
  const run = runs[side]!
  const stretch = lookedAt(run, selection)
  if (before?.stretch.from === stretch.from && before.stretch.to === stretch.to) return before
  const now = topologyNow(run, selection)
  const { A, B } = runs
  const change = selection.isDifference && A && B ? changeOf(A, B, selection) : undefined
  return { side, run, stretch, now, change }
}

/** How trouble came to what is pointed at, or else to what is chosen. */
function pathOf({ run, now }: Reading, { service }: Selection, sharing: Sharing): Path | undefined {
  const asked = sharing.pointed.service ?? service
  return asked === undefined ? undefined : pathTo(run, asked, now.until, knownCauses)
}

/** What is lit up: a path, or what the focus is about. */
function lightOf(
  reading: Reading,
  selection: Selection,
  sharing: Sharing,
  { focus, troubled, folding }: Drawn,
): Light | undefined {
  const path = pathOf(reading, selection, sharing)
  if (path)
    return { services: new Set(path.steps.map(({ service }) => service)), edges: path.edges }
  const { layout } = reading.run
  if (folding.folds.length > 0) return undefined
  const interest = { troubled: new Set(troubled.keys()), chosen: selection.service }
  const wanted = inFocus(focus, layout, interest)
  if (!wanted) return undefined
  const edges = layout.edges.filter(({ from, to }) => wanted.has(from) && wanted.has(to))
  return { services: wanted, edges: new Set(edges.map(({ name }) => name)) }
}

/** The marks of a reading. */
export function showingOf(
  reading: Reading,
  selection: Selection,
  sharing: Sharing,
  drawn: Drawn,
): Showing {
  const { run, now, change } = reading
  const light = lightOf(reading, selection, sharing, drawn)
  const order = new Map(now.troubles.map(({ name }, at) => [name, at + 1]))
  return {
    now,
    light,
    marked: sharing.pointed.edge ?? selection.edge,
    circuitAt: (edge) => circuitState(run, edge, now.until),
    ...(change && { ribbon: ({ name }) => changeRibbon(change.edges.get(name) ?? 0) }),
    newsOf: (name) => ({
      now: change ? atRest(now.services.get(name)!) : now.services.get(name)!,
      order: change ? 0 : (order.get(name) ?? 0),
      notes: change ? (change.notes.get(name) ?? []) : notesOf(run, now, name, drawn.detail),
      hasFault: now.hit.has(name),
      isChosen: selection.service === name,
      isDim: light !== undefined && !light.services.has(name),
      isNamed: selection.service === name || sharing.pointed.service === name,
    }),
  }
}

/** A difference has no state of its own: neither that of A nor that of B is drawn. */
function atRest(service: ServiceNow): ServiceNow {
  return { ...service, health: 'ok', waiting: 0, busy: 0 }
}

/** The dots of an edge; none where a difference is drawn. */
export function dotsOf(
  { run, now, change }: Reading,
  { time, range }: Selection,
  isStill: boolean,
): (edge: EdgePlan) => Dots | undefined {
  if (change) return () => undefined
  if (!range && !isStill) return () => ({ kind: 'moving', run, time })
  return ({ name }) => {
    const edge = now.edges.get(name)
    return edge && { kind: 'standing', now: edge }
  }
}

/** The words around the picture, and those for who does not see it. */
export function describe(
  parts: Parts,
  reading: Reading,
  selection: Selection,
  sharing: Sharing,
  plan: Plan,
): void {
  const { run, now, change } = reading
  const path = change ? undefined : pathOf(reading, selection, sharing)
  const told = change ? change.words : caption(run, selection)
  setText(parts.below, path ? pathWords(path) : told)
  setAll(parts.paper.picture, { 'aria-label': sentence(reading, selection) })
  const names = [...plan.nodes.keys()].filter((name) => now.services.has(name))
  const wordsOf = (name: string): string =>
    change
      ? `${name}, B − A (1 seed): ${change.notes.get(name)?.join(', ') ?? 'about the same'}`
      : serviceWords(run, now, name)
  parts.tell(new Map(names.map((name) => [name, wordsOf(name)])), reading, selection)
}
