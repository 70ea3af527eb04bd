/** Whether two readings of a file are the same system: where services stand in the picture is nothing to a run. */
import type { Opened } from './state.ts'

const known = new WeakMap<Opened, string>()

/** All of a scenario that a run depends on, as text. */
export function modelOf(opened: Opened): string {
  const found = known.get(opened) ?? textOf(opened)
  known.set(opened, found)
  return found
}

function textOf({ scenario, off }: Opened): string {
  const services = Object.entries(scenario.services).map(([name, spec]) => [
    name,
    { ...spec, at: undefined, domain: undefined },
  ])
  return JSON.stringify([{ ...scenario, services }, off], withInfinities)
}

/** JSON has no infinity; without a limit is not the same as without a value. */
function withInfinities(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}
