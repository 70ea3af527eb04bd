import { describe, expect, it } from 'vitest'
import { chainTo, noCauses, pathTo, pathWords, type CausalLink } from '../../ui/facts/cascade.ts'
import { firstTroubles } from '../../ui/facts/health.ts'
import { runOf, retryStorm } from './run-of.ts'

const link = (service: string, time: number, because: CausalLink['because']): CausalLink => ({
  service,
  time: time * 1e9,
  because,
})

const LINKS = [
  link('db', 31, { fault: 0 }),
  link('payments', 33, { service: 'db', edge: 'payments -> db' }),
  link('refunds', 34, { service: 'db', edge: 'refunds -> db' }),
  link('orders', 35, { service: 'refunds', edge: 'orders -> refunds' }),
  link('checkout', 36, { service: 'payments', edge: 'checkout -> payments' }),
  link('gateway', 37, { service: 'orders' }),
  link('gateway', 37, { service: 'checkout' }),
  link('lost', 38, { service: 'nobody' }),
  link('egg', 38, { service: 'hen' }),
  link('hen', 38, { service: 'egg' }),
]
const names = (service: string) => chainTo(LINKS, service).map((one) => one.service)

describe('a chain of causes', () => {
  it('leads from the fault to a service', () => {
    expect(names('checkout')).toEqual(['db', 'payments', 'checkout'])
    expect(names('db')).toEqual(['db'])
  })

  it('is the shortest there is', () => {
    const short = [...LINKS, link('gateway', 37, { service: 'db' })]
    expect(chainTo(short, 'gateway').map(({ service }) => service)).toEqual(['db', 'gateway'])
    expect(names('gateway')).toHaveLength(4)
  })

  it('is empty where no fault is known at its end, also when causes go in circles', () => {
    expect(names('lost')).toEqual([])
    expect(names('egg')).toEqual([])
    expect(names('healthy')).toEqual([])
  })
})

describe('how trouble came to a service', () => {
  const run = runOf(retryStorm.replace('duration: 120s', 'duration: 50s'), { variant: 'A' })
  const end = 50e9

  it('is told as an order, not as a cause, where no causes are recorded', () => {
    const path = pathTo(run, 'gateway', end, noCauses)!
    const order = firstTroubles(run).map(({ name }) => name)
    expect(path.isCausal).toBe(false)
    expect(path.steps.map(({ service }) => service)).toEqual(
      order.slice(0, order.indexOf('gateway') + 1),
    )
    expect(pathWords(path)).toMatch(/^First trouble, in order, not cause: ledger-db \+0\.5\ss, /)
  })

  it('is told as a chain where they are', () => {
    const links = [
      link('ledger-db', 30.5, { fault: 0 }),
      link('payments', 34.5, { service: 'ledger-db', edge: 'payments -> ledger-db' }),
    ]
    const path = pathTo(run, 'payments', end, () => links)!
    expect(path.isCausal).toBe(true)
    expect([...path.edges]).toEqual(['payments -> ledger-db'])
    expect(pathWords(path)).toMatch(/^How it got there: ledger-db \+0\.5\ss → payments \+4\.5\ss\.$/)
  })

  it('is not known before it came, nor of what was never in trouble', () => {
    expect(pathTo(run, 'gateway', 20e9, noCauses)).toBeUndefined()
    expect(pathTo(run, 'search', end, noCauses)).toBeUndefined()
  })
})
