/** The keys, what the words mean, and what the page takes for granted. */
import { el } from '../dom.ts'
import { GLOSSARY } from '../facts/glossary.ts'
import { withPart } from '../lazy.ts'
import { hearLetters, hearsLetters, KEYS, type Group } from '../keys.ts'
import { alertsAreOn, switchAlerts } from './alerts.ts'
import { runSeedsUnasked, runsSeedsUnasked } from '../seeds.ts'
import { switchTheme } from '../theme.ts'
import { openDialog } from './dialog.ts'

const NOTES = [
  'Both variants meet the same requests, arrival by arrival, and the same dice: only what is switched differs.',
  'Response time counts from the moment a request was meant to start (open loop), so that waiting for a slow system is not left out, and is told apart for served, failed and refused requests.',
  'Hue says how a request ended; a dashed line is A, a solid one B.',
  'Times below 1 ms and above 137 s share the lowest and the highest row of the heat map.',
]

const SELF_TEST =
  'Self-test: does this browser come to the same digests as every other one, to the last event?'

const GROUPS: readonly Group[] = ['Time', 'Comparison', 'Picture', 'Page']

/** Opens the help. */
export function openHelp(): void {
  openDialog('Keys and help', [
    el('div', { class: 'keys-columns' }, GROUPS.map(keysOf)),
    choice('Keys of a single character are heard', hearsLetters(), hearLetters),
    choice('Alerts while playing', alertsAreOn(), switchAlerts),
    choice('Runs of other seeds, without being asked', runsSeedsUnasked(), runSeedsUnasked),
    el('button', { class: 'btn', type: 'button', onclick: switchTheme }, 'Light or dark'),
    el('h3', {}, 'Good to know'),
    el(
      'ul',
      {},
      NOTES.map((note) => el('li', {}, note)),
      el('li', {}, el('a', { href: './selftest.html' }, SELF_TEST)),
    ),
    howWeKnow(),
    el('h3', {}, 'Words'),
    el(
      'dl',
      { class: 'words' },
      Object.entries(GLOSSARY).map(([term, says]) => [el('dt', {}, term), el('dd', {}, says)]),
    ),
  ])
}

/** Opened, it fetches what was found. */
function howWeKnow(): HTMLElement {
  const details = el('details', {}, el('summary', {}, 'How do we know?'))
  const open = (): void => {
    void withPart(
      () => import('./proof.ts'),
      ({ proof }) => details.append(proof()),
    )
  }
  details.addEventListener('toggle', open, { once: true })
  return details
}

function keysOf(group: Group): HTMLElement {
  const rows = KEYS.filter((one) => one.group === group && one.keys !== '').map(({ keys, does }) =>
    el('tr', {}, el('th', { scope: 'row' }, el('kbd', {}, keys)), el('td', {}, does)),
  )
  const caption = el('caption', {}, group)
  return el('table', { class: 'keys' }, caption, el('tbody', {}, rows))
}

function choice(text: string, isOn: boolean, tell: (isOn: boolean) => void): HTMLElement {
  const box = el('input', { type: 'checkbox' })
  box.checked = isOn
  box.addEventListener('change', () => tell(box.checked))
  return el('label', { class: 'choice' }, box, text)
}
