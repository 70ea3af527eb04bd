/** The state of every service over time, in the order of their first trouble: what the cascade strip shows. */
import type { VariantRun } from '../runs.ts'
import { firstTroubles, serviceIn, troubleStep, type Health, type Trouble } from './health.ts'

/** States by their code in a strip. */
export const STATES: readonly Health[] = ['ok', 'slow', 'refusing', 'failing']

/** How the rows of a strip are sorted: by the moment of the first trouble, or by the groups of the picture. */
export type StripOrder = 'trouble' | 'domain'

/** States of all services of a run. Column c holds the buckets [c * step, (c + 1) * step). */
export interface Strip {
  /** Services in the order of the file. */
  readonly services: readonly string[]
  /** Buckets of a column: as many as trouble is judged by. */
  readonly step: number
  readonly columns: number
  /** Code of the state of service s in column c at s * columns + c; indices into STATES. */
  readonly states: Uint8Array
  /** Services that were in trouble, first ones first. */
  readonly troubles: readonly Trouble[]
}

interface Kept {
  readonly strip: Strip
  filled: number
}

const known = new WeakMap<VariantRun, Kept>()

/** The strip of a run; only columns that are new since the last time are looked at. */
export function stripOf(run: VariantRun): Strip {
  const kept = known.get(run) ?? madeFor(run)
  const { strip } = kept
  if (kept.filled < run.filled) {
    fill(run, strip, Math.floor(kept.filled / strip.step), Math.ceil(run.filled / strip.step))
    kept.filled = run.filled
  }
  return { ...strip, troubles: firstTroubles(run) }
}

/** Beyond what is computed stands the run before, which shows through the veil: all columns are filled at once. */
function madeFor(run: VariantRun): Kept {
  const services = run.layout.services.map(({ name }) => name)
  const step = troubleStep(run)
  const columns = Math.ceil(run.layout.buckets / step)
  const states = new Uint8Array(services.length * columns)
  const strip = { services, step, columns, states, troubles: [] }
  fill(run, strip, 0, columns)
  const kept = { strip, filled: run.filled }
  known.set(run, kept)
  return kept
}

function fill(run: VariantRun, strip: Strip, from: number, until: number): void {
  const { services, step, columns, states } = strip
  for (const [row, name] of services.entries()) {
    for (let column = from; column < until; column++) {
      const to = Math.min(run.layout.buckets, (column + 1) * step)
      const { health } = serviceIn(run, name, { from: column * step, to })
      states[row * columns + column] = STATES.indexOf(health)
    }
  }
}

/** Rows from the top down, as indices of the services of the file. */
export function stripRows(run: VariantRun, strip: Strip, order: StripOrder): readonly number[] {
  const { services, troubles } = strip
  const rows = services.map((_, row) => row)
  const ranks = order === 'trouble' ? troubleRanks(services, troubles) : domainRanks(run)
  return rows.toSorted((a, b) => ranks[a]! - ranks[b]! || a - b)
}

function troubleRanks(services: readonly string[], troubles: readonly Trouble[]): number[] {
  return services.map((service) => {
    const place = troubles.findIndex(({ name }) => name === service)
    return place < 0 ? services.length : place
  })
}

/** Groups in the order of their first service. */
function domainRanks({ layout }: VariantRun): number[] {
  const domains = [...new Set(layout.services.map(({ domain }) => domain))]
  return layout.services.map(({ domain }) => domains.indexOf(domain))
}

/** A row of the picture: its top and height in pixels, and whether there is room for its name. */
export interface StripBand {
  readonly top: number
  readonly height: number
  readonly hasLabel: boolean
}

/** Pixels: a row with a name, the lowest row of a service that is well while others are not, and what a name takes. */
const ROOMY = 13
const LEAST = 1
const LABEL = 10.5

/**
 * Shares a height among rows: rows that matter get as much as a name takes, the others at least a pixel, as long as
 * there is enough for all.
 */
export function stripBands(matters: readonly boolean[], height: number): readonly StripBand[] {
  const { tall, low } = heightsOf(matters, height)
  let top = 0
  let free = -LABEL
  return matters.map((matter) => {
    const band = { top, height: matter ? tall : low }
    const middle = top + band.height / 2
    const hasLabel = matter && middle - LABEL / 2 >= free - 0.5
    if (hasLabel) free = middle + LABEL / 2
    top += band.height
    return { ...band, hasLabel }
  })
}

function heightsOf(matters: readonly boolean[], height: number): { tall: number; low: number } {
  const many = matters.filter(Boolean).length
  const few = matters.length - many
  const even = height / Math.max(1, matters.length)
  if (many === 0 || few === 0 || even >= ROOMY) return { tall: even, low: even }
  const most = (height - few * Math.min(LEAST, even)) / many
  const tall = Math.min(ROOMY, Math.max(most, even))
  return { tall, low: (height - many * tall) / few }
}
