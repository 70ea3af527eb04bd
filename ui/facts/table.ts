/** The numbers behind a picture: what `table`, `copy CSV` and screen readers are given. */

/** A value of a table; undefined: there is none. */
export type Cell = string | number | undefined

/** Numbers in rows. The unit of a column stands in its name: `latency (ms)`. */
export interface Table {
  /** What the table says, in one sentence that is computed from the run. */
  readonly caption: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** A table as CSV (RFC 4180): comma, CRLF, quotes where they are needed. */
export function csvOf({ columns, rows }: Table): string {
  return [columns, ...rows].map((row) => row.map(field).join(',')).join('\r\n') + '\r\n'
}

/** Spreadsheets take a leading `=`, `+`, `-`, `@` of a text for a formula; a quote before it stops that. */
function field(cell: Cell): string {
  if (cell === undefined) return ''
  if (typeof cell === 'number') return String(cell)
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
