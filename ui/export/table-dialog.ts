/** The numbers of a view as a table, in a dialog. */
import { el, setText } from '../dom.ts'
import { csvOf, type Cell, type Table } from '../facts/table.ts'
import { count } from '../format.ts'
import { openDialog } from '../panels/dialog.ts'
import { copyText, save } from './save.ts'

/** More rows than these are for programs, not for eyes. */
const MOST_ROWS = 2000

/** Shows a table. @param file name of its CSV */
export function showTable(title: string, table: Table, file: string): void {
  const says = el('p', { role: 'status', class: 'said' })
  const copy = el('button', { class: 'btn', type: 'button' }, 'Copy CSV')
  const store = el('button', { class: 'btn', type: 'button' }, 'Save CSV')
  copy.addEventListener('click', () => void copyCsv(table, says))
  store.addEventListener('click', () => save(csvOf(table), file, 'text/csv'))
  const left = table.rows.length - MOST_ROWS
  const note =
    left > 0
      ? `The first ${count(MOST_ROWS)} of ${count(table.rows.length)} rows. The CSV has all of them.`
      : ''
  const dialog = openDialog(title, [
    el('p', {}, table.caption),
    el(
      'div',
      { class: 'table-room', tabindex: 0, role: 'region', 'aria-label': title },
      grid(table),
    ),
    el('p', { class: 'table-note' }, note),
    el('p', { class: 'table-tools' }, copy, store, says),
  ])
  dialog.classList.add('table-dialog')
}

async function copyCsv(table: Table, says: HTMLElement): Promise<void> {
  const isCopied = await copyText(csvOf(table))
  setText(says, isCopied ? 'Copied.' : 'This browser does not let the page copy.')
}

function grid({ caption, columns, rows }: Table): HTMLTableElement {
  const isNumber = columns.map((_, at) => rows.some((row) => typeof row[at] === 'number'))
  const look = (at: number): { class?: string } => (isNumber[at] ? { class: 'number' } : {})
  const head = columns.map((name, at) => el('th', { scope: 'col', ...look(at) }, name))
  const body = rows.slice(0, MOST_ROWS).map((row) =>
    el(
      'tr',
      {},
      row.map((cell, at) => el('td', look(at), cellText(cell))),
    ),
  )
  return el(
    'table',
    { 'aria-label': caption },
    el('thead', {}, el('tr', {}, head)),
    el('tbody', {}, body),
  )
}

/** At most four digits for eyes; the CSV keeps them all. */
export function cellText(cell: Cell): string {
  if (cell === undefined) return '–'
  if (typeof cell !== 'number') return cell
  if (Number.isInteger(cell)) return String(cell)
  return String(Number(cell.toPrecision(4)))
}
