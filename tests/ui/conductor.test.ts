import { describe, expect, it } from 'vitest'
import type { RunTask } from '../../engine/run.ts'
import { readScenario } from '../../engine/scenario/read.ts'
import { Conductor } from '../../ui/conductor.ts'
import { RunStore } from '../../ui/runs.ts'
import { initialState, unchanged, type Side, type State } from '../../ui/state.ts'
import { Store } from '../../ui/store.ts'
import type { RunOutcome } from '../../workers/protocol.ts'
import type { RunOptions } from '../../workers/runner.ts'
import { retryStorm, runOf } from './run-of.ts'

const { layout } = runOf(`
schema: 1
title: small
duration: 1s
services: { db: {} }
load: { users: { to: db, arrivals: poisson(9/s) } }
`)

/** A page without a page: a reader that reads at once, and a runner that waits to be told what came out. */
async function stage(text = retryStorm) {
  const asked: { task: RunTask; options: RunOptions; end: (outcome: RunOutcome) => void }[] = []
  const store = new Store<State>(initialState(unchanged('home', text)), () => {})
  const runs = new RunStore()
  const runner = {
    run: (task: RunTask, options: RunOptions = {}) =>
      new Promise<RunOutcome>((end) => asked.push({ task, options, end })),
  }
  const reader = {
    read: (source: string | Uint8Array, name: string, patch = {}) =>
      Promise.resolve(readScenario(source, name, patch)),
  }
  const conductor = new Conductor(store, runs, runner, reader)
  conductor.sync()
  await settled()
  const switchTo = (side: Side, id: string, isOn: boolean): void =>
    store.edit('switch', (draft) => {
      draft.switches[side][id] = isOn
    })
  return { asked, store, runs, conductor, switchTo }
}

/** Lets promises settle. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

const variants = (asked: readonly { task: RunTask }[]) => asked.map(({ task }) => task.variant)

describe('the conductor', () => {
  it('runs both variants once, though it begins before the file has been read', async () => {
    const { asked, store } = await stage()
    expect(variants(asked)).toEqual(['A', 'B'])
    expect(store.get().opened?.scenario.title).toBe('Retry storm at checkout')
  })

  it('runs the file as it stands when it compares nothing', async () => {
    const { asked, store } = await stage(retryStorm.replace(/^compare:[^]*$/m, ''))
    expect(variants(asked)).toEqual(['A', 'B', undefined, undefined])
    const [a, b] = asked
    for (const { end, options } of [a!, b!]) {
      expect(options.signal!.aborted).toBe(true)
      end({ ok: false, why: 'problems', problems: [] })
    }
    await settled()
    expect(store.get().trouble).toBeUndefined()
  })

  it('runs only the variant whose switch was moved, and stops its last run', async () => {
    const { asked, switchTo } = await stage()
    const [a, b] = asked.splice(0)
    switchTo('A', 'breaker', true)
    expect(asked.map(({ task }) => [task.variant, task.on, task.off])).toEqual([
      ['A', ['breaker'], []],
    ])
    expect([a!.options.signal!.aborted, b!.options.signal!.aborted]).toEqual([true, false])
  })

  it('does not listen to a run that has been replaced', async () => {
    const { asked, store, switchTo } = await stage()
    switchTo('B', 'retries', false)
    asked[1]!.end({ ok: false, why: 'cancelled', partial: undefined })
    await settled()
    expect(store.get().progress.B.phase).toBe('computing')
  })

  it('runs again what undo brings back', async () => {
    const { asked, store, switchTo } = await stage()
    switchTo('B', 'breaker', false)
    store.undo()
    expect(variants(asked)).toEqual(['A', 'B', 'B', 'B'])
    expect(asked.at(-1)!.task.off).toEqual([])
  })

  it('keeps what is open when a file cannot be read', async () => {
    const { asked, store, conductor } = await stage()
    const before = store.get().document
    const isOpen = await conductor.open(
      'broken',
      'schema: 1\nservices: { db: { concurency: 3 } }\n',
    )
    expect(isOpen).toBe(false)
    const { trouble, document, opened } = store.get()
    expect(document).toBe(before)
    expect(opened?.scenario.title).toBe('Retry storm at checkout')
    expect(trouble).toMatchObject({ name: 'broken.yaml', isRejected: true })
    expect(
      trouble!.problems.some(({ line, hint }) => line === 2 && hint.includes('concurrency')),
    ).toBe(true)
    expect(asked).toHaveLength(2)
  })

  it('does not run a value that makes no sense, and says so', async () => {
    const { asked, store } = await stage()
    store.edit('set', (draft) => void (draft.set['faults[0].by'] = 'often'))
    asked[0]!.options.onLayout!(layout)
    await settled()
    expect(store.get().trouble).toMatchObject({ isRejected: false })
    expect(store.get().progress.A.isOld).toBe(true)
    expect(asked).toHaveLength(2)
    store.undo()
    await settled()
    expect(store.get().trouble).toBeUndefined()
    expect(store.get().progress.A.isOld).toBe(false)
    store.edit('set', (draft) => void (draft.set['faults[0].by'] = '3'))
    await settled()
    expect(asked.slice(2).map(({ task }) => task.set)).toEqual([
      { 'faults[0].by': '3' },
      { 'faults[0].by': '3' },
    ])
  })

  it('says how a run was lost, and runs it again when told to', async () => {
    const { asked, store, conductor } = await stage()
    const crash = {
      reason: 'died',
      message: 'gone',
      event: 12,
      time: 5,
      seed: '7',
      stack: undefined,
    } as const
    asked[0]!.end({ ok: false, why: 'crash', crash })
    await settled()
    expect(store.get().progress.A).toMatchObject({ phase: 'failed' })
    expect(store.get().progress.A.message).toContain('event 12, seed 7')
    conductor.retry()
    expect(variants(asked)).toEqual(['A', 'B', 'A'])
    expect(store.get().progress.A.message).toBe('')
  })
})

describe('a finished run with something to say', () => {
  const finished = runOf(retryStorm.replace('duration: 120s', 'duration: 2s')).result!

  it('tells that it ended early, and which law did not hold', async () => {
    const { asked, store } = await stage()
    const law = { law: 'calls are conserved', place: 'a -> b', detail: 'expected 1, counted 2' }
    const stopped = 'events: more than 10 events at t = 1 s'
    asked[0]!.end({
      ok: true,
      result: { ...finished, stopped, violations: [law] },
      warnings: [],
      cpuMs: 1,
    })
    await settled()
    const { phase, message } = store.get().progress.A
    expect(phase).toBe('done')
    expect(message).toContain('more than 10 events')
    expect(message).toContain('calls are conserved; expected 1, counted 2')
  })

  it('tells nothing when all is well', async () => {
    const { asked, store } = await stage()
    asked[0]!.end({ ok: true, result: finished, warnings: [], cpuMs: 1 })
    await settled()
    expect(store.get().progress.A.message).toBe('')
  })
})
