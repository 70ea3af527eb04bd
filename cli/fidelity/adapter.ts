/** How a model of the reference cases becomes ordinary scenarios, and where its numbers are read off their results. */
import type { VariantResult } from '../../engine/run.ts'
import type { ReferenceCase } from './case.ts'

/** How much is to be simulated. */
export interface Sample {
  /** Observations in all (of what the case counts: requests, runs …), spread over `seeds`. */
  readonly size: number
  /** Requests before the first that counts, in every seed. */
  readonly warmup: number
  /** First of the seeds, and how many. */
  readonly firstSeed: number
  readonly seeds: number
}

/** One scenario, run once for each seed. */
export interface Study {
  /** What `measure` finds its results by. */
  readonly key: string
  /** The scenario as data; its seed is not part of it. */
  readonly scenario: Readonly<Record<string, unknown>>
  readonly seeds: readonly (string | number)[]
  /** `columns` where `measure` reads time buckets. */
  readonly recording?: 'none' | 'columns'
  /** What of a result is kept, where all of it would be too much for memory. */
  readonly keep?: (result: VariantResult) => VariantResult
}

/** A number read off results. */
export interface Measured {
  readonly value: number
  /** The number in every replication, where the tolerance rests on their spread. */
  readonly samples?: readonly number[]
  /** Observations that the number rests on, where that is not the size of the sample. */
  readonly size?: number
}

/** Results of the studies of a plan by their keys, in the order of the seeds. */
export type Results = Readonly<Record<string, readonly VariantResult[]>>

/** What a case comes to in Faultline. */
export interface Plan {
  readonly studies: readonly Study[]
  /** Studies that follow from what has come out so far (a search); asked until there are none. */
  readonly next?: (results: Results) => readonly Study[]
  /** Values by the name of the metric. A metric that is left out counts as missed. Reads nothing but the results. */
  measure(results: Results): Readonly<Record<string, number | Measured>>
  /** Metrics that cannot be had, each with its reason: they count as not covered. */
  readonly without?: Readonly<Record<string, string>>
}

/** Why a case is not run: it needs what is yet to come, or what Faultline does not model. */
export type Excuse = { readonly toCome: string } | { readonly notCovered: string }

/** What a case depends on: a control that spoils this must turn it red. */
export type Dependence = 'service' | 'retry' | 'order'

/** Turns the cases of one model into plans. */
export interface Adapter {
  readonly model: string
  /** What the gated metrics of a case depend on. */
  readonly depends: (one: ReferenceCase) => readonly Dependence[]
  plan(one: ReferenceCase, sample: Sample): Plan | Excuse
}

/** Whether there is an excuse instead of a plan. */
export function isExcuse(plan: Plan | Excuse): plan is Excuse {
  return !('studies' in plan)
}

/** The seeds of a sample. */
export function seedsOf({ firstSeed, seeds }: Sample): number[] {
  return Array.from({ length: seeds }, (_, at) => firstSeed + at)
}
