/** The heading of a topology: which variant, how much of it is served, and what part of the system is drawn in full. */
import { el, setAll, setText, sideTag } from '../dom.ts'
import { icon } from '../draw/icons.ts'
import { CROWD, type Focus } from '../facts/folding.ts'
import { bucketsOf, outcomes, servedAt } from '../facts/window.ts'
import { wholePercent } from '../format.ts'
import type { Runs, VariantRun } from '../runs.ts'
import type { Selection } from '../selection.ts'
import type { Side } from '../state.ts'
import { variantOf } from '../switches.ts'
import type { Drawn } from './topology-plan.ts'
import type { Sharing } from './topology-sharing.ts'

/** Share of requests that are served in what is looked at; 1 when there were none. */
export function servedIn(run: VariantRun, { time, range }: Selection): number {
  if (!range) return servedAt(run, time)
  const { served } = outcomes(run, bucketsOf(run, range))
  return Number.isNaN(served) ? 1 : served
}

/** Share from which most is well. */
const GOOD = 0.9

/** What the button of a focus says. */
const FOCUS_WORDS: Readonly<Record<Focus, string>> = {
  all: 'all',
  cascade: 'cascade',
  near: '2 hops',
}

/** The heading of one picture. */
export class Heading {
  readonly element: HTMLElement
  private readonly sharing: Sharing
  private readonly title = el('h2', {})
  private readonly share = el('b', {})
  private readonly when = el('span', {})
  private readonly now = el('span', { class: 'now' }, this.share, ' ', this.when)
  private readonly focusWord = el('span', {})
  private readonly focus: HTMLButtonElement
  private shown: Focus = 'all'
  private isChosen = false

  constructor(side: Side, sharing: Sharing, find: () => void) {
    this.sharing = sharing
    this.focus = mini(() => this.nextFocus(), [icon('focus'), this.focusWord])
    const search = mini(find, [icon('find'), el('kbd', { 'aria-hidden': 'true' }, '/')])
    setAll(search, { title: 'Find a service (/)', 'aria-label': 'Find a service' })
    const { title, now, focus } = this
    this.element = el('header', {}, sideTag(side), title, now, focus, search)
  }

  nextFocus(): void {
    this.sharing.nextFocus(this.shown, this.isChosen)
  }

  /** Says what is drawn. */
  show(
    { opened }: Runs,
    of: Side,
    selection: Selection,
    drawn: Drawn,
    isDifference: boolean,
  ): void {
    const variant = opened && variantOf(opened.scenario, of)
    const title = variant?.title ?? opened?.scenario.title ?? ''
    setText(this.title, isDifference ? 'B − A, 1 seed' : title)
    this.now.hidden = isDifference
    this.shown = drawn.focus
    this.isChosen = selection.service !== undefined
    const isTold = drawn.nodes > CROWD || drawn.focus !== 'all'
    setText(this.focusWord, isTold ? FOCUS_WORDS[drawn.focus] : '')
    const says = `Focus: ${FOCUS_WORDS[drawn.focus]}. Next focus (G)`
    setAll(this.focus, { title: says, 'aria-label': says })
  }

  /** Says how much is served. */
  tell(run: VariantRun, selection: Selection): void {
    const served = servedIn(run, selection)
    setText(this.share, wholePercent(served))
    this.share.className = served < GOOD ? 'bad' : 'good'
    setText(this.when, selection.range ? 'served in the range' : 'served now')
  }
}

function mini(act: () => void, content: readonly Element[]): HTMLButtonElement {
  return el('button', { class: 'btn mini', type: 'button', onclick: act }, content)
}
