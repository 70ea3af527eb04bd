/** What goes over the chosen edge, in numbers, in a corner of the picture that the edge leaves free. */
import type { Plan } from '../draw/plan.ts'
import { el, setAll, setText } from '../dom.ts'
import { circuitState, type EdgeNow } from '../facts/edges.ts'
import { arrows, digits, NBSP, percent } from '../format.ts'
import { explain } from '../hint.ts'
import { choose, type Selection } from '../selection.ts'
import type { Reading } from './topology-showing.ts'

/** Rows of the card: what is counted, and what it means. */
const ROWS: readonly (readonly [name: string, help: string, of: (edge: EdgeNow) => number])[] = [
  ['calls', 'What the caller wanted to know', ({ calls }) => calls],
  ['attempts', 'Calls on the wire, tries again included', ({ rate }) => rate],
  ['tries again', 'Attempts after the first', ({ retries }) => retries],
  ['timed out', 'Attempts whose caller stopped waiting', ({ timeouts }) => timeouts],
  ['refused', 'Calls that were turned away on purpose', ({ calls, refused }) => calls * refused],
  ['too late', 'Answers that came when nobody waited', ({ late }) => late],
]

/** Makes the card; it is hidden until an edge is chosen. */
export function edgeCard() {
  const title = el('h3', {})
  const numbers = ROWS.map(() => el('dd', {}))
  const terms = ROWS.map(([name, help]) => explain(el('dt', {}, name), help))
  const list = el(
    'dl',
    {},
    terms.map((term, at) => [term, numbers[at]!]),
  )
  const words = el('p', {})
  const close = el('button', { class: 'link', type: 'button', 'aria-label': 'Close' }, '✕')
  const element = el(
    'section',
    { class: 'card edge-card', hidden: true },
    title,
    close,
    list,
    words,
  )
  close.addEventListener('click', () => choose(element, { edge: undefined }))
  return {
    element,
    show({ run, now }: Reading, { edge: name }: Selection, plan: Plan | undefined): void {
      const edge = name === undefined ? undefined : now.edges.get(name)
      element.hidden = !edge
      if (!edge) return
      setText(title, arrows(edge.name))
      setAll(element, { 'aria-label': `Calls ${arrows(edge.name)}` })
      for (const [at, [, , of]] of ROWS.entries()) {
        setText(numbers[at]!, `${digits(of(edge), 3)}/s`)
      }
      setText(words, wordsOf(edge, circuitState(run, edge.name, now.until)))
      keepClear(element, edge.name, plan)
    },
  }
}

function wordsOf(
  { calls, failed, refused, blocked }: EdgeNow,
  circuit: string | undefined,
): string {
  const bad =
    calls > 0 ? `${percent(failed)} of the calls fail, ${percent(refused)} are refused.` : ''
  if (circuit === undefined) return bad || 'No calls.'
  const turned = blocked > 0 ? ` and turns ${digits(blocked, 3)}${NBSP}tries/s away` : ''
  return `The circuit is ${circuit}${turned}. ${bad}`.trim()
}

/** Puts the card in the half of the picture where the edge is not. */
function keepClear(card: HTMLElement, edge: string, plan: Plan | undefined): void {
  const found = plan?.edges.find(({ edges }) => edges.includes(edge))
  const room = card.parentElement
  if (!found || !room) return
  const { x, y } = found.curve.at(0.5)
  card.classList.toggle('at-left', x > room.clientWidth / 2)
  card.classList.toggle('at-bottom', y < room.clientHeight / 2)
}
