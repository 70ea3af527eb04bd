/** Cells of the latency heat map: where they lie, what is in them, and how to say it. */
import { HEAT, heatEdge } from '../../engine/results/frame.ts'
import type { Duration } from '../../engine/units.ts'
import { count, percent, plural, span, wholePercent } from '../format.ts'

/** Latencies of a cell: from the one up to the other. */
export interface Latencies {
  readonly lowest: Duration
  readonly highest: Duration
}

/** The latencies of so many rows of `HEAT` from one on. The ends also hold what lies beyond them. */
export function latenciesOf(row: number, group: number): Latencies {
  const isFirst = row <= 0
  const isLast = row + group >= HEAT.rows
  return {
    lowest: isFirst ? 0 : heatEdge(row),
    highest: isLast ? Infinity : heatEdge(row + group),
  }
}

/** A latency as a (fractional) row: four even steps to an octave. */
export function rowAt(latency: Duration): number {
  const octave = Math.floor(Math.log2(latency))
  const inOctave = latency / Math.pow(2, octave) - 1
  return (octave - HEAT.firstExponent + inOctave) * HEAT.rowsPerOctave
}

/** `1.2–1.4 s`, `980 µs–1.1 ms`, `under 8.2 µs`. */
export function latencyRange({ lowest, highest }: Latencies): string {
  if (lowest === 0) return `under ${span(highest)}`
  if (highest === Infinity) return `over ${span(lowest)}`
  const [low, high] = [span(lowest), span(highest)]
  const [number, unit] = low.split(/\s/)
  return high.endsWith(unit!) && high.split(/\s/)[1] === unit
    ? `${number}–${high}`
    : `${low}–${high}`
}

/** `1.2–1.4 s: 37 requests, 22 % of this moment`; `inColumn` is how many there are of all latencies. */
export function cellWords(latencies: Latencies, inCell: number, inColumn: number): string {
  const range = latencyRange(latencies)
  if (inCell === 0) return `${range}: no request`
  const share = inCell / inColumn
  const written = share > 0.1 || share === 0 ? wholePercent(share) : percent(share)
  return `${range}: ${plural(inCell, 'request')}, ${written} of this moment`
}

/** `12 failed, 3 failed fast` of a bin. */
export function failureWords(failed: number, refused: number): string {
  const parts = [
    failed > 0 ? `${count(failed)} failed` : '',
    refused > 0 ? `${count(refused)} failed fast` : '',
  ].filter((part) => part !== '')
  return parts.length > 0 ? parts.join(', ') : 'none failed'
}
