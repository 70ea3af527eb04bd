/** Causes as links, and the chain that leads from a beginning to a service. */
import type { Time } from '../units.ts'

/** What stands behind a part: a fault by its number, an edge, a service. Empty: nothing but the service itself. */
export interface Because {
  readonly fault?: number
  readonly edge?: string
  readonly service?: string
}

/** Why a service was in trouble, or why one that was well stands behind the trouble of another. Plain data. */
export interface CausalLink {
  readonly service: string
  /** When its first trouble begins; of a service that was well: when the trouble begins that it stands behind. */
  readonly time: Time
  readonly isTroubled: boolean
  readonly because: Because
  /** The number in the words: 0 to 1. */
  readonly share: number
  /** How much of the trouble this is, of all that was measured beyond the usual: 0 to 1. */
  readonly weight: number
  /** `92 % of its busy time was waiting for checkout` */
  readonly words: string
  /** Position of the link before this one; undefined: the trouble begins here. */
  readonly parent: number | undefined
}

/** The links from what began it to the first trouble of a service, in this order; empty when it never was in trouble. */
export function chainTo(links: readonly CausalLink[], service: string): CausalLink[] {
  let link = links.find((each) => each.service === service && each.isTroubled)
  const chain: CausalLink[] = []
  while (link !== undefined) {
    chain.unshift(link)
    link = link.parent === undefined ? undefined : links[link.parent]
  }
  return chain
}
