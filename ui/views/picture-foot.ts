/** Below a picture: what a dot stands for, and a way to keep positions that were computed. */
import { el, setAll, setText } from '../dom.ts'
import { ratePerDot } from '../draw/dots.ts'
import type { Place } from '../draw/graph.ts'
import { digits, NBSP, plural } from '../format.ts'
import { askPlaces } from '../picture-edits.ts'

/** Makes the foot. */
export function pictureFoot() {
  const scale = el('span', { class: 'dot-scale' })
  const keep = el('button', { class: 'link', type: 'button' }, 'Keep these positions')
  const element = el('div', { class: 'graph-foot' }, scale, keep)
  let unplaced: readonly Place[] = []
  keep.addEventListener('click', () => {
    const places = unplaced.map(({ name, x, y }) => [name, [x, y]] as const)
    askPlaces(element, 'keep positions', new Map(places))
  })
  return {
    element,
    /** `places`: the services whose positions were computed. */
    show(calls: number, places: readonly Place[]): void {
      const rate = digits(ratePerDot(calls), 2)
      setText(scale, `1 dot = ${plural(calls, 'call')}`)
      setAll(scale, { title: `about ${rate}${NBSP}calls/s on an edge of usual length` })
      unplaced = places
      keep.hidden = places.length === 0
    },
  }
}
