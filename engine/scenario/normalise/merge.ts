/** Values over values: later ones win, groups are merged knob by knob. */
import { isMapping } from '../schema/leaf.ts'
import { bare } from '../text/tree.ts'

export type Settings = Readonly<Record<string, unknown>>

/** A new set of values in which those of the second stand over those of the first. */
export function merged(base: Settings, over: Settings): Record<string, unknown> {
  const result = bare<unknown>(Object.entries(base))
  for (const [name, value] of Object.entries(over)) {
    const before = result[name]
    result[name] = isMapping(before) && isMapping(value) ? merged(before, value) : value
  }
  return result
}
