/** All adapters: every file in `models`. */
import type { Adapter } from './adapter.ts'

const files = import.meta.glob<{ readonly adapters: readonly Adapter[] }>('./models/*.ts', {
  eager: true,
})

/** Adapters by the model they know. */
export const ADAPTERS: ReadonlyMap<string, Adapter> = new Map(
  Object.values(files).flatMap(({ adapters }) => adapters.map((one) => [one.model, one] as const)),
)
