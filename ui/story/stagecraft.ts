/** What a story hides, shows and points at on the page: nothing of B before it is turned on, nothing of the future. */
import { byId, el, setAll } from '../dom.ts'
import type { Sight, Step } from './step.ts'

/** The switches in B of the patterns that differ. */
const SWITCHES = '.pattern.differs .switch[data-side=B]'

/** Sets the stage for a step; undefined: the story is over, everything is as it was. */
export function setStage(step: Step | undefined, share: number): void {
  const { dataset } = document.body
  if (step) dataset['story'] = step.sight
  else delete dataset['story']
  spotlight(step?.points ?? [])
  drawCurtain(step !== undefined && step.sight !== 'all', share)
  if (step?.sight === 'A') showUnturned()
}

/** Marks what is pointed at. */
function spotlight(points: readonly string[]): void {
  const wanted = new Set(points.flatMap((one) => [...document.querySelectorAll(one)]))
  for (const one of document.querySelectorAll('.spot')) {
    if (!wanted.has(one)) one.classList.remove('spot')
  }
  for (const one of wanted) one.classList.add('spot')
}

/** Covers the rows from the cursor on. */
function drawCurtain(isUp: boolean, share: number): void {
  const rows = byId('rows')
  let curtain = rows.querySelector<HTMLElement>(':scope > .curtain')
  if (!isUp) return curtain?.remove()
  if (!curtain) {
    curtain = el('div', { class: 'curtain', 'aria-hidden': 'true' })
    rows.insertBefore(curtain, byId('axis'))
  }
  curtain.style.transform = `scaleX(${(1 - share).toFixed(4)})`
}

/** Until B is turned on, its switches stand as those of A. */
function showUnturned(): void {
  for (const one of document.querySelectorAll(SWITCHES)) {
    const inA = one.parentElement?.querySelector('.switch[data-side=A]')
    setAll(one, { 'aria-checked': inA?.getAttribute('aria-checked') ?? 'false' })
  }
}

/** Whether a press is on the switch that a story waits for. */
export function isOnSwitch({ target }: Event, sight: Sight | undefined): boolean {
  if (sight !== 'A' || !(target instanceof Element)) return false
  return target.closest(`${SWITCHES}, #big-switch .switch`) !== null
}
