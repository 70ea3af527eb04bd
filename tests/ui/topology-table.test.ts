import { describe, expect, it } from 'vitest'
import { caption } from '../../ui/facts/caption.ts'
import { changeOf } from '../../ui/facts/change.ts'
import { matches } from '../../ui/views/find-box.ts'
import { tableOf } from '../../ui/facts/topology-table.ts'
import { notesOf, serviceWords, topologyNow } from '../../ui/facts/topology-now.ts'
import type { Runs } from '../../ui/runs.ts'
import { NOTHING, type Selection } from '../../ui/selection.ts'
import { bothOf, scenarioText } from './topology-support.ts'

const { A, B } = bothOf(scenarioText('retry-storm'))
const runs: Runs = {
  revision: 1,
  opened: undefined,
  difference: { patterns: [], values: [] },
  A,
  B,
}
const look: Selection = {
  ...NOTHING,
  span: { from: 0, until: 120e9 },
  time: 62e9,
  hover: undefined,
}

describe('the numbers of a topology', () => {
  it('have a row for every service and every edge, and a sentence', () => {
    const { caption: told, columns, rows } = tableOf(runs, 'B', look)!
    expect(told).toMatch(/^Variant B\. The fault ended 17\ss ago\./)
    expect(rows).toHaveLength(A.layout.services.length + A.layout.edges.length)
    for (const row of rows) expect(row).toHaveLength(columns.length)
    const [, state] = rows.find(([name]) => name === 'payments -> ledger-db')!
    expect(state).toBe('circuit closed')
  })

  it('are means over a stretch when one is brushed', () => {
    const range = { from: 20e9, until: 30e9 }
    const before = topologyNow(A, { time: 62e9, range })
    expect(before.troubles).toEqual([])
    expect(before.services.get('ledger-db')!.health).toBe('ok')
    expect(before.edges.get('shoppers -> gateway')!.calls).toBeGreaterThan(280)
    expect(caption(A, { time: 62e9, range })).toMatch(/^Means from 20\.0\ss to 30\.0\ss\./)
    expect(topologyNow(A, look).services.get('ledger-db')!.health).toBe('failing')
  })
})

describe('a service in words', () => {
  it('says state, slots, queue, and when it was in trouble', () => {
    const now = topologyNow(A, look)
    expect(serviceWords(A, now, 'gateway')).toMatch(
      /^gateway, failing, 180 of 180 slots busy, \d+ waiting, in trouble third, 5\.?0?\ss after the fault$/,
    )
    expect(serviceWords(A, now, 'search')).toMatch(/^search, ok, \d+ of 40 slots busy$/)
    const [waiting, since] = notesOf(A, now, 'ledger-db', 'all')
    expect(waiting).toMatch(/^\d+ waiting$/)
    expect(since).toMatch(/^\+0\.5\ss$/)
    expect(notesOf(A, now, 'ledger-db', 'since')).toEqual([since])
    expect(notesOf(A, now, 'ledger-db', 'none')).toEqual([])
    expect(notesOf(A, now, 'search', 'all')).toEqual([])
  })

  it('says that a fault hits it while it does', () => {
    const during = topologyNow(A, { time: 40e9, range: undefined })
    expect([...during.hit]).toEqual(['ledger-db'])
    expect(serviceWords(A, during, 'ledger-db')).toContain('a fault hits it')
    expect([...topologyNow(A, look).hit]).toEqual([])
  })
})

describe('B minus A', () => {
  it('tells who waits less, and where more is served', () => {
    const change = changeOf(A, B, look)
    expect(change.notes.get('ledger-db')![0]).toMatch(/^−[89]\d\d\swaiting$/)
    expect(change.edges.get('shoppers -> gateway')!).toBeGreaterThan(100)
    expect(change.words).toMatch(/^B − A \(1 seed\): B serves more calls on \d+ edges \(blue\)/)
  })

  it('is nothing between a run and itself', () => {
    const change = changeOf(A, A, look)
    expect([...change.notes]).toEqual([])
    expect(change.words).toBe('B − A (1 seed): every edge serves as many calls in both.')
  })
})

describe('finding a service', () => {
  it('offers names that begin with a text before those that only hold it', () => {
    const names = ['ledger-db', 'catalog-db', 'db', 'dbx', 'cart']
    expect(matches(names, 'DB ')).toEqual(['db', 'dbx', 'ledger-db', 'catalog-db'])
    expect(matches(names, 'zzz')).toEqual([])
  })
})
