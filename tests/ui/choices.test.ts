import { describe, expect, it } from 'vitest'
import { readScenario } from '../../engine/scenario/read.ts'
import type { Actions } from '../../ui/keys.ts'
import { choicesFor, choicesOf } from '../../ui/panels/palette.ts'
import type { Desk } from '../../ui/panels/panel.ts'
import { initialState, unchanged, type State } from '../../ui/state.ts'
import { Store } from '../../ui/store.ts'
import { retryStorm } from './run-of.ts'

function openedStore(): Store<State> {
  const opened = readScenario(retryStorm, 'retry-storm')
  if (!opened.ok) throw new Error('retry-storm cannot be read')
  const first = initialState(unchanged('retry-storm', retryStorm))
  return new Store<State>({ ...first, opened }, () => {})
}

describe('the palette', () => {
  const store = openedStore()
  const all = choicesOf({} as Actions, { store } as Desk)
  const found = (asked: string): string[] => choicesFor(all, asked).map(({ name }) => name)

  it('finds an action by what else it is called', () => {
    expect(found('theme')).toEqual(['Light or dark'])
    for (const asked of ['csv', 'download', 'export']) {
      expect(found(asked)).toEqual([expect.stringMatching(/export .*CSV/)])
    }
    expect(found('search')).toContain('Find a service')
  })

  it('has both switches of every pattern of the scenario', () => {
    const breakers = found('breaker')
    const inA = 'Turn on the circuit breaker in A'
    expect(breakers).toEqual(expect.arrayContaining([inA, 'Turn off the circuit breaker in B']))
    expect(
      found('retry').filter((name) => /^Turn off the retry .*in [AB]$/.test(name)),
    ).not.toEqual([])
    all.find(({ name }) => name === inA)!.run()
    expect(Object.values(store.get().document.switches.A)).toEqual([true])
  })
})
