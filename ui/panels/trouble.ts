/** What is wrong, and what is on the screen instead: problems of a file by line and column, or a lost worker. */
import { formatProblem } from '../../engine/scenario/problem.ts'
import type { Problem } from '../../engine/scenario/problem.ts'
import { el } from '../dom.ts'
import { plural } from '../format.ts'
import { SIDES, type State, type Trouble } from '../state.ts'
import type { Desk, Panel } from './panel.ts'

/** The card; hidden while all is well. */
export const troublePanel: Panel = (host, desk) => {
  let shown: readonly unknown[] = []
  return (state) => {
    const { trouble, progress } = state
    const lost = SIDES.map((side) => progress[side].message)
    const now = [trouble, ...lost]
    if (now.every((one, at) => one === shown[at])) return
    shown = now
    const cards = [
      ...(trouble ? [problemsCard(trouble, state, desk)] : []),
      ...SIDES.flatMap((side, at) => {
        const title =
          progress[side].phase === 'done' ? 'A run to be careful with' : 'A run was lost'
        return lost[at] ? [lostCard(title, `${side}: ${lost[at]}`, desk)] : []
      }),
    ]
    host.replaceChildren(...cards)
    host.hidden = cards.length === 0
  }
}

function problemsCard(trouble: Trouble, { opened }: State, { store }: Desk): HTMLElement {
  const { name, problems, more, isRejected } = trouble
  const amount = plural(problems.length + more, 'problem')
  const title = isRejected ? `${name} was not opened: ${amount}` : `${amount} in this change`
  const rest = more > 0 ? [el('li', {}, `and ${more} more`)] : []
  const kept = opened ? `What you see is the last good result: ${opened.scenario.title}.` : ''
  const close = el('button', { class: 'btn', type: 'button' }, 'Dismiss')
  close.addEventListener('click', () => {
    store.update((draft) => {
      draft.trouble = undefined
    })
  })
  const undo = el('button', { class: 'btn', type: 'button' }, 'Undo the change')
  undo.addEventListener('click', () => store.undo())
  return el(
    'section',
    { class: 'panel trouble', role: 'alert' },
    el('header', {}, el('h2', {}, title), isRejected ? close : undo),
    el(
      'ol',
      { class: 'problems' },
      problems.map((one) => problemLine(name, one)),
      rest,
    ),
    el('p', { class: 'small' }, kept),
  )
}

function problemLine(name: string, problem: Problem): HTMLElement {
  const text = formatProblem(name, problem)
  const gap = text.indexOf('  ')
  return el('li', {}, el('code', {}, text.slice(0, gap)), ' ', el('span', {}, text.slice(gap + 2)))
}

function lostCard(title: string, message: string, { conductor }: Desk): HTMLElement {
  const retry = el('button', { class: 'btn', type: 'button' }, 'Run again')
  retry.addEventListener('click', () => conductor.retry())
  return el(
    'section',
    { class: 'panel trouble', role: 'alert' },
    el('header', {}, el('h2', {}, title), retry),
    el('p', {}, message),
  )
}
