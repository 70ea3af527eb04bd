import { describe, expect, it } from 'vitest'
import { readScenario } from '../../engine/scenario/read.ts'
import { alertsOf, passed } from '../../ui/facts/alerts.ts'
import { GLOSSARY, meaningOf } from '../../ui/facts/glossary.ts'
import { scores } from '../../ui/facts/scores.ts'
import { shorterRun } from '../../ui/facts/shorter.ts'
import { retryStorm, runOf } from './run-of.ts'

describe('alerts', () => {
  const set = { duration: '40s' }
  const A = runOf(retryStorm, { set, variant: 'A' })
  const B = runOf(retryStorm, { set, variant: 'B' })
  const difference = { patterns: [], values: [] }
  const all = alertsOf({ revision: 1, opened: undefined, difference, A, B })

  it('say which circuit opens, where and when', () => {
    const circuits = all.filter(({ isCircuit }) => isCircuit)
    const first = B.transitions.find(({ word }) => word === 'open')!
    expect(circuits[0]!.time).toBe(first.time)
    expect(circuits[0]!.words).toMatch(/^Circuits? opens?: .*payments.* \(B\), 3\d\.\d\ss$/)
    expect(circuits.every(({ words }) => words.includes('(B)'))).toBe(true)
  })

  it('tell other headlines too, in the order of time, and nothing twice', () => {
    expect(all.map(({ words }) => words)).toContain('Ledger-db slows down ×2.7, 30.0\u00a0s')
    const times = all.map(({ time }) => time)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(all.filter(({ words }) => /breakers? .*open/.test(words))).toEqual([])
  })

  it('are passed by a cursor that goes over them, circuits first', () => {
    const alerts = [
      { time: 10, words: 'fault', isCircuit: false },
      { time: 20, words: 'circuit', isCircuit: true },
      { time: 21, words: 'later', isCircuit: false },
    ]
    expect(passed(alerts, 0, 9)).toBeUndefined()
    expect(passed(alerts, 9, 10)?.words).toBe('fault')
    expect(passed(alerts, 10, 10)).toBeUndefined()
    expect(passed(alerts, 15, 25)?.words).toBe('circuit')
    expect(passed(alerts, 20, 25)?.words).toBe('later')
  })
})

describe('a shorter run', () => {
  const shorter = (change: string): number | undefined => {
    const reading = readScenario(
      `schema: 1\nservices: { db: {} }\nload: { u: { to: db, arrivals: poisson(1/s) } }\n${change}`,
      'x',
    )
    if (!reading.ok) throw new Error(JSON.stringify(reading.errors))
    const ns = shorterRun(reading.scenario)
    return ns && ns / 1e9
  }

  it.each([
    ['duration: 120s', 50],
    ['duration: 4000s', 2000],
    ['duration: 100ms', 0.05],
    ['duration: 120s\nfaults: [{ at: 30s, for: 15s, pause: db }]', 54],
    ['duration: 120s\nfaults: [{ at: 10s, for: 15s, pause: db }]', 50],
    ['duration: 60s\nfaults: [{ at: 30s, for: 20s, pause: db }]', undefined],
  ])('of %j takes %j s', (file, seconds) => {
    expect(shorter(file)).toBe(seconds)
  })
})

describe('the glossary', () => {
  it('explains every row of the scoreboard, in one line', () => {
    for (const { name, help } of scores(1))
      expect(meaningOf(name) ?? help).toMatch(/^[A-Z\d].{20,}/)
    for (const says of Object.values(GLOSSARY)) {
      expect(says.length).toBeLessThan(100)
      expect(says).not.toMatch(/\.$/)
    }
  })
})
