/** Which variants of a file a command runs. */
import type { OpenedFile } from './files.ts'

/** A variant to run, and what people call it. */
export interface NamedVariant {
  /** Its name in `compare`; the file's own name when there is no `compare`. */
  readonly key: string
  readonly title: string
  /** What the task says. */
  readonly variant: string | undefined
}

/** Every variant of `compare`, or the file as it stands. */
export function variantsOf({ scenario, name }: OpenedFile): NamedVariant[] {
  const named = Object.entries(scenario.compare)
  if (named.length === 0) return [{ key: name, title: scenario.title, variant: undefined }]
  return named.map(([key, { title }]) => ({ key, title, variant: key }))
}
