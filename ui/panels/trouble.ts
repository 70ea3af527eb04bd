/** What is wrong, and what is on the screen instead: problems of a file by line and column, lost runs, notes. */
import { formatProblem } from '../../engine/scenario/problem.ts'
import type { Problem } from '../../engine/scenario/problem.ts'
import { el } from '../dom.ts'
import { plural } from '../format.ts'
import {
  listenToDismissal,
  listenToNotices,
  withdrawBadNotices,
  withdrawNotice,
  type Notice,
} from '../notices.ts'
import { SIDES, type Side, type State, type Trouble } from '../state.ts'
import type { Actions } from '../keys.ts'
import type { Store } from '../store.ts'
import type { Desk, Show } from './panel.ts'

/** The cards; hidden while all is well. */
export function troublePanel(host: HTMLElement, desk: Desk, actions: Actions): Show {
  const notices = new Map<string, Notice>()
  let shown: readonly unknown[] = []
  let changes = 0
  const note = (change: () => void): void => {
    change()
    changes++
    desk.store.requestPaint()
  }
  listenToNotices(
    (notice) => note(() => notices.set(notice.id, notice)),
    (id) => note(() => notices.delete(id)),
  )
  listenToDismissal(() => note(() => dropBad(notices)))
  return (state) => {
    const { trouble, progress } = state
    const said = SIDES.flatMap((side) => [progress[side].message, progress[side].restarted])
    const now = [trouble, changes, ...said]
    if (now.every((one, at) => one === shown[at])) return
    shown = now
    const cards = [
      ...(trouble ? [problemsCard(trouble, state, desk)] : []),
      ...SIDES.flatMap((side) => runCards(side, state, desk, actions)),
      ...[...notices.values()].map(noticeCard),
    ]
    host.replaceChildren(...cards)
    host.hidden = cards.length === 0
  }
}

function dropBad(notices: Map<string, Notice>): void {
  for (const { id, tone } of notices.values()) if (tone === 'bad') notices.delete(id)
}

/** Takes away what can be dismissed of what went wrong. A change that made no sense stays until it is undone. */
export function dismissTrouble(store: Store<State>): void {
  withdrawBadNotices()
  if (store.get().trouble?.isRejected) closeTrouble(store)
}

function closeTrouble(store: Store<State>): void {
  store.update((draft) => {
    draft.trouble = undefined
  })
}

function problemsCard(trouble: Trouble, { opened }: State, { store }: Desk): HTMLElement {
  const { name, problems, more, isRejected } = trouble
  const amount = plural(problems.length + more, 'problem')
  const title = isRejected ? `${name} was not opened: ${amount}` : `${amount} in this change`
  const rest = more > 0 ? [el('li', {}, `and ${more} more`)] : []
  const kept = opened ? `What you see is the last good result: ${opened.scenario.title}.` : ''
  const close = button('Dismiss', () => closeTrouble(store))
  const undo = button('Undo the change', () => store.undo())
  return card(title, 'bad', isRejected ? [close] : [undo], [
    el(
      'ol',
      { class: 'problems' },
      problems.map((one) => problemLine(name, one)),
      rest,
    ),
    el('p', { class: 'small' }, kept),
  ])
}

function problemLine(name: string, problem: Problem): HTMLElement {
  const text = formatProblem(name, problem)
  const gap = text.indexOf('  ')
  return el('li', {}, el('code', {}, text.slice(0, gap)), ' ', el('span', {}, text.slice(gap + 2)))
}

/** What a reader must know of a run: that it was lost, that it cannot be trusted, or that it took two attempts. */
function runCards(side: Side, state: State, desk: Desk, actions: Actions): HTMLElement[] {
  const { message, restarted, phase } = state.progress[side]
  const other = side === 'A' ? 'B' : 'A'
  const acts = [
    button('Run again', () => (phase === 'done' ? desk.conductor.rerun() : desk.conductor.retry())),
    button('Copy reproducer link', () => actions.share(1)),
  ]
  if (message !== '') {
    const title = phase === 'done' ? 'A run to be careful with' : 'A run was lost'
    const isAlone = phase !== 'done' && state.progress[other].phase !== 'failed'
    const rest = isAlone ? ` ${other} can still be used.` : ''
    return [card(title, 'bad', acts, [el('p', {}, `${side}: ${message}${rest}`)])]
  }
  if (restarted === '') return []
  const how = `Its first worker ended (${restarted}). The same run gives the same result again.`
  const text = `${how} Long files may need more memory than this browser gives.`
  const close = button('Dismiss', () =>
    desk.store.update((draft) => void (draft.progress[side].restarted = '')),
  )
  return [
    card(`A worker of ${side} was lost and started again`, 'plain', [close], [el('p', {}, text)]),
  ]
}

function noticeCard({ id, tone, title, text, acts = [] }: Notice): HTMLElement {
  const all = acts.map(({ name, run }) => button(name, run))
  const close = button('Dismiss', () => withdrawNotice(id))
  return card(title, tone, [...all, close], [el('p', {}, text)])
}

function card(
  title: string,
  tone: Notice['tone'],
  acts: readonly HTMLElement[],
  content: readonly HTMLElement[],
): HTMLElement {
  const role = tone === 'bad' ? 'alert' : 'status'
  const head = el('header', {}, el('h2', {}, title), acts)
  return el('section', { class: `panel trouble tone-${tone}`, role }, head, content)
}

function button(name: string, act: () => unknown): HTMLButtonElement {
  return el('button', { class: 'btn', type: 'button', onclick: () => void act() }, name)
}
