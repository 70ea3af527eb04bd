/** What runs in the background stands still while somebody is at work on the page. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { yieldToHands } from '../../ui/haste.ts'
import { Pauser } from '../../workers/pauser.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function page() {
  const [target, pauser] = [new EventTarget(), new Pauser()]
  yieldToHands(pauser, target)
  const send = (name: string, buttons = 0): void => {
    target.dispatchEvent(Object.assign(new Event(name), { buttons }))
  }
  return { pauser, send }
}

it('holds it from the first press until a while after the last', () => {
  const { pauser, send } = page()
  send('pointerdown', 1)
  expect(pauser.paused).toBe(true)
  vi.advanceTimersByTime(300)
  send('pointermove', 1)
  vi.advanceTimersByTime(300)
  expect(pauser.paused).toBe(true)
  vi.advanceTimersByTime(200)
  expect(pauser.paused).toBe(false)
})

it('hears keys and the wheel, and no pointer that only passes', () => {
  const { pauser, send } = page()
  send('pointermove')
  expect(pauser.paused).toBe(false)
  for (const name of ['keydown', 'wheel']) {
    send(name)
    expect(pauser.paused, name).toBe(true)
    vi.advanceTimersByTime(1000)
    expect(pauser.paused).toBe(false)
  }
})

it('does not let go what somebody else holds', () => {
  const { pauser, send } = page()
  pauser.pause()
  send('keydown')
  vi.advanceTimersByTime(1000)
  expect(pauser.paused).toBe(true)
  pauser.resume()
  expect(pauser.paused).toBe(false)
})
