/** What the parts of the time axis are drawn of. */
import type { ScaleLinear } from 'd3'
import type { Runs, VariantRun } from '../runs.ts'
import type { Selection } from '../selection.ts'
import type { Size } from '../view.ts'
import { timeScale } from './time-scale.ts'

/** The axis as it is now. */
export interface AxisScene {
  readonly run: VariantRun
  readonly runs: Runs
  readonly size: Size
  readonly selection: Selection
  /** Nanoseconds to pixels. */
  readonly x: ScaleLinear<number, number>
}

/** The scene, as soon as there is a run. */
export function axisScene(runs: Runs, size: Size, selection: Selection): AxisScene | undefined {
  const run = runs.A ?? runs.B
  return run && { run, runs, size, selection, x: timeScale(size, selection.span) }
}
