/** Which services are drawn one by one, and which are folded into the capsule of their domain. */

/** What part of the system is drawn in full: all of it, the services that were in trouble, or what is near the chosen one. */
export type Focus = 'all' | 'cascade' | 'near'

/** In the order in which a key goes through them. */
export const FOCUSES = ['all', 'cascade', 'near'] as const satisfies readonly Focus[]

/** From so many services on, healthy domains are folded. */
export const CROWD = 20

/** Calls from the chosen service that `near` goes. */
const HOPS = 2

/** Services of a domain that are drawn as one. */
export interface Fold {
  /** `delivery`; `others` for those that belong to none. */
  readonly domain: string
  readonly members: readonly string[]
}

/** How services are drawn. */
export interface Folding {
  /** One by one. */
  readonly shown: ReadonlySet<string>
  readonly folds: readonly Fold[]
}

interface Member {
  readonly name: string
  readonly domain: string
}

/** Folds everything but what is to be kept; a fold of one is no fold. */
export function fold(services: readonly Member[], keep: ReadonlySet<string>): Folding {
  const byDomain = new Map<string, string[]>()
  for (const { name, domain } of services) {
    if (keep.has(name)) continue
    const title = domain === '' ? 'others' : domain
    byDomain.set(title, [...(byDomain.get(title) ?? []), name])
  }
  const all = [...byDomain].map(([domain, members]) => ({ domain, members }))
  const folds = all.filter(({ members }) => members.length > 1)
  const folded = new Set(folds.flatMap(({ members }) => members))
  const shown = services.map(({ name }) => name).filter((name) => !folded.has(name))
  return { shown: new Set(shown), folds }
}

interface Calls {
  readonly services: readonly Member[]
  readonly edges: readonly { readonly from: string; readonly to: string }[]
}

/** What is known about services that decides which of them stand out. */
export interface Interest {
  /** Services that were in trouble at any time, in any variant, and those that faults hit. */
  readonly troubled: ReadonlySet<string>
  readonly chosen: string | undefined
}

/** The services that a focus is about; undefined: all. */
export function inFocus(focus: Focus, calls: Calls, interest: Interest): Set<string> | undefined {
  const { troubled, chosen } = interest
  if (focus === 'all') return undefined
  if (focus === 'near' && chosen !== undefined) return within(calls, chosen, HOPS)
  const wanted = new Set(troubled)
  if (chosen !== undefined) wanted.add(chosen)
  return wanted.size === 0 ? undefined : wanted
}

/** The services that so many calls lead to from one, either way. */
export function within({ edges }: Pick<Calls, 'edges'>, start: string, hops: number): Set<string> {
  const found = new Set([start])
  let border = [start]
  for (let hop = 0; hop < hops; hop++) {
    border = edges
      .flatMap(({ from, to }) => {
        if (border.includes(from)) return [to]
        return border.includes(to) ? [from] : []
      })
      .filter((name) => !found.has(name))
    for (const name of border) found.add(name)
  }
  return found
}

/** How the services of a picture are drawn: few of them always one by one. */
export function foldingOf(focus: Focus, calls: Calls, interest: Interest): Folding {
  const { services } = calls
  const everything = { shown: new Set(services.map(({ name }) => name)), folds: [] }
  if (services.length <= CROWD) return everything
  const wanted = inFocus(focus, calls, interest)
  if (wanted) return fold(services, wanted)
  return focus === 'all' ? everything : fold(services, new Set<string>())
}

/** The focus that a picture begins with. */
export function firstFocus({ services }: Pick<Calls, 'services'>): Focus {
  return services.length > CROWD ? 'cascade' : 'all'
}
