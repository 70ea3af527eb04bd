/** What pushes of configuration lay over the settings of a pattern. */
import { atPath } from '../overlay.ts'
import type { FaultSpec } from './scenario.ts'

/** The settings that each push turns on a pattern, by its name in the file: nested as the knobs are. */
export function pushesOn(id: string, faults: readonly FaultSpec[]): Record<string, unknown>[] {
  const own = `patterns.${id}.`
  return faults
    .filter(({ verb, target }) => verb === 'config' && target.startsWith(own))
    .map(({ target, options }) => atPath(target.slice(own.length), options['value']))
}
