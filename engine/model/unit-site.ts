/** The surroundings of a unit. */
import type { Edge } from './edge.ts'
import type { Instance } from './instance.ts'
import type { Service } from './service.ts'

/** Where a unit sits: what it needs to know of its surroundings. */
export interface UnitSite {
  /** `breaker@checkout -> payments#2` */
  readonly path: string
  /** Edge name or service name. */
  readonly place: string
  readonly pattern: string
  readonly service: Service | null
  readonly instance: Instance | null
  /** The edge it wraps (client, router). */
  readonly callee: Service | null
  /** Ways to the services its params name. */
  readonly edges: ReadonlyMap<string, Edge>
}
