import { readFileSync } from 'node:fs'
import { placesOf } from '../../ui/draw/graph.ts'
import { planOf, type Brief, type Plan } from '../../ui/draw/plan.ts'
import { circuitsAt } from '../../ui/facts/edges.ts'
import { firstFocus, foldingOf, type Focus } from '../../ui/facts/folding.ts'
import { everTroubled, longestNotes } from '../../ui/facts/topology-now.ts'
import type { VariantRun } from '../../ui/runs.ts'
import type { Size } from '../../ui/view.ts'
import { runOf } from './run-of.ts'

/** The text of a scenario. */
export function scenarioText(path: string): string {
  return readFileSync(new URL(`../../scenarios/${path}.yaml`, import.meta.url), 'utf8')
}

/** Both variants of a scenario, under its own seed. */
export function bothOf(text: string): { A: VariantRun; B: VariantRun } {
  return { A: runOf(text, { variant: 'A' }), B: runOf(text, { variant: 'B' }) }
}

/** Rooms of a picture, in pixels: beside another one on a desktop, and on a phone. */
export const DESKTOP: Size = { width: 413, height: 225 }
export const TALL: Size = { width: 413, height: 330 }
export const PHONE: Size = { width: 340, height: 235 }

/** The plan of a picture as the page makes it, but with letters of one width. */
export function planned(
  runs: { readonly A: VariantRun; readonly B: VariantRun },
  room: Size,
  options: { focus?: Focus; chosen?: string; letter?: number } = {},
): Plan {
  const { layout } = runs.A
  const { chosen, letter = 6.2 } = options
  const troubled = everTroubled([runs.A, runs.B])
  const interest = { troubled: new Set(troubled.keys()), chosen }
  const focus = options.focus ?? firstFocus(layout)
  const detail = layout.services.length <= 20 ? 'all' : room.width < 400 ? 'none' : 'since'
  const brief: Brief = {
    places: placesOf(layout),
    edges: layout.edges,
    folding: foldingOf(focus, layout, interest),
    troubled: new Map([...troubled].map(([name, most]) => [name, longestNotes(most, detail)])),
    labelled: new Set(chosen === undefined ? [] : [chosen]),
    circuits: new Set(
      layout.edges
        .filter(({ name }) => circuitsAt(runs.B, name).length > 0)
        .map(({ name }) => name),
    ),
    room,
    measure: (text) => text.length * letter,
    line: 13,
    extent: undefined,
    zoom: undefined,
  }
  return planOf(brief)
}
