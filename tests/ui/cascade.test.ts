import { describe, expect, it } from 'vitest'
import type { CausalLink } from '../../engine/causes/chain.ts'
import { pathTo, pathWords } from '../../ui/facts/cascade.ts'
import { firstTroubles } from '../../ui/facts/health.ts'
import { runOf, retryStorm } from './run-of.ts'

function link(
  service: string,
  seconds: number,
  because: CausalLink['because'],
  parent?: number,
): CausalLink {
  const plain = { isTroubled: true, share: 1, weight: 1, words: '' }
  return { service, time: seconds * 1e9, because, parent, ...plain }
}

describe('how trouble came to a service', () => {
  const run = runOf(retryStorm.replace('duration: 120s', 'duration: 50s'), { variant: 'A' })
  const end = 50e9
  const links = [
    link('ledger-db', 30.5, { fault: 0 }),
    link('payments', 34.5, { service: 'ledger-db', edge: 'payments -> ledger-db' }, 0),
  ]

  it('is told as an order, not as a cause, where no causes are recorded', () => {
    const path = pathTo(run, 'gateway', end, () => [])!
    const order = firstTroubles(run).map(({ name }) => name)
    expect(path.isCausal).toBe(false)
    expect(path.steps.map(({ service }) => service)).toEqual(
      order.slice(0, order.indexOf('gateway') + 1),
    )
    expect(pathWords(path)).toMatch(/^First trouble, in order, not cause: ledger-db \+0\.5\ss, /)
  })

  it('is told as a chain where they are', () => {
    const path = pathTo(run, 'payments', end, () => links)!
    expect(path.isCausal).toBe(true)
    expect([...path.edges]).toEqual(['payments -> ledger-db'])
    expect(pathWords(path)).toMatch(
      /^How it got there: ledger-db \+0\.5\ss → payments \+4\.5\ss\.$/,
    )
  })

  it('is not known before it came, nor of what was never in trouble', () => {
    expect(pathTo(run, 'gateway', 20e9, () => [])).toBeUndefined()
    expect(pathTo(run, 'search', end, () => [])).toBeUndefined()
    expect(pathTo(run, 'payments', 20e9, () => links)).toBeUndefined()
  })
})
