import { describe, expect, it } from 'vitest'
import { readScenario } from '../../../engine/scenario/read.ts'
import { candidatesOf, draftOf, lineOf } from '../../../engine/studies/fault-draft.ts'
import { faultSearch, type FaultPlan } from '../../../engine/studies/fault-search.ts'
import type { RunTask } from '../../../engine/run.ts'
import { STORM } from '../../workers/files.ts'
import { BASE, line, pretend } from './pretend.ts'

const read = readScenario(STORM, 'storm')
const scenario = read.ok ? read.scenario : undefined
const candidates = candidatesOf(scenario!, 3e9, 4e9)

const plan: FaultPlan = {
  base: BASE,
  tree: line('mean(served(B)) > 90% over 4 seeds'),
  from: 1,
  seeds: 2,
  present: [],
  drafts: undefined,
  candidates,
  pairs: 200,
  duration: 12e9,
}

type Written = Readonly<Record<string, string | number>>
const faultsOf = ({ set }: RunTask): Written[] => set['faults'] as Written[]
const span = (text: string | number): number =>
  String(text).endsWith('ms') ? parseFloat(String(text)) : 1000 * parseFloat(String(text))

/** Whether a slow ledger is among the faults, for at least so many ms and by at least a factor. */
const hasSlow = (task: RunTask, ms: number, by: number): boolean =>
  faultsOf(task).some(
    (one) => one['slow'] === 'ledger' && span(one['for']!) >= ms && Number(one['by']) >= by,
  )
const hasLoss = (task: RunTask): boolean =>
  faultsOf(task).some(
    (one) => one['loss'] === 'front -> ledger' && parseFloat(String(one['by'])) >= 30,
  )

describe('the candidates', () => {
  it('are every verb at everything it can hit, and files take them', () => {
    const lines = candidates.map(lineOf)
    expect(lines).toContain('{ at: 3s, for: 4s, slow: ledger, by: 20 }')
    expect(lines).toContain('{ at: 3s, for: 4s, loss: front -> ledger, by: 100% }')
    expect(lines).toContain('{ at: 3s, for: 4s, spike: users, by: 5 }')
    expect(lines).toHaveLength(2 * 4 + 2 + 1)
    const faults = lines.map((one) => `  - ${one}\n`).join('')
    const text = STORM.replace(/faults:\n.*\n/, `faults:\n${faults}`)
    expect(readScenario(text, 'all').ok).toBe(true)
  })
})

describe('the search', () => {
  it('finds the fault that breaks the line and makes it as short and as mild as it can be', () => {
    const { answer, updates } = pretend(faultSearch(plan), (task) =>
      hasSlow(task, 700, 4) ? 0.5 : 1,
    )
    const { faults, isOwn, breaking, isConfirmed } = answer!
    expect([faults.length, isOwn, breaking, isConfirmed]).toEqual([1, false, 1, true])
    const [fault] = faults
    expect([fault!.verb, fault!.target]).toEqual(['slow', 'ledger'])
    expect(fault!.for / 1e6).toBeGreaterThanOrEqual(700)
    expect(fault!.for / 1e6).toBeLessThan(700 * 1.08)
    expect(fault!.by).toBeGreaterThanOrEqual(4)
    expect(fault!.by).toBeLessThan(1 + 3 * 1.08)
    expect(updates.at(-1)!.phase).toBe('shrinking')
  })

  it('takes two faults where one is not enough, and not three', () => {
    const breaks = (task: RunTask): boolean => hasSlow(task, 500, 2) && hasLoss(task)
    const { answer } = pretend(faultSearch(plan), (task) => (breaks(task) ? 0.5 : 1))
    expect(answer!.faults.map(({ verb }) => verb).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'loss',
      'slow',
    ])
    const loss = answer!.faults.find(({ verb }) => verb === 'loss')!
    expect(loss.by).toBeGreaterThanOrEqual(0.3)
    expect(loss.by).toBeLessThan(0.33)
  })

  it('finds the smallest of many that break the line, without making all of them small', () => {
    const needed: Readonly<Record<string, number>> = {
      slow: 2000,
      crash: 1800,
      errors: 500,
      pause: 1500,
      loss: 3000,
    }
    const breaks = (task: RunTask): boolean =>
      faultsOf(task).some((one) =>
        Object.entries(needed).some(([verb, ms]) => verb in one && span(one['for']!) >= ms),
      )
    const { answer } = pretend(faultSearch(plan), (task) => (breaks(task) ? 0.5 : 1))
    expect(answer!.breaking).toBe(9)
    const [fault] = answer!.faults
    expect([answer!.faults.length, fault!.verb]).toEqual([1, 'errors'])
    expect(fault!.for / 1e6).toBeLessThan(500 * 1.08)
  })

  it('makes the faults of the file smaller where they break it by themselves', () => {
    const drafts = scenario!.faults.map((spec) => draftOf(spec, scenario!.duration)!)
    const own = { ...plan, drafts, present: [{ at: '3s', for: '3s', slow: 'ledger', by: 3 }] }
    const { answer } = pretend(faultSearch(own), (task) => (hasSlow(task, 1200, 1.5) ? 0.5 : 1))
    expect(answer!.isOwn).toBe(true)
    expect(answer!.faults[0]!.for / 1e6).toBeLessThan(1200 * 1.08)
    expect(answer!.faults[0]!.by).toBeLessThan(1.6)
  })

  it('says so when nothing breaks it, and when it is broken anyway', () => {
    const none = pretend(faultSearch({ ...plan, pairs: 5 }), () => 1)
    expect(none.answer).toMatchObject({ faults: [], breaking: 0 })
    expect(pretend(faultSearch(plan), () => 0).answer).toMatchObject({ faults: [], breaking: 1 })
  })

  it('is not confirmed where the further seeds of the line do not agree', () => {
    const { answer } = pretend(faultSearch(plan), (task) =>
      hasSlow(task, 700, 4) && Number(task.seed) <= 2 ? 0.85 : 1,
    )
    expect(answer!.isConfirmed).toBe(false)
  })
})
