/** What must happen now and then in a large batch, or the drawing is too weak to find anything there. */
import type { AnyComponent } from '../../engine/component.ts'
import { FAILURES } from '../../engine/model/failure.ts'
import { FAULT_VERBS } from '../../engine/scenario/schema/faults.ts'
import type { Catalogue } from '../../engine/scenario/schema/patterns.ts'

/** No service answers with these by itself, and no pattern of the catalogue does yet. */
const UNUSED: ReadonlySet<string> = new Set(['invalid', 'not-leader', 'cancelled'])

/**
 * Failures, losses, stops, faults of every verb, and every state of every pattern. Not a stall, which takes a hundred
 * thousand events at one moment: a drawn scenario has a budget of a few thousand.
 */
export function sometimesOf(catalogue: Catalogue): string[] {
  return [
    'ok',
    'degraded',
    ...FAILURES.filter((failure) => !UNUSED.has(failure)).map((failure) => `failure ${failure}`),
    'lost on a link',
    'orphan',
    'abandoned',
    'station resend',
    'station fork',
    'station hold',
    'station turn',
    'stopped events',
    'stopped memory',
    ...FAULT_VERBS.map((verb) => `fault ${verb}`),
    ...[...catalogue.values()].flatMap(statesOf),
  ]
}

function statesOf({ name, signals }: AnyComponent): string[] {
  const declared = Object.entries(signals as Record<string, { states: readonly string[] }>)
  return declared.flatMap(([signal, { states }]) =>
    states.slice(1).map((state) => `${name}.${signal} ${state}`),
  )
}
