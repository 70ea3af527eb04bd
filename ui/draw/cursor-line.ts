/** The cursor and the line through the pointer. Both move by a transform alone: nothing is laid out or painted anew. */
import { el, setAll, setText } from '../dom.ts'
import { firstTroubles, serviceAt } from '../facts/health.ts'
import { at } from '../facts/moment-words.ts'
import { servedAt } from '../facts/window.ts'
import { wholePercent } from '../format.ts'
import type { Runs } from '../runs.ts'
import { SIDES } from '../state.ts'
import type { AxisScene } from './axis-scene.ts'

/** Half the width of the chip on a line, in pixels. */
const HALF = 26
/** How far a chip may stick out on the left and on the right. */
const OUT = { left: 8, right: 40 }

/** The two lines; the slider that the cursor belongs to is told where it is. */
export function cursorLine(field: HTMLElement) {
  const line = lineWith('cursor')
  const hover = lineWith('crosshair')
  let said = ''
  const update = (scene: AxisScene): void => {
    const { runs, selection } = scene
    const { time } = selection
    moveTo(line, scene, time)
    moveTo(hover, scene, selection.hover)
    const key = `${time} ${runs.revision}`
    if (key === said) return
    said = key
    setAll(field, { 'aria-valuenow': time / 1e9, 'aria-valuetext': spoken(runs, time) })
  }
  return { line: line.element, hover: hover.element, update }
}

function lineWith(name: string) {
  const chip = el('span', { class: 'chip' })
  const element = el('div', { class: name, 'aria-hidden': 'true', hidden: true }, chip)
  return { element, chip }
}

function moveTo(
  { element, chip }: ReturnType<typeof lineWith>,
  { run, x, size, selection }: AxisScene,
  time: number | undefined,
): void {
  const { from, until } = selection.span
  element.hidden = time === undefined || time < from || time > until
  if (element.hidden) return
  const place = x(time!)
  element.style.transform = `translateX(${place.toFixed(1)}px)`
  const low = HALF - OUT.left - place
  const high = Math.min(0, size.width + OUT.right - HALF - place)
  chip.style.transform = `translateX(calc(-50% + ${Math.max(low, high).toFixed(1)}px))`
  setText(chip, at(run, time!))
}

/** `62.0 seconds. A: 33 percent served, ledger-db failing. B: 100 percent served.` */
function spoken(runs: Runs, time: number): string {
  const told = SIDES.flatMap((side) => {
    const run = runs[side]
    if (!run) return []
    const [worst] = firstTroubles(run).filter((trouble) => trouble.time <= time)
    const health = worst ? serviceAt(run, worst.name, time).health : 'ok'
    const also = worst && health !== 'ok' ? `, ${worst.name} ${health}` : ''
    return `${side}: ${wholePercent(servedAt(run, time)).replace(/\s*%/, ' percent')} served${also}.`
  })
  return [`${(time / 1e9).toFixed(1)} seconds.`, ...told].join(' ')
}
