/** Options that name a way for values, and what is wrong with them. */
import { type Range, readRange, valueAt } from '../engine/studies/range.ts'
import type { ChangeOptions } from './options.ts'
import { BadInput } from './exit.ts'
import { openFile, type OpenedFile } from './files.ts'

/** Reads `path=from..to:steps`, and tries both ends in the file: what does not fit there is told as for a file. */
export function rangeOf(text: string, file: OpenedFile, changes: ChangeOptions): Range {
  const read = readRange(text)
  if (!read.ok) throw new BadInput(read.why)
  const { range } = read
  for (const end of [0, 1]) {
    const set = { ...changes.set, [range.path]: valueAt(range, end) }
    openFile(file.path, { ...changes, set })
  }
  return range
}

/** A place on a way as people read it; beyond its ends: `below 2`, `above 16`. */
export function placeOn(range: Range, share: number): string {
  if (share === -Infinity) return `below ${range.from}`
  return share === Infinity ? `beyond ${range.to}` : valueAt(range, share)
}
