/** The catalogue of patterns, loaded when it is first asked for: it is most of the code, and the first picture needs none of it. */
import type { AnyComponent } from '../engine/component.ts'

/** Every component by its name, in the order of names. */
export type Catalogue = ReadonlyMap<string, AnyComponent>

/** Loads the catalogue; the second time it is there at once. */
export async function loadPatterns(): Promise<Catalogue> {
  const { patterns } = await import('../engine/patterns/index.ts')
  return patterns
}
