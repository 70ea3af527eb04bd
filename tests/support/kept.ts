/** Results that are kept, so that a change of them is seen; `UPDATE=1` takes in what is meant to change. */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'

/** What is kept in a file beside the test; with UPDATE what is found is written there first. */
export function kept<T>(file: URL, found: T): T {
  if (process.env.UPDATE !== undefined) writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`)
  return JSON.parse(readFileSync(file, 'utf8')) as T
}

/** A short hash of plain data; numbers that are none count, too. `short` puts a word in the place of something large. */
export function fingerprint(
  value: unknown,
  short: (key: string, part: unknown) => unknown = (_, part) => part,
): string {
  const told = JSON.stringify(value, (key, part: unknown) =>
    typeof part === 'number' && !Number.isFinite(part) ? String(part) : short(key, part),
  )
  return createHash('sha256')
    .update(told ?? 'nothing')
    .digest('hex')
    .slice(0, 8)
}
