/** What an exported file is called, and what stands below an exported picture. */
import { ENGINE_VERSION } from '../../engine/run.ts'
import { moment } from '../format.ts'
import type { Runs, VariantRun } from '../runs.ts'
import { SIDES, type Side } from '../state.ts'

/** What is exported. */
export interface Exported {
  /** Id of the host of the view: `requests-a`. */
  readonly id: string
  /** `Requests, variant A`. */
  readonly title: string
}

/** `retry-storm-seed7-requests-A.csv`; nothing that a file system would not take. */
export function fileName({ id }: Exported, runs: Runs, ending: string): string {
  const { layout } = (runs.A ?? runs.B)!
  const view = id.replace(/-([ab])$/, (_all, side: string) => `-${side.toUpperCase()}`)
  const name = `${layout.scenario}-seed${layout.seed}-${view}`
  return `${name.replaceAll(/[^\w.-]+/g, '_').slice(0, 120)}.${ending}`
}

/**
 * Lines that say what a picture is of, so that anybody can make it again: one for both, and one for each variant.
 *
 * @param time where the cursor was, ns
 */
export function captionLines({ id }: Exported, runs: Runs, time: number): string[] {
  const sides = sidesOf(id).flatMap((side) => (runs[side] ? [{ side, run: runs[side] }] : []))
  const [first] = sides
  if (!first) return []
  const { scenario, seed } = first.run.layout
  const title = runs.opened?.scenario.title ?? scenario
  return [
    `${title} · seed ${seed} · t = ${moment(time)} · Faultline ${ENGINE_VERSION}`,
    ...sides.map(({ side, run }) => `${variantWords(side, run)} · digest ${digestOf(run)}`),
  ]
}

/** The variants that a view is of, by its id. */
function sidesOf(id: string): readonly Side[] {
  const side = /-([ab])$/.exec(id)?.[1]?.toUpperCase()
  return SIDES.filter((one) => side === undefined || one === side)
}

function variantWords(side: Side, { result }: VariantRun): string {
  return result && result.title !== side ? `${side}: ${result.title}` : side
}

function digestOf({ result, isDone, now }: VariantRun): string {
  return result && isDone ? result.digest : `none yet, computed to ${moment(now)}`
}
