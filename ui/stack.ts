/** The rows that are on the screen: made when they are wanted, in the order that is wanted, pinned ones at the top. */
import { el, setAll } from './dom.ts'
import { nameSplitter, splitter } from './draw/splitter.ts'
import { arrangementOf, heightOf, shownRows, type Arrangement, type RowKind } from './rows.ts'
import type { Runs } from './runs.ts'
import type { Side, State } from './state.ts'
import type { Drawing } from './view.ts'

/** A row that is on the screen. */
interface Standing {
  readonly kind: RowKind
  readonly host: HTMLElement
  readonly drawing: Drawing
}

/** Where charts have a part of the page to themselves. */
export const PHONE = '(max-width: 719px)'

/** More rows than this scroll; then there is no need for them to be low. */
const MANY = 7

/** Puts rows before the axis, which lies over them all. */
export class Stack {
  private readonly host: HTMLElement
  private readonly drawings: Map<string, Drawing>
  private readonly top = el('div', { class: 'pinned' })
  private readonly phone = matchMedia(PHONE)
  private standing: readonly Standing[] = []
  private order = ''
  /** The only variant that rows for both are given; undefined: both. */
  private only: Side | undefined

  /** @param host holds the rows; @param drawings what is on the screen, by id: rows come and go in it */
  constructor(host: HTMLElement, drawings: Map<string, Drawing>) {
    this.host = host
    this.drawings = drawings
  }

  /** Brings the rows that are wanted on the screen; their pictures are drawn with all others. */
  show(state: State, runs: Runs): void {
    const arrangement = arrangementOf(state.view, this.phone.matches)
    this.only = arrangement === 'run' ? state.view.side : undefined
    const services = (runs.A ?? runs.B)?.layout.services.length ?? 0
    const kinds = shownRows(state, arrangement, this.only && runs[this.only])
    this.arrange(kinds, state.view.pinned, arrangement)
    const isMany = this.standing.length > MANY
    for (const { kind, host } of this.standing) {
      const height = state.view.heights[kind.id] ?? heightOf(kind, services)
      host.style.setProperty('--row', String(height))
      host.style.setProperty('--least', String(isMany ? 0.9 : kind.least))
      nameSplitter(host, nameOf(kind, arrangement))
    }
  }

  private arrange(kinds: readonly RowKind[], pinned: readonly string[], how: Arrangement): void {
    const order = `${how} ${kinds.map(({ id }) => id).join(' ')} ${pinned.join(' ')}`
    if (order === this.order) return
    this.order = order
    for (const row of this.standing) if (!kinds.includes(row.kind)) this.drop(row)
    const before = this.standing
    this.standing = kinds.map((kind) => before.find((one) => one.kind === kind) ?? this.make(kind))
    for (const { kind, host } of this.standing) setAll(host, { 'aria-label': nameOf(kind, how) })
    this.place(pinned)
  }

  /** Moving an element takes the focus from it; it is given back. */
  private place(pinned: readonly string[]): void {
    const focused = document.activeElement
    const isTop = ({ kind }: Standing): boolean => pinned.includes(kind.id)
    const tops = this.standing.filter(isTop)
    this.top.replaceChildren(...tops.map(({ host }) => host))
    this.top.hidden = tops.length === 0
    const rest = this.standing.filter((row) => !isTop(row))
    this.host.prepend(this.top, ...rest.map(({ host }) => host))
    if (focused instanceof HTMLElement && this.host.contains(focused)) {
      focused.focus({ preventScroll: true })
    }
  }

  private make(kind: RowKind): Standing {
    const { id, of } = kind
    const host = el('div', { id, class: 'row', 'data-of': of, role: 'group', tabindex: 0 })
    this.host.prepend(host)
    const drawing = this.narrowed(kind, kind.view.create(host))
    this.drawings.set(id, drawing)
    host.append(splitter(host))
    return { kind, host, drawing }
  }

  private drop({ kind, host, drawing }: Standing): void {
    drawing.destroy()
    this.drawings.delete(kind.id)
    host.remove()
  }

  /** Where one variant is looked at, rows for both are given that one alone. */
  private narrowed({ of }: RowKind, drawing: Drawing): Drawing {
    if (of !== 'AB') return drawing
    return {
      ...drawing,
      update: (runs, selection) => drawing.update(onlyOf(runs, this.only), selection),
    }
  }
}

function nameOf({ name, of }: RowKind, arrangement: Arrangement): string {
  return of === 'AB' || arrangement === 'run' ? name : `${name} in ${of}`
}

/** The runs of a side alone. What was drawn of both is another picture: its revision is another one too. */
function onlyOf(runs: Runs, side: Side | undefined): Runs {
  const revision = runs.revision * 3
  if (side === 'A') return { ...runs, B: undefined, revision: revision + 1 }
  if (side === 'B') return { ...runs, A: undefined, revision: revision + 2 }
  return { ...runs, revision }
}
