/** What both runs come to: metrics of A and B, their difference, and how sure that is over the seeds. */
import { el, setAll, setText, sideTag } from '../dom.ts'
import { scoreRows, type ScoreRow } from '../facts/score-rows.ts'
import { completePairs } from '../facts/seed-set.ts'
import { FEWEST_PAIRS } from '../facts/seed-summary.ts'
import { unitOfScore } from '../facts/scores.ts'
import type { Cell, Table } from '../facts/table.ts'
import { digits, moment, NBSP } from '../format.ts'
import { explain } from '../hint.ts'
import type { Runs, VariantRun } from '../runs.ts'
import type { Selection, Span } from '../selection.ts'
import { drawing, type View } from '../view.ts'

/** A table; the sentence below says how far it can be trusted. */
export const scoreboard: View = {
  create(host) {
    const title = el('h2', {}, 'Whole run')
    const when = el('small', {})
    const body = el('tbody')
    const sure = el('th', { scope: 'col', class: 'sure', title: SURE_HELP })
    const heads = [el('th', { scope: 'col' }, 'Metric'), column('A'), column('B')]
    const seed = el('small', {})
    const head = el('tr', {}, heads, el('th', { scope: 'col' }, 'B − A', seed), sure)
    const name = 'Metrics of both variants'
    const table = el('table', { class: 'scores', 'aria-label': name }, el('thead', {}, head), body)
    const note = el('p', { class: 'small', title: SURE_HELP })
    host.replaceChildren(el('header', {}, title, when), table, note)
    let lines: Line[] = []
    const show = (runs: Runs, { range }: Selection): void => {
      if (!(runs.A ?? runs.B)?.result) return
      const rows = scoreRows(runs, range)
      setText(title, range ? `${partOf(range)} only` : 'Whole run')
      setText(when, spanWords(runs))
      setText(seed, isSure(runs) ? `seed ${seedOf(runs)}` : '')
      setText(sure, isSure(runs) ? sureHead(runs) : '')
      const ids = rows.map(({ id }) => id)
      if (ids.join() !== lines.map(({ id }) => id).join()) {
        lines = rows.map((row) => lineOf(row, host))
        body.replaceChildren(...lines.map(({ element }) => element))
      }
      for (const [at, row] of rows.entries()) fill(lines[at]!, row, runs)
      setText(note, trust(runs, range))
    }
    return drawing(host, {
      paint() {},
      seeds: (_, runs, selection) => show(runs, selection),
      table: (runs, { range }) => tableOf(runs, range),
    })
  },
}

const SURE_HELP =
  'Interval of the mean B − A over the seeds, not of the seed beside it (paired t; bootstrap-t where the differences are skewed); as a factor where the difference is one, in the same direction: ÷ 4–8 is A / B. A yes or no: in how many seeds in A → B. Coloured where it leaves out no difference.'

function column(side: 'A' | 'B'): HTMLElement {
  return el('th', { scope: 'col' }, sideTag(side))
}

/** `40–52 s`. */
function partOf({ from, until }: Span): string {
  const [start, end] = [from, until].map((ns) => digits(ns / 1e9, 3))
  return `${start}–${end}${NBSP}s`
}

function spanWords({ A, B }: Runs): string {
  return `0 – ${moment((A ?? B)!.layout.duration, 0)}`
}

/** Whether there are seeds enough for an interval. */
function isSure({ seeds }: Runs): boolean {
  return completePairs(seeds).length >= FEWEST_PAIRS
}

function seedOf({ A, B }: Runs): string {
  return (A ?? B)?.layout.seed ?? ''
}

/** What the intervals are of: nobody shall take them for those of the seed beside them. */
function sureHead({ seeds }: Runs): string {
  return `mean, 95${NBSP}% CI, ${completePairs(seeds).length}${NBSP}seeds`
}

/** A row on the screen; it is made once, so that what has the focus keeps it. */
type Line = ReturnType<typeof lineOf>

function lineOf(row: ScoreRow, host: HTMLElement) {
  const cells = { A: el('td'), B: el('td'), delta: el('td'), sure: el('td') }
  const name = el('th', { scope: 'row' }, nameOf(row, row.name, host))
  return { id: row.id, cells, element: el('tr', {}, name, Object.values(cells)) }
}

function fill({ cells, element }: Line, row: ScoreRow, { A, B }: Runs): void {
  const { help, delta, tone, isWhole } = row
  const both = fading(A) || fading(B)
  explain(element.querySelector('th')!, isWhole ? `${help}. This is of the whole run.` : help)
  element.classList.toggle('whole', isWhole)
  value(cells.A, row.cells.A, fading(A))
  value(cells.B, row.cells.B, `b ${fading(B)}`)
  put(cells.delta, delta, `delta ${tone ?? ''} ${both}`)
  put(cells.sure, surenessWords(row), `sure ${both}`)
  setAll(cells.sure, { title: row.sure?.long ?? surenessWords(row) })
}

/** No difference stands alone: its interval over the seeds, or that it is of 1 seed. */
export function surenessWords({
  delta,
  sure,
  isWhole,
}: Pick<ScoreRow, 'delta' | 'sure' | 'isWhole'>): string {
  const known = sure?.text ?? (delta === '' ? '' : '1 seed')
  if (!isWhole) return known
  return known === '' ? 'whole run' : `${known}, whole run`
}

/** A value; of a yes or no, the mark alone: its word would leave the intervals no room. */
function value(cell: HTMLElement, text: string, name: string): void {
  const mark = /^[✕●](?= )/.exec(text)?.[0]
  put(cell, mark ?? text, name)
  if (mark !== undefined) setAll(cell, { title: text, 'aria-label': text })
}

function put(cell: HTMLElement, text: string, name: string): void {
  setText(cell, text)
  const trimmed = name.trim()
  if (cell.className !== trimmed) cell.className = trimmed
}

/** A name leads to the row of the stack that shows the metric over time. */
function nameOf({ row }: ScoreRow, name: string, host: HTMLElement): Node | string {
  if (row === undefined) return name
  const ask = (): boolean =>
    host.dispatchEvent(new CustomEvent('row', { bubbles: true, detail: { id: row } }))
  return el('button', { type: 'button', class: 'metric', onclick: () => void ask() }, name)
}

/** A result from before the last change, while the new one is being computed. */
function fading(run: VariantRun | undefined): string {
  return run && !run.isDone ? 'old' : ''
}

function trust(runs: Runs, range: Span | undefined): string {
  const seed = seedOf(runs)
  const n = completePairs(runs.seeds).length
  if (!isSure(runs)) return `1 seed (${seed}): nothing is coloured.`
  const part = range ? ', else 1 seed' : ''
  return `Seed ${seed}; CI of the mean B − A, ${n} seeds${part}`
}

/** The rows in numbers. */
export function tableOf(runs: Runs, range: Span | undefined): Table | undefined {
  const rows = scoreRows(runs, range)
  const served = rows.find(({ id }) => id === 'served')
  if (!served || !runs.A?.result || !runs.B?.result) return undefined
  const n = isSure(runs) ? completePairs(runs.seeds).length : 1
  const where = range ? ` between ${partOf(range).replace('–', ' and ')}` : ''
  const { cells, delta, sure } = served
  const range95 =
    sure && sure.text !== ''
      ? `; 95${NBSP}% CI of the mean over ${n} seeds: ${sure.text}${NBSP}pt`
      : ''
  const trusted = range95 === '' ? '1 seed' : 'seed'
  const caption = `A serves ${cells.A} and B ${cells.B} of the requests${where}, B − A is ${delta} (${trusted} ${runs.A.layout.seed}${range95}).`
  return { caption, columns: COLUMNS, rows: rows.map((row) => numbersOf(row, n)) }
}

const COLUMNS = [
  'metric',
  'A',
  'B',
  'unit of the numbers',
  'A (number)',
  'B (number)',
  'B − A',
  'mean B − A: CI low',
  'mean B − A: CI high',
  'B / A',
  'mean B / A: CI low',
  'mean B / A: CI high',
  'seeds',
]

/** A row in numbers of one unit; an interval stands beside the difference or the factor that it is of. */
function numbersOf({ id, name, cells, values, sure }: ScoreRow, seeds: number): Cell[] {
  const [a, b] = [values.A ?? Number.NaN, values.B ?? Number.NaN]
  const ends = [sure?.low, sure?.high]
  const none = [undefined, undefined]
  return [
    name,
    cells.A,
    cells.B,
    unitOfScore(id),
    ...[a, b, b - a].map(finite),
    ...(sure?.isFactor ? none : ends),
    finite(b / a),
    ...(sure?.isFactor ? ends : none),
    sure ? seeds : 1,
  ]
}

/** What never comes has no number. */
function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined
}
