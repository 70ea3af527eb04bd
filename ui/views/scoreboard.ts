/** What both runs come to: metrics of A and B and their difference, coloured only where it says something. */
import { el, sideTag } from '../dom.ts'
import { lastFaultEnd } from '../facts/faults.ts'
import { ownScores, scores, type Score } from '../facts/scores.ts'
import { moment, percent, span } from '../format.ts'
import type { Runs, VariantRun } from '../runs.ts'
import { drawing, type View } from '../view.ts'

/** A table; the sentence below says how far it can be trusted. */
export const scoreboard: View = {
  create(host) {
    const when = el('small', {})
    const body = el('tbody')
    const columns = [el('th', { scope: 'col' }, 'Metric'), column('A'), column('B')]
    const last = el('th', { scope: 'col' }, 'B − A')
    const head = el('thead', {}, el('tr', {}, columns, last))
    const table = el(
      'table',
      { class: 'scores', 'aria-label': 'Metrics of both variants' },
      head,
      body,
    )
    const note = el('p', { class: 'small' })
    host.replaceChildren(el('header', {}, el('h2', {}, 'Whole run'), when), table, note)
    let shown: readonly unknown[] = [undefined]
    return drawing(host, {
      paint(_, runs) {
        const { A, B, opened } = runs
        const run = A ?? B
        const now = [A?.result, B?.result, A?.isDone, B?.isDone]
        if (!run || now.every((one, at) => one === shown[at])) return
        shown = now
        when.textContent = `0 – ${moment(run.layout.duration, 0)}`
        const claims = opened?.scenario.expect.map(({ text }) => text) ?? []
        const own = ownScores(claims, A?.result, B?.result)
        const rows = [...scores(lastFaultEnd(run.layout)), ...own].map((one) => rowOf(one, runs))
        body.replaceChildren(...rows, ...objectiveRow(runs))
        note.textContent = trust(runs)
      },
    })
  },
}

function column(side: 'A' | 'B'): HTMLElement {
  return el('th', { scope: 'col' }, sideTag(side))
}

function rowOf(score: Score, { A, B }: Runs): HTMLTableRowElement {
  const [a, b] = [A, B].map((run) => (run?.result ? score.read(run.result) : undefined))
  const delta = a === undefined || b === undefined ? undefined : score.compare(a, b)
  const hue = delta?.isGood === undefined ? '' : delta.isGood ? 'good' : 'bad'
  const name = el('th', { scope: 'row', title: score.help }, score.name)
  const cells = [a, b].map((value) => (value === undefined ? '–' : score.write(value)))
  return el(
    'tr',
    {},
    name,
    el('td', { class: fading(A) }, cells[0]),
    el('td', { class: `b ${fading(B)}` }, cells[1]),
    el('td', { class: `${hue} ${fading(A) || fading(B)}` }, delta?.text ?? ''),
  )
}

/** A result from before the last change, while the new one is being computed. */
function fading(run: VariantRun | undefined): string {
  return run && !run.isDone ? 'old' : ''
}

/** Whether users got what they were promised. */
function objectiveRow({ A, B, opened }: Runs): HTMLElement[] {
  const promised = opened?.scenario.objective
  if (promised?.served === undefined && promised?.p99 === undefined) return []
  const kept = [A, B].map((run) => {
    if (!run?.result) return '–'
    const { requests, latencyMs } = run.result
    const served = (requests.ok + requests.degraded) / Math.max(1, requests.offered)
    const isServed = promised.served === undefined || served >= promised.served
    const isFast = promised.p99 === undefined || latencyMs.p99 * 1e6 <= promised.p99
    return isServed && isFast ? '● met' : '✕ missed'
  })
  const parts = [
    promised.served === undefined ? '' : `${percent(promised.served)} served`,
    promised.p99 === undefined ? '' : `99 of 100 within ${span(promised.p99)}`,
  ]
  const title = parts.filter((part) => part !== '').join(', ')
  const name = el('th', { scope: 'row', title }, 'Objective')
  return [el('tr', {}, name, el('td', {}, kept[0]), el('td', { class: 'b' }, kept[1]), el('td'))]
}

function trust({ A }: Runs): string {
  const seed = A ? ` (seed ${A.layout.seed})` : ''
  return `1 seed${seed}: one run proves nothing, so no interval is given. Times are of served requests.`
}
