/** All knobs of one pattern of the scenario. A change goes into the scenario and runs both variants again. */
import type { AnyComponent } from '../../engine/component.ts'
import type { Params } from '../../engine/params.ts'
import type { Attachment } from '../../engine/scenario/scenario.ts'
import { controls } from '../controls.ts'
import { el } from '../dom.ts'
import { capitalised, words } from '../format.ts'
import type { Catalogue } from '../patterns.ts'
import { about } from './about.ts'
import { openDialog } from './dialog.ts'
import type { Desk } from './panel.ts'
import { setValue } from './set-value.ts'

/** Opens the knobs of an attachment. */
export function openKnobs(id: string, catalogue: Catalogue, desk: Desk): void {
  const { opened } = desk.store.get()
  const attachment = [...(opened?.scenario.patterns ?? []), ...(opened?.off ?? [])].find(
    (one) => one.id === id,
  )
  const component = attachment && catalogue.get(attachment.use)
  if (!attachment || !component) return
  openDialog(capitalised(words(component.name)), [
    about(component),
    el('p', { class: 'small' }, `Here it is called ${id}. Changes count for A and B.`),
    ...placesOf(attachment, component, desk),
    el(
      'section',
      { class: 'knobs' },
      controls(component.params as Params, attachment.values, (path, text) =>
        setValue(`patterns.${id}.${path}`, text, desk),
      ),
    ),
  ])
}

/** Values that differ at some places have controls of their own. */
function placesOf({ id, where }: Attachment, component: AnyComponent, desk: Desk): HTMLElement[] {
  const params = component.params as Params
  const special = where.filter(({ values }) => Object.keys(values).length > 0)
  const plain = where.filter((line) => !special.includes(line)).map(({ selector }) => selector)
  const list = plain.length > 0 ? [el('p', { class: 'small' }, `At ${plain.join(', ')}.`)] : []
  return [
    ...list,
    ...special.map(({ selector, values }) => {
      const own = Object.fromEntries(Object.keys(values).map((name) => [name, params[name]!]))
      const isShort = Object.keys(own).join() === component.primary
      const change = (path: string, text: string): void => {
        const below = isShort ? '' : `.${path}`
        setValue(`patterns.${id}.where.${selector}${below}`, text, desk)
      }
      const head = el('legend', {}, selector)
      return el('fieldset', { class: 'knobs' }, head, controls(own, values, change))
    }),
  ]
}
