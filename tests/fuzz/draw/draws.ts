/** Draws that all sections of a file share. What comes first is simplest: failures shrink towards it. */
import fc from 'fast-check'
import { MILLISECOND, SECOND } from '../../../engine/units.ts'

/** Mostly the simple value, now and then one of the others; `others` say how often, of ten. */
export function mostly<T>(simple: T, others: readonly T[], often = 3): fc.Arbitrary<T> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 10 - often, arbitrary: fc.constant(simple) },
    { weight: often, arbitrary: fc.constantFrom(...others) },
  )
}

/** One of these. */
export function oneOf<T>(values: readonly T[]): fc.Arbitrary<T> {
  return fc.constantFrom(...values)
}

/** Picks something out of a list that is known only when the file is written. */
export const choice = fc.nat({ max: 999 })

/** The item that a choice means. */
export function chosen<T>(list: readonly T[], which: number): T | undefined {
  return list[which % list.length]
}

/** A span of time in ns: round ones, whole milliseconds, and any. */
export const span: fc.Arbitrary<number> = fc.oneof(
  { weight: 4, arbitrary: oneOf([1, 5, 10, 20, 100, 0.2, 2, 50, 300].map((n) => n * MILLISECOND)) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 300 }).map((n) => n * MILLISECOND) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: SECOND }) },
  { weight: 1, arbitrary: oneOf([0, 1, 5 * SECOND]) },
)

/** A share: ends, and between. */
export const share: fc.Arbitrary<number> = fc.oneof(
  { weight: 2, arbitrary: oneOf([0.5, 0, 1, 0.01, 0.99]) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 100 }).map((n) => n / 100) },
)

/** Writes spans of time; on a coarse grid simultaneous events are common. */
export class Pen {
  private readonly coarse: boolean

  constructor(coarse: boolean) {
    this.coarse = coarse
  }

  /** Nanoseconds, on the grid where there is one. */
  onGrid(nanoseconds: number): number {
    if (!this.coarse || !Number.isFinite(nanoseconds)) return nanoseconds
    return Math.ceil(nanoseconds / GRID) * GRID
  }

  /** A span of time as a file has it. */
  span(nanoseconds: number): string {
    if (nanoseconds === Infinity) return 'none'
    return `${this.onGrid(nanoseconds)}ns`
  }
}

const GRID = 5 * MILLISECOND

/** A share as a file has it. */
export function percent(value: number): string {
  return `${Number((value * 100).toPrecision(6))}%`
}

/** Events per second as a file has them. */
export function perSecond(value: number): string {
  return `${Number(value.toPrecision(6))}/s`
}
