import { describe, expect, it } from 'vitest'
import { chainTo, CauseFinder, type CausalLink } from '../../engine/causes.ts'
import { patterns } from '../../engine/patterns/index.ts'
import { Run } from '../../engine/run.ts'
import { readTask } from '../../engine/scenario/read.ts'
import type { Scenario } from '../../engine/scenario/scenario.ts'
import { SECOND } from '../../engine/units.ts'
import { firstTroubles } from '../../ui/facts/health.ts'
import { retryStorm, runOf } from '../ui/run-of.ts'
import { storm } from '../workers/files.ts'

function scenarioOf(text: string, variant?: string, set: Record<string, unknown> = {}): Scenario {
  const read = readTask(storm({ text, variant, set }))
  if (!read.ok) throw new Error(JSON.stringify(read.errors))
  return read.scenario
}

function finderOf(scenario: Scenario): CauseFinder {
  return new CauseFinder(scenario, { seed: scenario.seed, catalogue: patterns })
}

function causesOf(text: string, variant?: string, set?: Record<string, unknown>): CausalLink[] {
  return [...finderOf(scenarioOf(text, variant, set)).finish()]
}

/** The link of the first trouble of a service. */
function troubleOf(links: readonly CausalLink[], service: string): CausalLink {
  const found = links.find((link) => link.service === service && link.isTroubled)
  if (!found) throw new Error(`${service} was not in trouble: ${JSON.stringify(links)}`)
  return found
}

/** A file with one load for each front, and whatever else it needs. */
function fileOf(services: string, loads: string, rest: string): string {
  return `schema: 1
title: Causes
duration: 20s
seed: 7
services:
${services}
links: { default: { latency: 1ms } }
load:
${loads}
${rest}`
}

const short = { duration: '40s' }

describe('the cascade of the home scenario', () => {
  const links = causesOf(retryStorm, 'A', short)

  it('leads from the fault over the true parents to the gateway', () => {
    const chain = chainTo(links, 'gateway')
    expect(chain.map(({ service }) => service)).toEqual([
      'ledger-db',
      'payments',
      'checkout',
      'gateway',
    ])
    expect(chain.map(({ because }) => because)).toEqual([
      { fault: 0 },
      { edge: 'payments -> ledger-db', service: 'ledger-db' },
      { edge: 'checkout -> payments', service: 'payments' },
      { edge: 'gateway -> checkout', service: 'checkout' },
    ])
    const times = chain.map(({ time }) => time)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times[0]).toBeGreaterThan(30 * SECOND)
    expect(times[0]).toBeLessThan(31 * SECOND)
  })

  it('says by how much, with the numbers it decided on', () => {
    const { share, words, weight } = troubleOf(links, 'gateway')
    const percent = Math.min(99, Math.round(share * 100))
    expect(words).toBe(`${percent}\u00a0% of its busy time was waiting for checkout`)
    expect(share).toBeGreaterThan(0.9)
    expect(weight).toBeGreaterThan(0.9)
    // A service that became 2.7 times slower works 1 - 1/2.7 of its time for the slowdown.
    expect(troubleOf(links, 'ledger-db').share).toBeCloseTo(1 - 1 / 2.7, 1)
  })

  it('names the services in trouble that the page names, from the same moments', () => {
    const troubles = firstTroubles(runOf(retryStorm, { variant: 'A', set: short }))
    const told = links.filter(({ isTroubled }) => isTroubled)
    expect(told.length).toBeGreaterThan(3)
    const line = (name: string, time: number): string => `${name} ${time}`
    expect(told.map((link) => line(link.service, link.time)).toSorted()).toEqual(
      troubles.map((trouble) => line(trouble.name, trouble.time)).toSorted(),
    )
  })

  it('is the same way with a breaker, by refusals', () => {
    const withBreaker = causesOf(retryStorm, 'B', short)
    expect(chainTo(withBreaker, 'gateway').map(({ service }) => service)).toEqual([
      'ledger-db',
      'payments',
      'checkout',
      'gateway',
    ])
    expect(troubleOf(withBreaker, 'gateway').words).toMatch(/turned away$/)
  })
})

describe('looking on', () => {
  it.each([
    ['a storm', storm({ variant: 'A' })],
    ['a storm with a breaker', storm({ variant: 'B' })],
    ['the home scenario', storm({ text: retryStorm, variant: 'A', set: { duration: '36s' } })],
  ])('changes nothing: %s', (_, task) => {
    const scenario = scenarioOf(task.text, task.variant, task.set)
    const finder = finderOf(scenario)
    finder.finish()
    const options = { variant: '', seed: scenario.seed, recording: false, catalogue: patterns }
    const { digest, outcomeDigest, events } = new Run(scenario, options).finish()
    const { world } = finder
    expect({ digest: world.digest.hex, outcomeDigest: world.outcomes.hex }).toEqual({
      digest,
      outcomeDigest,
    })
    expect(world.events).toBe(events)
  })
})

describe('what is not a cause', () => {
  const service = (name: string, more = ''): string =>
    `  ${name}: { concurrency: 4, queue: 100, work: exponential(10ms)${more} }`

  it('is a service that fails at the same time, on its own', () => {
    const text = fileOf(
      [service('left'), service('right')].join('\n'),
      `  one: { to: left, arrivals: poisson(200/s) }
  two: { to: right, arrivals: poisson(200/s) }`,
      `faults:
  - { at: 5s, for: 8s, slow: left, by: 4 }
  - { at: 5s, for: 8s, slow: right, by: 4 }`,
    )
    const links = causesOf(text)
    expect(troubleOf(links, 'left').because).toEqual({ fault: 0 })
    expect(troubleOf(links, 'right').because).toEqual({ fault: 1 })
    expect(links.every(({ parent }) => parent === undefined)).toBe(true)
  })

  it('is a dependency in trouble a second before, when the service has a fault of its own', () => {
    const text = fileOf(
      [
        service('store'),
        '  shop: { concurrency: 40, queue: 100, work: exponential(20ms), calls: [ { 4%: store, 96%: other } ] }',
        '  other: { concurrency: 40, queue: 100, work: 1ms }',
      ].join('\n'),
      `  users: { to: shop, arrivals: poisson(300/s) }
  jobs: { to: store, arrivals: poisson(200/s) }`,
      `faults:
  - { at: 5s, for: 10s, slow: store, by: 3 }
  - { at: 6s, for: 10s, slow: shop, by: 10 }`,
    )
    const links = causesOf(text)
    const [store, shop] = [troubleOf(links, 'store'), troubleOf(links, 'shop')]
    expect(store.time).toBeLessThan(shop.time)
    expect(store.because).toEqual({ fault: 0 })
    expect(shop.because).toEqual({ fault: 1 })
    expect(chainTo(links, 'shop')).toHaveLength(1)
  })

  it('is what users do when the service alone stands behind it', () => {
    const text = fileOf(
      '  shop: { concurrency: 4, queue: 100, work: exponential(10ms), errors: 30% }',
      '  users: { to: shop, arrivals: poisson(100/s) }',
      '',
    )
    const { because, words } = troubleOf(causesOf(text), 'shop')
    expect(because).toEqual({})
    expect(words).toBe('100\u00a0% of its failures were errors of its own')
  })
})

describe('what is a cause', () => {
  const shop = '  shop: { concurrency: 40, queue: 100, work: 5ms, calls: [store] }'
  const store = '  store: { concurrency: 6, queue: 100, work: exponential(10ms) }'
  const users = '  users: { to: shop, arrivals: poisson(200/s) }'

  it('is a fault on the wire, when the service at its other end is well', () => {
    const faults = 'faults: [ { at: 5s, for: 10s, delay: shop -> store, by: 400ms } ]'
    const { because, words, parent } = troubleOf(
      causesOf(fileOf([shop, store].join('\n'), users, faults)),
      'shop',
    )
    expect(because).toEqual({ fault: 0, edge: 'shop -> store' })
    expect(words).toMatch(/of its busy time was waiting for store$/)
    expect(parent).toBeUndefined()
  })

  it('is a load that sends more, and the fault that made it', () => {
    const more = '  users: { to: shop, arrivals: spike(200/s 900/s 6s 8s) }'
    const links = causesOf(fileOf([shop, store].join('\n'), more, ''))
    const [first, second] = chainTo(links, 'store')
    expect(first).toMatchObject({ service: 'shop', because: { edge: 'users -> shop' } })
    expect(second!.because).toEqual({ edge: 'shop -> store', service: 'shop' })
    const faults = 'faults: [ { at: 6s, for: 8s, spike: users, by: 4.5 } ]'
    const [spike] = chainTo(causesOf(fileOf([shop, store].join('\n'), users, faults)), 'store')
    expect(spike!.because).toEqual({ fault: 0, edge: 'users -> shop' })
  })

  it('is a caller that repeats its calls, for a service that only gets them again', () => {
    const services = [
      '  shop: { concurrency: 2000, queue: 100, work: 1ms, calls: [desk] }',
      '  desk: { concurrency: 2000, queue: 100, work: 1ms, calls: [printer, ledger] }',
      '  printer: { concurrency: 4, queue: 20, work: exponential(9ms) }',
      '  ledger: { concurrency: 100, queue: 100, work: 5ms }',
    ]
    const rest = `patterns:
  retries: { use: retry, where: { shop -> desk: { maxAttempts: 5 } }, backoff: { kind: constant, base: 10ms } }
faults: [ { at: 6s, for: 10s, errors: ledger, by: 90% } ]`
    const links = causesOf(fileOf(services.join('\n'), users, rest))
    const printer = troubleOf(links, 'printer')
    expect(printer.because).toEqual({ edge: 'shop -> desk', service: 'shop' })
    expect(printer.words).toMatch(/of its work was for calls that shop repeated$/)
    expect(chainTo(links, 'printer').map((link) => link.service)).toEqual([
      'ledger',
      'desk',
      'shop',
      'printer',
    ])
    expect(chainTo(links, 'printer')[0]!.because).toEqual({ fault: 0 })
  })

  it('is a pause that is over, for the work it has left behind', () => {
    const faults = 'faults: [ { at: 5s, for: 3s, pause: store } ]'
    const patience = '  users: { to: store, arrivals: poisson(400/s), timeout: 500ms }'
    const { because } = troubleOf(causesOf(fileOf(store, patience, faults)), 'store')
    expect(because).toEqual({ fault: 0 })
  })

  it('is no pause that is over, when the places of the work it held up are taken by other work', () => {
    const services = [store, store.replace('store', 'other')]
    const loads = [
      '  users: { to: store, arrivals: poisson(400/s), timeout: 500ms }',
      '  others: { to: other, arrivals: poisson(200/s), timeout: 500ms }',
    ]
    const faults =
      'faults: [ { at: 3s, for: 2s, pause: store }, { at: 12s, for: 4s, spike: others, by: 4 } ]'
    const links = causesOf(fileOf(services.join('\n'), loads.join('\n'), faults))
    expect(troubleOf(links, 'other')).toMatchObject({
      because: { fault: 1, edge: 'others -> other' },
    })
  })

  it('is an instance that is down, and the pattern or fault that refuses', () => {
    const two = '  store: { instances: 2, concurrency: 4, queue: 100, work: exponential(10ms) }'
    const faults = 'faults: [ { at: 5s, for: 5s, crash: store#1, how: refuse } ]'
    const { because, words } = troubleOf(
      causesOf(fileOf([shop, two].join('\n'), users, faults)),
      'store',
    )
    expect(because).toEqual({ fault: 0 })
    expect(words).toMatch(/found it down$/)
  })
})

describe('a chain', () => {
  it('never leads into the future, and ends', () => {
    const links = causesOf(retryStorm, 'A', short)
    for (const { service } of links.filter(({ isTroubled }) => isTroubled)) {
      const chain = chainTo(links, service)
      expect(chain.at(-1)!.service).toBe(service)
      expect(chain[0]!.parent).toBeUndefined()
      chain.forEach(({ time }, at) => expect(time).toBeGreaterThanOrEqual(chain[at - 1]?.time ?? 0))
    }
  })

  it('is empty for a service that was never in trouble, and for one that there is not', () => {
    const links = causesOf(retryStorm, 'A', short)
    expect(chainTo(links, 'search')).toEqual([])
    expect(chainTo(links, 'nobody')).toEqual([])
  })
})
