/** How many calls of one service a single request can come to when every caller on the way tries again. */
import type { Attachment } from '../../engine/scenario/scenario.ts'
import type { VariantRun } from '../runs.ts'
import { type Side, type Opened } from '../state.ts'
import { variantOf } from '../switches.ts'

/** Attempts on each edge of a way from a load to a service, and their product. */
export interface Attempts {
  /** Attempts of the edges that try more than once, in the order of the way. */
  readonly factors: readonly number[]
  readonly product: number
}

/**
 * The most attempts that one request can come to at a service: the product of `maxAttempts` along the way with the
 * largest one. Undefined when nothing on any way tries twice, or when the variant changes the retries itself.
 */
export function attemptsAt(
  run: VariantRun,
  side: Side,
  service: string,
  opened: Opened,
): Attempts | undefined {
  const set = Object.keys(variantOf(opened.scenario, side)?.set ?? {})
  const retries = run.layout.units.filter(({ use }) => use === 'retry')
  if (retries.some(({ pattern }) => set.some((path) => path.startsWith(`patterns.${pattern}.`))))
    return undefined
  const tries = new Map<string, number>()
  for (const attachment of [...opened.scenario.patterns, ...opened.off]) {
    const own = retries.filter(({ pattern }) => pattern === attachment.id)
    for (const place of new Set(own.map((unit) => unit.place))) {
      tries.set(place, (tries.get(place) ?? 1) * attemptsOn(place, attachment, opened))
    }
  }
  const factors = largest(run, service, tries)
  const product = productOf(factors)
  return product > 1 ? { factors, product } : undefined
}

/** `maxAttempts` of a retry on an edge: the last line of `where` that fits and names it wins. */
function attemptsOn(edge: string, { values, where }: Attachment, { scenario }: Opened): number {
  const [from = '', to = ''] = edge.split(' -> ')
  const fits = (pattern: string | undefined, name: string): boolean =>
    pattern === name || (pattern === '*' && Object.hasOwn(scenario.services, name))
  const lines = where.filter(({ selector }) => {
    const [left, right] = selector.split(' -> ')
    return fits(left, from) && fits(right, to)
  })
  const own = lines.findLast((line) => Object.hasOwn(line.values, 'maxAttempts'))
  return Number((own?.values ?? values)['maxAttempts'])
}

/** Factors on the way from any load to a service whose product is the largest. */
function largest(
  { layout }: VariantRun,
  service: string,
  tries: ReadonlyMap<string, number>,
): readonly number[] {
  const known = new Map<string, readonly number[] | undefined>([[service, []]])
  const from = (place: string): readonly number[] | undefined => {
    if (known.has(place)) return known.get(place)
    known.set(place, undefined)
    const ways = layout.edges
      .filter((edge) => edge.from === place)
      .flatMap((edge) => {
        const rest = from(edge.to)
        const here = tries.get(edge.name) ?? 1
        return rest ? [here > 1 ? [here, ...rest] : rest] : []
      })
    const best = ways.toSorted((a, b) => productOf(b) - productOf(a))[0]
    known.set(place, best)
    return best
  }
  const starts = layout.loads.map(({ name }) => from(name) ?? [])
  return starts.toSorted((a, b) => productOf(b) - productOf(a))[0] ?? []
}

function productOf(factors: readonly number[]): number {
  return factors.reduce((product, factor) => product * factor, 1)
}
