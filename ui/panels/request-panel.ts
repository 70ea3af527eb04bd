/** Follows one request: a list to choose from, its calls in both variants, and all there is to know of one call. */
import type { RequestFilter } from '../../engine/requests.ts'
import type { Cell } from '../cell.ts'
import { setAll, setText } from '../dom.ts'
import type { WaterfallModel } from '../draw/waterfall-scene.ts'
import { headlineOf, opOf, pathWords, readRequest, sameness } from '../facts/request-words.ts'
import { callTable, listTable, whereWords } from '../facts/request-tables.ts'
import type { Table } from '../facts/table.ts'
import { MOST_FOLDED, waterfallRows, type CallRow, type FoldLevel } from '../facts/waterfall.ts'
import { count, wholePercent } from '../format.ts'
import type { Inspectors } from '../inspector.ts'
import { hearsLetters } from '../keys.ts'
import { recall, remember } from '../memory.ts'
import type { Runs } from '../runs.ts'
import { choose, type Selection } from '../selection.ts'
import { RequestQuestions } from '../request-questions.ts'
import { SIDES, type Side } from '../state.ts'
import type { Drawing, Repaintable } from '../view.ts'
import { requestListView, type ListModel } from '../views/request-list.ts'
import { focusRow, waterfallView, type RowPlace } from '../views/waterfall.ts'
import { showDetail } from './request-detail.ts'
import { requestParts, type RequestParts } from './request-parts.ts'

/** Requests that ended this long before and after the one whose number was typed are its neighbours, ns. */
const AROUND = 1e9
/** Whether the panel is to be large is remembered under this name. */
const TALL = 'request-tall'

/** The panel in its place. It is on the screen while a request is followed or chosen from a list. */
export class RequestPanel implements Drawing {
  private readonly host: HTMLElement
  private readonly parts: RequestParts
  private readonly questions: RequestQuestions
  private readonly showList: (model: ListModel) => void
  private readonly waterfall: Repaintable
  private cell: Cell | undefined
  private filter: RequestFilter | undefined
  private isAsked = false
  private level: FoldLevel = 1
  private opened: ReadonlySet<string> = new Set()
  private isPathShown = false
  private chosen: RowPlace | undefined
  private looked = ''
  private painted: readonly unknown[] = []
  private latest: { readonly runs: Runs; readonly selection: Selection } | undefined
  /** What had the focus before the panel was there. */
  private before: Element | null = null
  private wantsFocus = false

  constructor(host: HTMLElement, inspectors: Inspectors) {
    this.host = host
    this.parts = requestParts()
    this.questions = new RequestQuestions(inspectors, () => this.show())
    const { parts } = this
    host.replaceChildren(parts.header, parts.line, parts.body)
    host.classList.toggle('tall', recall(TALL) === 'yes')
    this.showList = requestListView(parts.list, {
      onChoose: (request) => choose(host, { request }),
      onFilter: (filter) => this.change(() => (this.filter = filter)),
    })
    this.waterfall = waterfallView(parts.scroll, {
      model: () => this.model(),
      onLook: (row, side) => this.look(row, side),
      onLeave: () => this.chosen && this.goBack(this.chosen),
      onChoose: (row, side) => this.choose(row, side),
      onFold: (row) => this.fold(row),
    })
    this.listen()
  }

  /** Lists the requests of a cell. */
  showCell(cell: Cell): void {
    this.open()
    this.wantsFocus = true
    this.change(() => {
      this.cell = cell
      this.filter = undefined
    })
  }

  /** Shows the panel with the field for a number. */
  askNumber(): void {
    this.open()
    this.change(() => (this.isAsked = true))
    this.parts.number.focus()
    this.parts.number.select()
  }

  update(runs: Runs, selection: Selection): void {
    const { request } = selection
    const isOther = this.latest?.selection.request !== request
    const isNew = isOther || this.latest?.runs.revision !== runs.revision || this.host.hidden
    if (isOther) this.follow(request)
    this.latest = { runs, selection }
    if (!this.isOpen) {
      this.host.hidden = true
      return
    }
    // While it is played nothing changes but the cursor.
    if (isNew) this.show()
    this.waterfall.update(runs, selection)
  }

  table(): Table | undefined {
    const { trees, list } = this.questions
    if (!this.isOpen) return undefined
    if (Object.keys(trees).length > 0) return callTable(trees)
    return list && this.cell && listTable(list, whereWords(this.cell.side, this.cell))
  }

  destroy(): void {
    this.waterfall.destroy()
    this.host.replaceChildren()
  }

  private get request(): number | undefined {
    return this.latest?.selection.request
  }

  private get isOpen(): boolean {
    return this.request !== undefined || this.cell !== undefined || this.isAsked
  }

  private model(): WaterfallModel {
    const { trees } = this.questions
    const { level, opened, isPathShown, chosen } = this
    return { trees, folding: { level, opened }, text: this.parts.filter.value, isPathShown, chosen }
  }

  /** Another request is followed, or none. */
  private follow(request: number | undefined): void {
    if (request !== undefined) this.open()
    this.opened = new Set()
    this.chosen = undefined
    this.looked = ''
    this.parts.detail.replaceChildren()
    if (request !== undefined) this.parts.number.value = String(request)
  }

  private open(): void {
    if (this.host.hidden) this.before = document.activeElement
  }

  private close(): void {
    this.cell = undefined
    this.isAsked = false
    this.questions.stop()
    choose(this.host, { request: undefined })
    this.host.hidden = true
    if (this.before instanceof HTMLElement || this.before instanceof SVGElement) this.before.focus()
  }

  private change(edit: () => void): void {
    edit()
    this.show()
  }

  /** Brings everything but the cursor up to date. */
  private show(): void {
    const { latest, questions, parts, request } = this
    if (!latest || !this.isOpen) return
    this.host.hidden = false
    const { cell, filter } = this
    questions.want({ request, cell, filter }, latest.runs)
    this.lookAround()
    this.showWords()
    this.showProgress()
    const where = this.cell ? whereWords(this.cell.side, this.cell) : ''
    const note =
      questions.progress.list !== undefined && !questions.list ? 'Looking for them …' : ''
    this.showList({ list: questions.list, where, filter, chosen: request, note })
    if (this.wantsFocus && questions.list) this.focusList()
    this.host.classList.toggle('has-request', request !== undefined)
    setAll(parts.path, { 'aria-pressed': String(this.isPathShown) })
    this.paintOnce()
    this.lookFirst()
  }

  /** Draws the waterfall anew when what it is drawn of has changed. */
  private paintOnce(): void {
    const { trees } = this.questions
    const now = [trees.A, trees.B, this.isPathShown]
    if (now.every((each, at) => each === this.painted[at])) return
    this.painted = now
    this.waterfall.repaint()
  }

  /** Until somebody looks at a row: the first call that went on for nobody, or else the first. */
  private lookFirst(): void {
    if (this.looked !== '' || this.questions.isAsking) return
    for (const side of SIDES) {
      const rows = this.rowsOf(side)
      const row = rows.find(({ nodes }) => nodes[0]?.span.abandonedAt !== undefined) ?? rows[0]
      if (row) return this.look(row, side)
    }
  }

  /** Whoever typed a number wants to see its neighbours, too. */
  private lookAround(): void {
    const { A, B } = this.questions.trees
    const tree = A ?? B
    if (this.cell !== undefined || !tree || this.questions.isAsking) return
    const side = A ? 'A' : 'B'
    const middle = tree.answeredAt ?? tree.last
    this.cell = {
      side,
      from: Math.max(0, middle - AROUND),
      until: middle + AROUND,
      lowest: 0,
      highest: Infinity,
      outcome: undefined,
    }
    this.show()
  }

  private showWords(): void {
    const { parts, questions, request } = this
    const { A, B } = questions.trees
    const op = (A ?? B) ? opOf((A ?? B)!) : ''
    const name = request === undefined ? 'Follow one request' : `Request ${count(request)}`
    setText(parts.title, op === '' ? name : `${name}: ${op}`)
    setText(parts.same, A && B ? sameness(A, B) : '')
    const told = this.isPathShown
      ? SIDES.map((side) => this.pathOf(side)).join(' ')
      : headlineOf({ A, B })
    const waits = questions.waiting.length > 0 ? 'Waiting until the runs are complete.' : ''
    setText(parts.headline, told.trim() || waits)
    setText(parts.problem, questions.problem)
    setAll(parts.problem, { hidden: questions.problem === '' })
    setAll(parts.again, { hidden: !/lost|failed|Stopped/.test(questions.problem) })
  }

  private pathOf(side: Side): string {
    const tree = this.questions.trees[side]
    return tree ? `${side}: ${pathWords(tree)}` : ''
  }

  private showProgress(): void {
    const { progress } = this.questions
    const shares = Object.values(progress)
    const { parts } = this
    const share = shares.length === 0 ? 1 : Math.min(...shares)
    setAll(parts.progress, { hidden: shares.length === 0 })
    parts.busy.value = share
    setText(parts.progress.firstElementChild!, `Running it again: ${wholePercent(share)}`)
  }

  private focusList(): void {
    this.wantsFocus = false
    this.parts.list.querySelector<HTMLElement>('[tabindex="0"]')?.focus()
  }

  private look(row: CallRow, side: Side): void {
    const key = `${side} ${row.key} ${this.request}`
    const tree = this.questions.trees[side]
    if (key === this.looked || !tree) return
    this.looked = key
    showDetail(this.parts.detail, row, { side, tree }, (span) => this.goTo(span, side))
  }

  /** Shows the chosen row again after others were looked at. */
  private goBack({ side, key }: RowPlace): void {
    const row = this.rowsOf(side).find((each) => each.key === key)
    if (row) this.look(row, side)
  }

  private rowsOf(side: Side): CallRow[] {
    const tree = this.questions.trees[side]
    return tree ? waterfallRows(tree, { level: this.level, opened: this.opened }) : []
  }

  private choose(row: CallRow, side: Side): void {
    this.chosen = { side, key: row.key }
    this.look(row, side)
    this.redraw(this.chosen)
  }

  private fold(row: CallRow): void {
    const opened = new Set(this.opened)
    if (!opened.delete(row.key)) opened.add(row.key)
    this.opened = opened
    const side = this.host.querySelector<SVGElement>(':focus')?.dataset['side'] as Side | undefined
    this.redraw(side && { side, key: row.key })
  }

  /** Shows the row of a span, unfolded if need be. */
  private goTo(span: number, side: Side): void {
    const shows = (row: CallRow): boolean => row.nodes.some((node) => node.span.id === span)
    this.parts.filter.value = ''
    if (!this.rowsOf(side).some((row) => row.fold === 'none' && shows(row))) this.level = 0
    const row = this.rowsOf(side).find(shows)
    if (row) this.choose(row, side)
  }

  private setLevel(level: number): void {
    this.level = Math.min(MOST_FOLDED, Math.max(0, level)) as FoldLevel
    this.opened = new Set()
    this.redraw(undefined)
  }

  private redraw(focus: RowPlace | undefined): void {
    this.waterfall.repaint()
    if (focus) focusRow(this.parts.scroll, focus.side, focus.key)
  }

  private listen(): void {
    const { parts, host } = this
    parts.form.addEventListener('submit', (event) => {
      event.preventDefault()
      this.typed()
    })
    parts.filter.addEventListener('input', () => this.waterfall.repaint())
    parts.less.addEventListener('click', () => this.setLevel(this.level + 1))
    parts.more.addEventListener('click', () => this.setLevel(this.level - 1))
    parts.path.addEventListener('click', () => this.togglePath())
    parts.close.addEventListener('click', () => this.close())
    parts.stop.addEventListener('click', () => this.questions.stop())
    parts.again.addEventListener('click', () => this.questions.retry())
    parts.back.addEventListener('click', () => choose(host, { request: undefined }))
    parts.tall.addEventListener('click', () => {
      remember(TALL, host.classList.toggle('tall') ? 'yes' : 'no')
    })
    document.addEventListener('keydown', (event) => {
      if (!host.hidden && !event.defaultPrevented && this.press(event)) event.preventDefault()
    })
  }

  private typed(): void {
    const read = readRequest(this.parts.number.value)
    if (typeof read === 'number') {
      this.cell = undefined
      this.questions.problem = ''
      choose(this.host, { request: read })
      return
    }
    this.questions.problem = read
    this.show()
  }

  private togglePath(): void {
    this.change(() => (this.isPathShown = !this.isPathShown))
  }

  /** Keys of the panel; letters only where nobody types. Answers whether the key was for us. */
  private press({ key, code, target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
    if (document.querySelector('dialog[open], :popover-open:not(.hint)')) return false
    const isHere = target instanceof Node && this.host.contains(target)
    if (key === 'Escape') return this.escape(isHere)
    const isTyping = target instanceof HTMLInputElement
    if (!isHere || isTyping || ctrlKey || metaKey || altKey || !hearsLetters()) return false
    if (code === 'BracketLeft') this.setLevel(this.level + 1)
    else if (code === 'BracketRight') this.setLevel(this.level - 1)
    else if (code === 'KeyC') this.togglePath()
    else if (key === '/') this.parts.filter.focus()
    else return false
    return true
  }

  /** In the filter it clears the filter; else it closes the panel. */
  private escape(isHere: boolean): boolean {
    const { filter } = this.parts
    if (document.body.dataset['state'] === 'computing' && !isHere) return false
    if (document.activeElement === filter && filter.value !== '') {
      filter.value = ''
      this.waterfall.repaint()
    } else this.close()
    return true
  }
}
