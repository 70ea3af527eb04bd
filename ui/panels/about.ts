/** What a pattern is, in words. */
import type { AnyComponent } from '../../engine/component.ts'
import { el } from '../dom.ts'
import { capitalised } from '../format.ts'

/** What a pattern is, gives and costs, and whose semantics it has. */
export function about({ about: says, tradeOff, source, at }: AnyComponent): HTMLElement {
  return el(
    'div',
    { class: 'about' },
    el('p', {}, says),
    el(
      'p',
      { class: 'small' },
      `${capitalised(tradeOff)}. Sits at: ${at.join(', ')}. After ${source}.`,
    ),
  )
}
