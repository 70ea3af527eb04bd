/** Every pattern there is: one file each, found by where it lies. */
import type { AnyComponent } from '../component.ts'

const files = import.meta.glob<AnyComponent>('./*/*.ts', { eager: true, import: 'default' })

/** Every component by its name in scenario files, sorted by name. */
export const patterns: ReadonlyMap<string, AnyComponent> = new Map(
  Object.values(files)
    .map((one) => [one.name, one] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
)
