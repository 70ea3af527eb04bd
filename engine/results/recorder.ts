/** Keeps typed-array columns per time bucket and the transition log, and cuts them into frames. It never draws or schedules. */
import type { World } from '../model/world.ts'
import type { Signal } from '../signals.ts'
import { MILLISECOND, SECOND, type Time } from '../units.ts'
import type { ColumnInfo, Frame } from './frame.ts'
import { HEAT } from './frame.ts'

const WIDTHS = [1, 2, 5, 10, 20, 50, 100, 200, 500]
const MOST_BUCKETS = 1200
/** Changes of state that are kept one by one, 24 bytes each; of later ones the last of each bucket. */
export const MOST_TRANSITIONS = 250_000
const F64 = new Float64Array(1)
const U32 = new Uint32Array(F64.buffer)

/** Bucket width for a run: about a 1,200th of it, snapped to 1, 2 or 5 of a power of ten, at least 1 ms. */
export function bucketWidth(duration: number): number {
  for (let unit = MILLISECOND; unit <= 1e6 * SECOND; unit *= 1000) {
    for (const width of WIDTHS) if (width * unit * MOST_BUCKETS >= duration) return width * unit
  }
  return duration
}

interface Series {
  readonly path: string
  readonly name: string
  readonly signal: Signal
  readonly column: number
}

/** The bucket store of a run. With recording off every column is one scratch bucket that nobody reads. */
export class Recorder {
  readonly on: boolean
  readonly width: number
  readonly buckets: number
  readonly info: ColumnInfo[] = []
  readonly serial: Series[] = []
  readonly columns: Float32Array[] = []
  /** Columns of gauges: a value stays until it is set anew. */
  private readonly gauges: Float32Array[] = []
  /** Columns of state signals have no buckets; their transitions are logged under a lane number. */
  lanes = 0
  private readonly world: World
  private readonly heatRows: Float32Array[]
  /** Cells of the current bucket: one dense row, written out when the bucket closes. */
  private readonly heatNow = new Uint32Array(HEAT.rows * HEAT.outcomes.length)
  private transitions = new Float64Array(96)
  private logged = 0
  private shipped = 0
  private shippedTransitions = 0
  /** Of a log that is full: what each lane last changed to in this bucket, and when. */
  private readonly latest = new Map<number, { readonly time: Time; readonly code: number }>()
  /** When the log of transitions was full: from here on it is as coarse as the buckets. */
  thinnedFrom: Time | undefined

  constructor(world: World, duration: number, on: boolean) {
    this.world = world
    this.on = on
    this.width = bucketWidth(duration)
    this.buckets = on ? Math.max(1, Math.ceil(duration / this.width)) : 0
    this.heatRows = this.block(HEAT.rows * HEAT.outcomes.length)
  }

  /** Columns for a set of metrics; named later by `describe`. */
  block(columns: number): Float32Array[] {
    // One more than there are: what happens at the very end, and everything without recording, lands there.
    const made = Array.from({ length: columns }, () => new Float32Array(this.buckets + 1))
    this.columns.push(...made)
    return made
  }

  /** Registers a signal of a unit; answers its lane (state) or column. */
  series(path: string, name: string, signal: Signal): number {
    if (signal.kind === 'state') {
      this.serial.push({ path, name, signal, column: -1 })
      return this.lanes++
    }
    const column = this.columns.length
    const made = this.block(1)
    if (signal.kind === 'gauge') this.gauges.push(...made)
    this.serial.push({ path, name, signal, column })
    return column
  }

  count(column: number, amount: number): void {
    this.columns[column]![this.world.bucket]! += amount
  }

  level(column: number, value: number): void {
    this.columns[column]![this.world.bucket] = value
  }

  heat(kind: number, latency: number): void {
    const row = heatRow(latency)
    this.heatNow[kind * HEAT.rows + row]!++
  }

  /** Writes the heat of the bucket that ends; gauges go on as they are. */
  close(bucket: number): void {
    const { heatNow, heatRows } = this
    for (const gauge of this.gauges) gauge[bucket + 1] = gauge[bucket]!
    for (let cell = 0; cell < heatNow.length; cell++)
      if (heatNow[cell]! > 0) heatRows[cell]![bucket] = heatNow[cell]!
    heatNow.fill(0)
    this.flushLatest()
  }

  transition(lane: number, code: number): void {
    if (!this.on) return
    const { now } = this.world
    if (this.logged < MOST_TRANSITIONS * 3) return this.log(now, lane, code)
    this.thinnedFrom ??= now
    this.latest.delete(lane)
    this.latest.set(lane, { time: now, code })
  }

  private flushLatest(): void {
    for (const [lane, { time, code }] of this.latest) this.log(time, lane, code)
    this.latest.clear()
  }

  private log(time: Time, lane: number, code: number): void {
    if (this.logged + 3 > this.transitions.length) {
      const longer = new Float64Array(this.transitions.length * 2)
      longer.set(this.transitions)
      this.transitions = longer
    }
    this.transitions[this.logged++] = time
    this.transitions[this.logged++] = lane
    this.transitions[this.logged++] = code
  }

  /** What is new since the last frame: complete buckets (all of them once the run is over). */
  frame(order: readonly number[], finished: boolean): Frame {
    const from = this.shipped
    const to = finished ? this.buckets : Math.min(this.world.bucket, this.buckets)
    if (finished) this.flushLatest()
    const rows = to - from
    const values = new Float32Array(order.length * rows)
    order.forEach((column, at) => values.set(this.columns[column]!.subarray(from, to), at * rows))
    const transitions = this.transitions.slice(this.shippedTransitions, this.logged)
    this.shipped = to
    this.shippedTransitions = this.logged
    const { thinnedFrom } = this
    const { now, events } = this.world
    return { from, to, now, events, values, transitions, thinnedFrom }
  }

  /** Bytes of all columns: known before the first event, and the same after the last. */
  get bytes(): number {
    return this.columns.length * (this.buckets + 1) * Float32Array.BYTES_PER_ELEMENT
  }

  /** Positions of the heat rows among all columns. */
  get heatColumns(): readonly number[] {
    return this.heatRows.map((row) => this.columns.indexOf(row))
  }
}

/** Row of the heat map for a latency, straight from the bits of the number. */
export function heatRow(latency: number): number {
  F64[0] = latency
  // Biased exponent and the two top bits of the mantissa.
  const row = (U32[1]! >>> 18) - ((1023 + HEAT.firstExponent) << 2)
  return row < 0 ? 0 : row >= HEAT.rows ? HEAT.rows - 1 : row
}
