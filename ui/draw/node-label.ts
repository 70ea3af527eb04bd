/** The label of a node: its name, and below it in trouble what is wrong and since when. */
import { setAll, setText, svg } from '../dom.ts'
import { boxAt } from './labels.ts'
import type { NodePlan } from './plan.ts'

/** Lines below the name at most. */
const NOTES = 2
/** Share of a line from its top to the foot of its letters. */
const FOOT = 0.78

/** Makes a label; its group lies at the middle of the node. */
export function labelMark({ place, spot, label }: NodePlan, line: number) {
  const name = svg('text', { class: 'name' }, place.name)
  const notes = Array.from({ length: NOTES }, (_, at) => svg('text', { class: `note-${at + 1}` }))
  const side = label?.side ?? (place.isLeaf ? 'right' : 'below')
  const texts = [name, ...notes]
  const anchor = side.startsWith('right') ? 'start' : side.startsWith('left') ? 'end' : 'middle'
  for (const text of texts) setAll(text, { 'text-anchor': anchor })
  const group = svg('g', { class: 'node-label' }, texts)
  return {
    group,
    update(lines: readonly string[], isNamed: boolean): void {
      setAll(group, { display: label || isNamed ? 'inline' : 'none' })
      const height = line * (1 + lines.length)
      const box = boxAt({ spot: { x: 0, y: 0, radius: spot.radius }, width: 0, height }, side)
      for (const [at, text] of texts.entries()) {
        setAll(text, { x: box.x.toFixed(1), y: (box.y + line * (at + FOOT)).toFixed(1) })
        if (at === 0) continue
        setText(text, lines[at - 1] ?? '')
        text.classList.toggle('since', isSince(lines[at - 1]))
      }
    },
  }
}

/** Whether a line says since when, which matters less than what. */
function isSince(text: string | undefined): boolean {
  return text !== undefined && /^([+−]|at )/.test(text) && !/waiting|busy/.test(text)
}
