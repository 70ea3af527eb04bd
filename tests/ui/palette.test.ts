import { describe, expect, it } from 'vitest'
import { contrast, difference, EYES, lab, linear, seen, token } from '../support/eyes.ts'

const HUES = ['ok', 'slow', 'fast', 'fail', 'b'] as const

describe.each(['dark', 'light'] as const)('the %s theme', (theme) => {
  it.each(['t1', 't2', 't3', 'b', 'slow-text', 'fast', 'fail', 'ok'])(
    'has readable text: %s',
    (name) => {
      for (const ground of ['panel', 'panel2', 'bg']) {
        expect(contrast(token(name, theme), token(ground, theme))).toBeGreaterThanOrEqual(4.5)
      }
    },
  )

  it.each(['slow', 'focus'])('has visible marks: %s', (name) => {
    expect(contrast(token(name, theme), token('panel', theme))).toBeGreaterThanOrEqual(3)
  })

  it.each([
    ['on-b', 'b'],
    ['on-fail', 'fail'],
    ['on-focus', 'focus'],
  ])('has readable text on colour: %s', (text, ground) => {
    expect(contrast(token(text, theme), token(ground, theme))).toBeGreaterThanOrEqual(4.5)
  })

  it.each(Object.keys(EYES))('tells outcomes and variant apart for %s eyes', (eye) => {
    const looks = HUES.map((name) => lab(seen(token(name, theme), EYES[eye]!)))
    for (const [at, one] of looks.entries()) {
      for (const other of looks.slice(at + 1))
        expect(difference(one, other)).toBeGreaterThanOrEqual(9)
    }
  })

  it('has a heat ramp that only gets stronger', () => {
    const ramp = [0, 1, 2, 3, 4, 5].map((step) => lab(linear(token(`heat${step}`, theme)))[0])
    const sorted = ramp.toSorted((a, b) => (theme === 'dark' ? a - b : b - a))
    expect(ramp).toEqual(sorted)
  })
})
