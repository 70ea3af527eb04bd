/** Lines and areas over bins: a value is level for the whole of its bin. A value that is not a number makes a gap. */
import type { ScaleLinear } from 'd3'
import type { VariantRun } from '../runs.ts'
import { binStart, type Binning } from './time-scale.ts'

/** Where each bin begins, and where the last one ends, in pixels from the left. */
export function binEdges(
  run: VariantRun,
  bins: Binning,
  x: ScaleLinear<number, number>,
): readonly number[] {
  const { duration } = run.layout
  return Array.from({ length: bins.count + 1 }, (_, bin) =>
    rounded(x(Math.min(duration, binStart(run, bins, bin)))),
  )
}

/** The path of a line; `height` is the place of a bin's value in pixels from the top. */
export function stepLine(edges: readonly number[], height: (bin: number) => number): string {
  let path = ''
  let isDown = false
  for (let bin = 0; bin + 1 < edges.length; bin++) {
    const at = height(bin)
    if (!Number.isFinite(at)) {
      isDown = false
      continue
    }
    path += `${isDown ? '' : `M${edges[bin]!},`}${isDown ? 'V' : ''}${rounded(at)}H${edges[bin + 1]!}`
    isDown = true
  }
  return path
}

/** The path of an area between two heights. */
export function stepArea(
  edges: readonly number[],
  low: (bin: number) => number,
  high: (bin: number) => number,
): string {
  let path = ''
  for (const [from, to] of stretches(edges.length - 1, (bin) => low(bin) + high(bin))) {
    path += `M${edges[from]!},${rounded(high(from))}H${edges[from + 1]!}`
    for (let bin = from + 1; bin < to; bin++) path += `V${rounded(high(bin))}H${edges[bin + 1]!}`
    for (let bin = to - 1; bin >= from; bin--) path += `V${rounded(low(bin))}H${edges[bin]!}`
    path += 'Z'
  }
  return path
}

/** Stretches of bins that have a value, as [from, to). */
function stretches(count: number, value: (bin: number) => number): [number, number][] {
  const found: [number, number][] = []
  for (let bin = 0; bin < count; bin++) {
    if (!Number.isFinite(value(bin))) continue
    const last = found.at(-1)
    if (last?.[1] === bin) last[1] = bin + 1
    else found.push([bin, bin + 1])
  }
  return found
}

function rounded(pixels: number): number {
  return Math.round(pixels * 10) / 10
}
