/** How do we know? Reference results of the field, and how many of them come out, by family. */
import { el } from '../dom.ts'
import found from '../facts/fidelity.json'

const HEAD = ['family', 'reproduced', 'missed', 'not covered', 'to come', 'numbers that agree']

/** The table, with what it is of. */
export function proof(): HTMLElement {
  const { engine, total, families } = found
  const examined = families.reduce((sum, { cases }) => sum + countOf(cases), 0)
  const about =
    `${examined} of ${total} reference results (closed forms, published numbers, other simulators) were run through ` +
    `ordinary scenarios with engine ${engine}. What must come out, and how far off it may be, was fixed before.`
  return el(
    'div',
    {},
    el('p', {}, about),
    el(
      'table',
      { class: 'proof' },
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          HEAD.map((title) => el('th', { scope: 'col' }, title)),
        ),
      ),
      el('tbody', {}, families.map(rowOf)),
    ),
  )
}

type Family = (typeof found)['families'][number]

function rowOf({ family, cases, reproduced, missed }: Family): HTMLElement {
  const cells = [
    cases.reproduced,
    cases.missed,
    cases['not covered'],
    cases['to come'],
    `${reproduced} of ${reproduced + missed}`,
  ]
  return el(
    'tr',
    {},
    el('th', { scope: 'row' }, family),
    cells.map((cell) => el('td', {}, String(cell))),
  )
}

function countOf(cases: Family['cases']): number {
  return Object.values(cases).reduce((sum, each) => sum + each, 0)
}
