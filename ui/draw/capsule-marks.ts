/** A folded domain: its name, and a small mark for every service in it. */
import { setAll, svg } from '../dom.ts'
import type { Health } from '../facts/health.ts'
import { CAPSULE, type Capsule } from './capsule-plan.ts'
import { glyphPath, HUE } from './topology-nodes.ts'

/** The marks of a capsule. */
export interface CapsuleMarks {
  readonly group: SVGGElement
  update(states: readonly Health[], isDim: boolean): void
}

/** Draws a capsule in its place. */
export function capsuleMarks({ title, box, members }: Capsule): CapsuleMarks {
  const { inset, head, row, dot, most } = CAPSULE
  const dots = members.map((_, at) => {
    const x = inset + (at % most) * dot + dot / 2
    const y = head + Math.floor(at / most) * row + row / 2
    return svg('path', { transform: `translate(${x},${y + 1})` })
  })
  const group = svg(
    'g',
    { class: 'capsule', transform: `translate(${box.x.toFixed(1)},${box.y.toFixed(1)})` },
    svg('rect', { width: box.width, height: box.height, rx: 7 }),
    svg('text', { x: inset, y: head - 4 }, title),
    dots,
  )
  return {
    group,
    update(states, isDim) {
      group.classList.toggle('dim', isDim)
      for (const [at, mark] of dots.entries()) {
        const state = states[at] ?? 'ok'
        setAll(mark, { class: `glyph ${HUE[state]}`, d: glyphPath(state, state === 'ok' ? 11 : 9) })
      }
    },
  }
}
