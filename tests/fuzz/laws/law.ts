/** What a law is: something that must hold for every scenario, whatever is in it. */
import { patterns } from '../../../engine/patterns/index.ts'
import type { VariantResult } from '../../../engine/results/result.ts'
import { Run } from '../../../engine/run.ts'
import type { Scenario } from '../../../engine/scenario/scenario.ts'

/** A scenario to be judged, with the run that all others are compared with. */
export interface Subject {
  readonly scenario: Scenario
  /** The scenario run straight through, unrecorded and unwatched. */
  readonly straight: VariantResult
}

/** Answers what is wrong, in words; nothing when the law holds. */
export interface Law {
  readonly name: string
  check(subject: Subject): string[]
}

/** A run of a scenario under its own seed, or another one. */
export function runOf(scenario: Scenario, recording = false, seed = scenario.seed): Run {
  return new Run(scenario, { variant: 'fuzz', seed, recording, catalogue: patterns })
}

/** What a result says of what happened, apart from how it was watched. */
export function happenings({
  series: _series,
  bucketMs: _bucket,
  ...result
}: VariantResult): Omit<VariantResult, 'series' | 'bucketMs'> {
  return result
}

/** Where two values of plain data differ first, as a sentence; nothing when they are equal. */
export function differences(what: string, expected: unknown, found: unknown): string[] {
  const place = parting(expected, found, '')
  return place === undefined ? [] : [`${what}: ${place}`]
}

function parting(a: unknown, b: unknown, path: string): string | undefined {
  if (Object.is(a, b)) return undefined
  const nested = typeof a === 'object' && typeof b === 'object' && a !== null && b !== null
  if (!nested) return `${path === '' ? 'it' : path} was ${show(a)}, is ${show(b)}`
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>]
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const found = parting(left[key], right[key], path === '' ? key : `${path}.${key}`)
    if (found !== undefined) return found
  }
  return undefined
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}
