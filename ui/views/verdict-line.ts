/** The heading of the page: what happened and what the pattern changed, in one sentence. */
import { el } from '../dom.ts'
import { onlyDifference, verdict, type Part } from '../facts/verdict.ts'
import { moment } from '../format.ts'
import type { Runs } from '../runs.ts'
import { SIDES } from '../state.ts'
import { drawing, type View } from '../view.ts'

/** Characters beyond which the heading is set smaller. */
const LONG = 95

/** The H1 and the line below it. */
export const verdictLine: View = {
  create(host) {
    const heading = el('h1', {}, 'Faultline')
    const below = el('p', {}, 'One fault, two worlds, the same requests.')
    host.replaceChildren(heading, below)
    return drawing(host, {
      paint(_, runs) {
        const { A, B, opened, difference } = runs
        const isDone = A?.isDone && B?.isDone && A.result && B.result
        if (!opened) return
        const judged = isDone ? verdict(A, B, opened.scenario, difference) : undefined
        if (judged) {
          heading.replaceChildren(...judged.parts.map(partOf))
          heading.classList.toggle('long', heading.textContent.length > LONG)
          below.textContent = judged.below
        } else {
          heading.classList.remove('long')
          heading.textContent = opened.scenario.question || opened.scenario.title
          below.textContent = soFar(runs)
        }
      },
    })
  },
}

function partOf({ text, tone }: Part): Node | string {
  return tone ? el('span', { class: tone }, text) : text
}

function soFar(runs: Runs): string {
  const first = SIDES.flatMap((side) => (runs[side] ? [runs[side].now] : []))
  const done = first.length > 0 ? `Computed to ${moment(Math.min(...first), 0)}. ` : ''
  return `${done}${onlyDifference(runs.difference)}`
}
