/** The rows of the stack, from top to bottom: which there are, how high, and which are on the screen. */
import type { Mode, State } from './state.ts'
import type { View } from './view.ts'
import { breakerSwimlanes } from './views/breaker-swimlanes.ts'
import { latencyHeatmap } from './views/latency-heatmap.ts'
import { outcomeAreas } from './views/outcome-areas.ts'
import { queueDepth } from './views/queue-depth.ts'

/** One row. */
export interface RowKind {
  readonly id: string
  /** Name in the menu of rows. */
  readonly name: string
  readonly view: View
  /** The variants it shows: it is dimmed while their result is an old one. */
  readonly of: 'A' | 'B' | 'AB'
  /** Share of the height. */
  readonly height: number
  /** Arrangements that show it unless somebody has chosen otherwise. */
  readonly modes: readonly Mode[]
}

/** All rows. */
export const ROWS: readonly RowKind[] = [
  row('requests-a', 'Requests in A', outcomeAreas('A'), 'A', 57, ['run', 'compare']),
  row('requests-b', 'Requests in B', outcomeAreas('B'), 'B', 57, ['compare']),
  row('latency-a', 'Response times in A', latencyHeatmap('A'), 'A', 62, ['run', 'compare']),
  row('latency-b', 'Response times in B', latencyHeatmap('B'), 'B', 62, ['compare']),
  row('circuits', 'Circuit breakers', breakerSwimlanes, 'AB', 34, ['run', 'compare']),
  row('queue', 'Fullest queue', queueDepth, 'AB', 48, ['run', 'compare']),
]

function row(
  id: string,
  name: string,
  view: View,
  of: RowKind['of'],
  height: number,
  modes: readonly Mode[],
): RowKind {
  return { id, name, view, of, height, modes }
}

/** Whether a row is on the screen: as somebody has chosen, else as the arrangement has it. */
export function isShown({ id, modes }: RowKind, { view }: State): boolean {
  return view.rows[id] ?? modes.includes(view.mode)
}
