import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SECOND } from '../../engine/units.ts'
import { initialState, unchanged, type State } from '../../ui/state.ts'
import { readLink, writeLink } from '../../ui/url.ts'

function stateWith(document: Partial<State['document']>, view: Partial<State['view']> = {}): State {
  const first = initialState({ ...unchanged('retry-storm', ''), ...document })
  return { ...first, view: { ...first.view, ...view } }
}

describe('the address', () => {
  it('is short when nothing was changed', () => {
    expect(writeLink(stateWith({}))).toBe('s=retry-storm')
  })

  it('reads as people write it', () => {
    const switches = { A: { cache: false }, B: { breaker: true } }
    const state = stateWith({ seed: '7', switches }, { time: 66.05 * SECOND })
    expect(writeLink(state)).toBe('s=retry-storm&seed=7&a=-cache&b=+breaker&t=66.05')
  })

  it('brings back what it was made from', () => {
    const id = fc.stringMatching(/^[a-z][a-z0-9-]{0,11}$/)
    const switches = fc.dictionary(id, fc.boolean(), { maxKeys: 4 })
    const path = fc.stringMatching(/^[a-z][a-zA-Z0-9.[\] >-]{0,20}$/)
    const name = fc.option(fc.string({ unit: 'grapheme', maxLength: 20 }), { nil: undefined })
    const span = fc.option(
      fc
        .tuple(fc.nat(9_000), fc.integer({ min: 1, max: 9_000 }))
        .map(([from, length]) => ({ from: from * 1e6, until: (from + length) * 1e6 })),
      { nil: undefined },
    )
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.option(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), {
            nil: undefined,
          }),
          set: fc.dictionary(path, fc.string({ unit: 'grapheme', maxLength: 20 }), { maxKeys: 3 }),
          A: switches,
          B: switches,
          tenths: fc.option(fc.nat(36_000), { nil: undefined }),
          mode: fc.constantFrom('run', 'compare', 'replay', 'author'),
          range: span,
          service: name,
          edge: name,
          request: fc.option(fc.nat(), { nil: undefined }),
          isDifference: fc.boolean(),
          side: fc.constantFrom('A', 'B'),
        }),
        ({ seed, set, A, B, tenths, mode, ...choice }) => {
          const time = tenths === undefined ? undefined : (tenths * SECOND) / 10
          const view = { time, mode, ...choice, span: choice.range }
          const state = stateWith({ seed, set, switches: { A, B } }, view)
          expect(readLink(`#${writeLink(state)}`)).toEqual({
            ...choice,
            span: choice.range,
            name: undefined,
            hash: undefined,
            version: undefined,
            scenario: 'retry-storm',
            seed,
            set,
            switches: { A, B },
            time,
            mode: mode === 'compare' ? undefined : mode,
          })
        },
      ),
    )
  })

  it.each([
    '',
    '#',
    '#&&&',
    '#s=%E0%A4%A',
    '#t=soon&mode=none&a=breaker,,+',
    `#${'x'.repeat(200_000)}`,
  ])('shrugs at %.20j', (fragment) => {
    const link = readLink(fragment)
    expect(link).toMatchObject({ seed: undefined, time: undefined, mode: undefined })
    expect(link.switches).toEqual({ A: {}, B: {} })
  })
})
