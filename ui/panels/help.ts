/** The keys, and what the page takes for granted. */
import { el } from '../dom.ts'
import { KEYS } from '../keys.ts'
import { openDialog } from './dialog.ts'

const NOTES = [
  'Both variants meet the same requests, arrival by arrival, and the same dice: only what is switched differs.',
  'Response time counts from the moment a request was meant to start, and is told apart for served, failed and refused requests.',
  'Hue says how a request ended; a dashed line is A, a solid one B.',
  'Times below 1 ms and above 137 s share the lowest and the highest row of the heat map.',
]

/** Opens the help. */
export function openHelp(): void {
  const rows = KEYS.map(({ keys, does }) =>
    el('tr', {}, el('th', { scope: 'row' }, el('kbd', {}, keys)), el('td', {}, does)),
  )
  openDialog('Keys and help', [
    el('table', { class: 'keys' }, el('tbody', {}, rows)),
    el(
      'ul',
      {},
      NOTES.map((note) => el('li', {}, note)),
    ),
  ])
}
