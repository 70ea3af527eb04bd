/** What the hues mean. An outcome that is clicked is shown alone; the colours of the heat map are told with their counts. */
import { el, setAll, setText } from '../dom.ts'
import { asShares, isolated, strongestCount } from '../draw/option.ts'
import { meaningOf } from '../facts/glossary.ts'
import { count } from '../format.ts'
import { explain } from '../hint.ts'

const OUTCOMES = [
  ['ok', 'served'],
  ['slow', 'slow'],
  ['fast', 'failed fast'],
  ['fail', 'failed'],
] as const

/** Builds the legend. */
export function legend(): HTMLElement {
  const outcomes = OUTCOMES.map(([hue, text]) => {
    const button = el(
      'button',
      { type: 'button', 'aria-pressed': 'false' },
      el('i', { class: hue }),
      text,
    )
    explain(button, `${meaningOf(text) ?? ''}. Press to show only these.`)
    button.addEventListener('click', () => isolated.set(isolated.value === hue ? undefined : hue))
    isolated.watch((only) => setAll(button, { 'aria-pressed': String(only === hue) }))
    return el('li', {}, button)
  })
  const cells = el('span', {}, 'requests per cell')
  strongestCount.watch((most) => {
    setText(cells, most > 1 ? `1 to ${count(most)} requests` : 'requests per cell')
  })
  const lines = el('li', { class: 'lines-entry' }, el('i', { class: 'lines' }), 'p50, p99')
  const heat = el('li', {}, el('i', { class: 'heat' }), cells)
  explain(lines, meaningOf('p50, p99'))
  explain(heat, meaningOf('requests per cell'))
  return el('ul', { class: 'legend', 'aria-label': 'Legend' }, outcomes, heat, lines)
}

/** Switches the outcome rows between rates and shares. */
export function switchShares(): void {
  asShares.set(!asShares.value)
}
