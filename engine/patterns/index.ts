/** Every pattern there is: one file each, found by where it lies. */
import type { AnyComponent } from '../component.ts'

/** By path; a file that patterns of a family share has nothing to declare. */
const files = import.meta.glob<AnyComponent | undefined>('./*/*.ts', {
  eager: true,
  import: 'default',
})

/** Every component by its name in scenario files, sorted by name. */
export const patterns: ReadonlyMap<string, AnyComponent> = new Map(
  Object.values(files)
    .flatMap((one) => (one ? [[one.name, one] as const] : []))
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
)
