/** The label of a node: its name, and below it in trouble what is wrong and since when. */
import { setAll, setText, svg } from '../dom.ts'
import type { Label } from './labels.ts'
import type { NodePlan } from './plan.ts'

/** Lines below the name at most. */
const NOTES = 2
/** Share of a line from its top to the foot of its letters. */
const FOOT = 0.78
/** Pixels between a circle and a label that has no place of its own. */
const GAP = 7

/** Makes a label; its group lies at the middle of the node. */
export function labelMark(plan: NodePlan, line: number) {
  const { place, label } = plan
  const name = svg('text', { class: 'name' }, place.name)
  const notes = Array.from({ length: NOTES }, (_, at) => svg('text', { class: `note-${at + 1}` }))
  const texts = [name, ...notes]
  const group = svg('g', { class: 'node-label' }, texts)
  const { x, align, top } = settingOf(plan, line)
  for (const text of texts) setAll(text, { 'text-anchor': align, x: x.toFixed(1) })
  return {
    group,
    update(lines: readonly string[], isNamed: boolean): void {
      setAll(group, { display: label || isNamed ? 'inline' : 'none' })
      const first = top(1 + lines.length)
      for (const [at, text] of texts.entries()) {
        setAll(text, { y: (first + line * (at + FOOT)).toFixed(1) })
        if (at === 0) continue
        setText(text, lines[at - 1] ?? '')
        text.classList.toggle('since', isSince(lines[at - 1]))
      }
    },
  }
}

interface Setting {
  readonly x: number
  readonly align: Label['align']
  /** Where the first of so many lines begins. */
  top(lines: number): number
}

/** Relative to the middle of the node. */
function settingOf({ spot, label }: NodePlan, line: number): Setting {
  if (!label) {
    return { x: spot.radius + GAP, align: 'start', top: (lines) => (-lines * line) / 2 }
  }
  const { box, align, hangs } = label
  const [left, top] = [box.x - spot.x, box.y - spot.y]
  const x = { start: left, middle: left + box.width / 2, end: left + box.width }[align]
  const rest = { top: 0, middle: 0.5, bottom: 1 }[hangs]
  return { x, align, top: (lines) => top + (box.height - lines * line) * rest }
}

/** Whether a line says since when, which matters less than what. */
function isSince(text: string | undefined): boolean {
  return text !== undefined && /^([+−]|at )/.test(text) && !/waiting|busy/.test(text)
}
