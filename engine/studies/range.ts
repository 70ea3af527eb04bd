/** Values along a way: `services.db.concurrency=2..16:8`, `load.users.arrivals=poisson(100/s)..poisson(400/s)`. */

/** A value of the file that is moved from one end to the other. */
export interface Range {
  readonly path: string
  readonly from: string
  readonly to: string
  /** How many values are tried, both ends among them. */
  readonly steps: number
  /** Both ends are whole numbers without a unit: so is what lies between. */
  readonly isWhole: boolean
}

/** What was understood, or what is wrong. */
export type ReadRange =
  { readonly ok: true; readonly range: Range } | { readonly ok: false; readonly why: string }

const LIKE = 'Write it like services.db.concurrency=2..16:8'
const STEPS = 9
/** Most values along one way. */
export const MOST_STEPS = 200
/** Numbers that are not part of a name. */
const NUMBER = /(?<![\w.])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi

/** Reads `path=from..to` or `path=from..to:steps`. The ends differ in nothing but numbers. */
export function readRange(text: string): ReadRange {
  const equals = text.indexOf('=')
  const [path, ways] = [text.slice(0, equals).trim(), text.slice(equals + 1)]
  const counted = /:(\d+)$/.exec(ways.trim())
  const ends = (counted ? ways.trim().slice(0, counted.index) : ways).split('..')
  const [from = '', to = ''] = ends.map((end) => end.trim())
  if (equals < 1 || ends.length !== 2 || from === '' || to === '')
    return { ok: false, why: `"${text}" is no range. ${LIKE}.` }
  if (skeletonOf(from) !== skeletonOf(to)) {
    const why = `The ends ${from} and ${to} differ in more than numbers: write both in the same unit and form.`
    return { ok: false, why }
  }
  if (from === to || numbersOf(from).length === 0)
    return { ok: false, why: `From ${from} to ${to} there is nothing to try. ${LIKE}.` }
  const isWhole = [from, to].every((end) => /^-?\d+$/.test(end))
  const span = Math.abs(Number(to) - Number(from)) + 1
  const steps = counted ? Number(counted[1]) : isWhole ? Math.min(STEPS, span) : STEPS
  if (steps < 2 || steps > MOST_STEPS)
    return { ok: false, why: `${steps} values of ${path}: it must be 2 to ${MOST_STEPS}.` }
  return { ok: true, range: { path, from, to, steps, isWhole } }
}

/** The values of a range, as they would be written in the file; without repetitions. */
export function valuesOf(range: Range): string[] {
  const { steps } = range
  const all = Array.from({ length: steps }, (_, at) => valueAt(range, at / (steps - 1)))
  return [...new Set(all)]
}

/** The value at a share of the way, 0 to 1. */
export function valueAt({ from, to, isWhole }: Range, share: number): string {
  const ends = numbersOf(to)
  let at = 0
  return from.replaceAll(NUMBER, (start) => {
    const end = Number(ends[at++])
    const value = Number(start) + (end - Number(start)) * share
    return String(isWhole ? Math.round(value) : Number(value.toPrecision(9)))
  })
}

/** Where on the way a whole value lies; both neighbours of a tipping point are values that exist. */
export function stepsBetween({ from, to, isWhole }: Range): number {
  return isWhole ? Math.abs(Number(to) - Number(from)) : Infinity
}

function numbersOf(text: string): string[] {
  return text.match(NUMBER) ?? []
}

function skeletonOf(text: string): string {
  return text.replaceAll(NUMBER, '#').replaceAll(/\s+/g, ' ')
}
