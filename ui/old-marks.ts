/** Marks what still shows a result from before the last change, and says whether anything is being computed. */
import type { Show } from './panels/panel.ts'
import type { VariantRun } from './runs.ts'
import { isComputing, SIDES, type Side, type State } from './state.ts'

/** Most changes are computed before anybody could read a mark, and to mark everything takes a frame or two: ms. */
const PATIENCE = 400

/** Marks hosts that name the sides they are of in `data-of`. @param repaint asks to be called again in a new frame */
export function oldMarks(repaint: () => void): Show {
  const lasts = lasting(repaint)
  return (state, runs) => {
    const old = both((side) => lasts(`old ${side}`, state.progress[side].isOld))
    const ahead = both((side) => lasts(`ahead ${side}`, isAhead(state, runs[side])))
    for (const element of document.querySelectorAll<HTMLElement>('[data-of]')) {
      const { of = '', at } = element.dataset
      const sides = SIDES.filter((side) => of.includes(side))
      const isBeyond = at === 'cursor' && sides.some((side) => ahead[side])
      element.classList.toggle('old', isBeyond || sides.some((side) => old[side]))
      element.classList.toggle('blank', isBeyond && sides.every((side) => !runs[side]?.result))
    }
    document.body.dataset['state'] = isComputing(state) ? 'computing' : 'ready'
  }
}

function both(ask: (side: Side) => boolean): Record<Side, boolean> {
  return { A: ask('A'), B: ask('B') }
}

/** Tells whether something has been so for a while; asks for another frame when it will have been. */
function lasting(repaint: () => void): (what: string, isSo: boolean) => boolean {
  const since = new Map<string, number>()
  return (what, isSo) => {
    if (!isSo) since.delete(what)
    if (!isSo) return false
    const begun = since.get(what)
    if (begun !== undefined) return performance.now() - begun >= PATIENCE
    since.set(what, performance.now())
    setTimeout(repaint, PATIENCE + 1)
    return false
  }
}

/** Whether the cursor is where the run has not come to yet. */
function isAhead({ view }: State, run: VariantRun | undefined): boolean {
  return run !== undefined && !run.isDone && (view.time ?? 0) >= run.filled * run.layout.bucket
}
