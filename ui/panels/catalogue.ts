/** The catalogue: every pattern there is, with its knobs and their defaults, and a way to add it. */
import type { AnyComponent, Family } from '../../engine/component.ts'
import type { Params } from '../../engine/params.ts'
import { defaultsOf } from '../../engine/params.ts'
import { addPattern } from '../add-pattern.ts'
import { controls } from '../controls.ts'
import { el } from '../dom.ts'
import { capitalised, words } from '../format.ts'
import type { Catalogue } from '../patterns.ts'
import { openDialog } from './dialog.ts'
import { about } from './about.ts'
import type { Desk } from './panel.ts'

/** Opens the catalogue. Knobs of a pattern are made when it is unfolded. */
export function openCatalogue(patterns: Catalogue, desk: Desk): void {
  const families = [...new Set([...patterns.values()].map(({ family }) => family))]
  const dialog = openDialog(
    'Patterns',
    families.map((family) => section(family, patterns, desk, () => dialog.close())),
  )
}

function section(family: Family, patterns: Catalogue, desk: Desk, close: () => void): HTMLElement {
  const members = [...patterns.values()].filter((one) => one.family === family)
  return el(
    'section',
    { class: 'family' },
    el('h3', {}, capitalised(family)),
    members.map((one) => entry(one, desk, close)),
  )
}

function entry(component: AnyComponent, desk: Desk, close: () => void): HTMLElement {
  const title = el('b', {}, capitalised(words(component.name)))
  const summary = el('summary', {}, title, el('span', {}, component.about))
  const details = el('details', { 'data-component': component.name }, summary)
  const fill = (): void => {
    const params = component.params as Params
    const add = el('button', { class: 'btn', type: 'button' }, 'Add to B')
    add.addEventListener('click', () => {
      close()
      void addPattern(component, desk)
    })
    const knobs = el('div', { class: 'knobs' }, controls(params, defaultsOf(params), undefined))
    details.append(about(component), add, knobs)
  }
  details.addEventListener('toggle', fill, { once: true })
  return details
}
