/** Asks for the requests behind a mark of a picture: those that ended in a stretch of time, within some latencies. */
import type { Duration, Time } from '../engine/units.ts'
import type { HeatOutcome } from './runs.ts'
import type { Side } from './state.ts'

/** Which requests. */
export interface Cell {
  readonly side: Side
  /** They ended from here on, ns. */
  readonly from: Time
  /** … and before this moment. */
  readonly until: Time
  /** They took at least so long, ns. */
  readonly lowest: Duration
  /** … and less than that; Infinity: however long. */
  readonly highest: Duration
  /** How they ended; undefined: in any way. */
  readonly outcome: HeatOutcome | undefined
}

/** Asks for the requests of a cell; whoever lists them listens for `cell`. */
export function askCell(host: Element, cell: Cell): void {
  host.dispatchEvent(new CustomEvent<Cell>('cell', { bubbles: true, detail: cell }))
}
