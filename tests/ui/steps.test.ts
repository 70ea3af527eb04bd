/** Keys that come faster than frames: no step is lost, none is taken twice. */
import { afterEach, expect, it, vi } from 'vitest'
import { perFrame } from '../../ui/draw/drag.ts'

afterEach(() => void vi.unstubAllGlobals())

/** A drawing that shows a place only at the end of a frame, and steps that go on from what it shows. */
function slider() {
  const frames: (() => void)[] = []
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => void frames.push(run))
  let shown = 0
  const step = perFrame((steps) => {
    const to = Number.isFinite(steps) ? shown + steps : 0
    requestAnimationFrame(() => (shown = to))
  })
  const frame = (): void => {
    for (const run of frames.splice(0)) run()
  }
  return { step, frame, shown: () => shown }
}

it('takes all steps of a frame together', () => {
  const { step, frame, shown } = slider()
  step(1)
  step(10)
  frame()
  step(10)
  frame()
  frame()
  expect(shown()).toBe(21)
})

it('goes to an end at once, whatever was due', () => {
  const { step, frame, shown } = slider()
  step(5)
  frame()
  frame()
  step(7)
  step(-Infinity)
  step(2)
  frame()
  frame()
  frame()
  expect(shown()).toBe(2)
})
