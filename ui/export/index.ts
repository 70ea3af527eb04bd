/** Everything that takes a view out of the page; fetched when it is first asked for. */
import { csvOf, type Table } from '../facts/table.ts'
import type { Runs } from '../runs.ts'
import { captionLines, fileName, type Exported } from './names.ts'
import { copyText, pngOf, save, svgText } from './save.ts'
import { pictureOf } from './scene.ts'
import { showTable } from './table-dialog.ts'

/** A view and what it shows. */
export interface Subject extends Exported {
  readonly host: HTMLElement
  /** Undefined: nothing yet. */
  readonly table: Table | undefined
  readonly runs: Runs
  /** Where the cursor is, ns. */
  readonly time: number
}

/** What can be done with a view. */
export const exports = {
  'Show as table': (subject) => {
    const { title, table, runs } = subject
    if (table) showTable(title, table, fileName(subject, runs, 'csv'))
  },
  'Copy CSV': ({ table }) => table && copyText(csvOf(table)),
  'Save CSV': (subject) => {
    const { table, runs } = subject
    if (table) save(csvOf(table), fileName(subject, runs, 'csv'), 'text/csv')
  },
  'Save PNG': async (subject) => {
    save(await pngOf(draw(subject)), fileName(subject, subject.runs, 'png'))
  },
  'Save SVG': (subject) => {
    save(svgText(draw(subject)), fileName(subject, subject.runs, 'svg'), 'image/svg+xml')
  },
} satisfies Record<string, (subject: Subject) => unknown>

function draw(subject: Subject): SVGSVGElement {
  const { host, title, runs, time } = subject
  return pictureOf(host, title, captionLines(subject, runs, time))
}
