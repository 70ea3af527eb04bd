import { describe, expect, it } from 'vitest'
import type { RunTask } from '../../engine/run.ts'
import { readScenario } from '../../engine/scenario/read.ts'
import { Conductor } from '../../ui/conductor.ts'
import { RunStore, type VariantRun } from '../../ui/runs.ts'
import { initialState, SIDES, unchanged, type State } from '../../ui/state.ts'
import { Store } from '../../ui/store.ts'
import { Turns } from '../../ui/turns.ts'
import type { Drawing } from '../../ui/view.ts'
import type { RunOutcome } from '../../workers/protocol.ts'
import type { RunOptions } from '../../workers/runner.ts'
import { runOf } from './run-of.ts'

const TEXT = `
schema: 1
title: small
duration: 1s
services: { db: { work: exponential(5ms) } }
load: { users: { to: db, arrivals: poisson(40/s) } }
compare: { A: { title: One }, B: { title: Two } }
`
const reading = readScenario(TEXT, 'home')
if (!reading.ok) throw new Error(reading.errors[0]?.message)
const { scenario, off } = reading

/** A page that has brought a stored result along; runs wait to be told what came out. */
async function stage() {
  const asked: { task: RunTask; options: RunOptions; end: (outcome: RunOutcome) => void }[] = []
  const store = new Store<State>(initialState(unchanged('home', TEXT)), () => {})
  const runs = new RunStore()
  const runner = {
    run: (task: RunTask, options: RunOptions = {}) =>
      new Promise<RunOutcome>((end) => asked.push({ task, options, end })),
  }
  let reads = 0
  const read = () => {
    reads++
    return Promise.resolve(reading)
  }
  const conductor = new Conductor(store, runs, runner, { read })
  const stored = {
    name: 'home',
    opened: { scenario, off },
    runs: { A: runOf(TEXT, { variant: 'A' }), B: runOf(TEXT, { variant: 'B' }) },
  }
  conductor.show(stored)
  conductor.sync()
  await settled()
  return { asked, store, runs, conductor, stored, reads: () => reads }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

/** A run ends as another one did. */
async function end(
  { options, end: tell }: { options: RunOptions; end: (outcome: RunOutcome) => void },
  { layout, result }: VariantRun,
  digest = result!.digest,
): Promise<void> {
  const { buckets, columns, duration } = layout
  const values = new Float32Array(buckets * columns.length)
  options.onLayout?.(layout)
  const end = { from: 0, to: buckets, now: duration, events: 1 }
  options.onFrame?.({ ...end, values, transitions: new Float64Array(0) })
  tell({ ok: true, result: { ...result!, digest }, warnings: [], cpuMs: 1 })
  await settled()
}

describe('a page that brings a stored result', () => {
  it('shows it at once, reads nothing, and computes both runs all the same', async () => {
    const { asked, store, runs, stored, reads } = await stage()
    expect(runs.of('A') === stored.runs.A).toBe(true)
    expect(asked.map(({ task }) => task.variant)).toEqual(['A', 'B'])
    expect(reads()).toBe(0)
    const { A } = store.get().progress
    expect(A).toMatchObject({ phase: 'computing', stored: 'shown', isOld: false })
  })

  it('keeps the picture until both are computed, and then says that they are the same', async () => {
    const { asked, store, runs, stored } = await stage()
    await end(asked[0]!, stored.runs.A)
    expect(runs.of('A') === stored.runs.A).toBe(true)
    await end(asked[1]!, stored.runs.B)
    for (const side of SIDES) {
      expect(runs.of(side) === stored.runs[side]).toBe(false)
      expect(runs.of(side)!.result!.digest).toBe(stored.runs[side].result!.digest)
      const { message, ...rest } = store.get().progress[side]
      expect(rest).toMatchObject({ phase: 'done', stored: 'same' })
      expect(message).toBe('')
    }
  })

  it('says so, with both digests, when what it computes is not what was stored', async () => {
    const { asked, store, stored } = await stage()
    await end(asked[0]!, stored.runs.A)
    await end(asked[1]!, stored.runs.B, 'abcd')
    const { B } = store.get().progress
    expect(B.stored).toBe('other')
    expect(B.message).toContain(stored.runs.B.result!.digest)
    expect(B.message).toContain('abcd')
  })

  it('keeps it when the computing is cancelled, and computes again on demand', async () => {
    const { asked, store, runs, conductor, stored } = await stage()
    conductor.cancel()
    asked[0]!.options.onLayout?.(stored.runs.A.layout)
    for (const { end: tell } of asked.splice(0)) {
      tell({ ok: false, why: 'cancelled', partial: { ...stored.runs.A.result!, digest: 'half' } })
    }
    await settled()
    expect(runs.of('A') === stored.runs.A).toBe(true)
    expect(runs.of('A')!.result!.digest).not.toBe('half')
    expect(store.get().progress.A).toMatchObject({ phase: 'stopped', stored: 'shown' })
    conductor.retry()
    expect(asked.map(({ task }) => task.variant)).toEqual(['A', 'B'])
  })

  it('is like any other old result as soon as something is changed', async () => {
    const { asked, store, runs, stored } = await stage()
    store.edit('seed', (draft) => {
      draft.seed = '8'
    })
    const { A } = store.get().progress
    expect(A).toMatchObject({ phase: 'computing', stored: undefined, isOld: true })
    asked[2]!.options.onLayout?.(stored.runs.A.layout)
    expect(runs.of('A') === stored.runs.A).toBe(false)
  })
})

describe('drawings', () => {
  const runs = { revision: 1, opened: undefined, difference: { patterns: [], values: [] } }
  const data = { ...runs, A: runOf(TEXT), B: undefined }
  const nothing = {} as Parameters<Drawing['update']>[1]

  /** Drawings that take 9 ms each for new data, and a list of who was drawn. */
  function crowd(names: string) {
    let now = 0
    const drawn: string[] = []
    const drawings = names.split('').map((name): Drawing => {
      let seen: unknown
      return {
        update: (shown) => {
          drawn.push(name)
          if (shown.revision !== seen) now += 9
          seen = shown.revision
        },
        destroy: () => {},
      }
    })
    const turns = new Turns(() => now)
    const frame = (shown: Parameters<Drawing['update']>[0] = data): [boolean, string] => {
      drawn.length = 0
      const isComplete = turns.draw(drawings, shown, nothing)
      return [isComplete, drawn.join('')]
    }
    return { frame, turns }
  }

  it('that fit into a frame are all drawn in it', () => {
    expect(crowd('ab').frame()).toEqual([true, 'ab'])
  })

  it('that do not fit wait for the next frame; those that are drawn follow the cursor', () => {
    const { frame } = crowd('abcdefg')
    expect(frame()).toEqual([false, 'abc'])
    expect(frame()).toEqual([false, 'abcdef'])
    expect(frame()).toEqual([true, 'abcdefg'])
    expect(frame({ ...data, revision: 2 })).toEqual([false, 'abc'])
    expect(frame({ ...data, revision: 3 })).toEqual([false, 'def'])
  })

  it('say how long all of it took, over the frames that it needed', () => {
    const { frame, turns } = crowd('abcde')
    frame()
    expect(turns.took).toBe(27)
    frame()
    expect(turns.took).toBe(45)
    frame()
    expect(turns.took).toBe(45)
    frame({ ...data, revision: 2 })
    expect(turns.took).toBe(27)
  })

  it('come in the order of the page when there is something to draw for the first time', () => {
    const { frame } = crowd('abcd')
    expect(frame({ ...runs, revision: 0, A: undefined, B: undefined })[1]).toBe('abc')
    expect(frame()[1]).toBe('abc')
  })
})
