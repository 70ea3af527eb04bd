import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { Frame, Layout } from '../../engine/run.ts'
import { InProcess } from '../../workers/in-process.ts'
import { nodeMachine } from '../../workers/node-machine.ts'
import { Pauser } from '../../workers/pauser.ts'
import { Pool } from '../../workers/pool.ts'
import { prepare } from '../../workers/prepare.ts'
import type { Crash, RunOutcome } from '../../workers/protocol.ts'
import { runAll } from '../../workers/runner.ts'
import { PATIENCE } from '../../workers/seat.ts'
import type { Grief } from './bad-worker.ts'
import { storm } from './files.ts'
import { badThreads, threads } from './threads.ts'

const here = new InProcess(nodeMachine, prepare)
/** Good pools by size, which all tests share, and those of the test under way. */
const shared = new Map<number, Promise<Pool>>()
const own: Pool[] = []

afterEach(() => {
  for (const pool of own.splice(0)) pool.close()
})
afterAll(async () => {
  for (const pool of shared.values()) (await pool).close()
})

function pool(size = 1): Promise<Pool> {
  const known = shared.get(size) ?? threads(size)
  shared.set(size, known)
  return known
}

const isSilent = (grief: Grief): boolean => grief === 'hang' || grief === 'sleep'

/** Workers that come to grief; the silent ones are found out within a second. */
async function bad(grief: Grief, count = 1, size = 1): Promise<Pool> {
  const patience = { everyMs: 50, looks: isSilent(grief) ? 20 : 200, looksAtStart: 600 }
  own.push(await badThreads({ grief, bad: count }, size, patience))
  return own.at(-1)!
}

/** All that must not depend on who ran it, and how. */
function bytes(outcome: RunOutcome): string {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome))
  return JSON.stringify(outcome.result)
}

/** Long enough to be interrupted. */
const long = () => storm({ variant: 'A', set: { duration: '3000s' } })

describe('the same bytes', () => {
  it('come from 1, 2 and 4 workers, in the order of the tasks', async () => {
    const tasks = [1, 2].flatMap((seed) => [
      storm({ variant: 'A', seed }),
      storm({ variant: 'B', seed }),
    ])
    const expected = (await runAll(here, tasks)).map(bytes)
    expect(new Set(expected).size).toBe(tasks.length)
    for (const size of [1, 2, 4]) {
      expect((await runAll(await pool(size), tasks)).map(bytes)).toEqual(expected)
    }
  })

  it('come from slices of any size', async () => {
    const expected = bytes(await here.run(storm()))
    for (const slice of [1, 7, 4096, 1e6]) {
      expect(bytes(await here.run(storm(), { slice }))).toBe(expected)
      expect(bytes(await (await pool()).run(storm(), { slice }))).toBe(expected)
    }
    expect(bytes(await here.run(storm(), { slice: 7, onFrame() {} }))).toBe(expected)
  })

  it('come with and without recording, but for the series', async () => {
    const results = await runAll(here, [storm(), storm({ recording: 'none' })])
    const [full, bare] = results.map((outcome) => {
      const { series: _, bucketMs: __, ...rest } = JSON.parse(bytes(outcome))
      return rest
    })
    expect(bare).toEqual(full)
  })

  it('come again after another run in between', async () => {
    const one = await pool()
    const [a, b, again] = await runAll(one, [storm(), storm({ variant: 'A' }), storm()])
    expect(bytes(again!)).toBe(bytes(a!))
    expect(bytes(b!)).not.toBe(bytes(a!))
    expect(one.workers).toBe(1)
  })
})

describe('a watcher', () => {
  it('gets the layout once, then every bucket once, then the result', async () => {
    const layouts: Layout[] = []
    const frames: Frame[] = []
    let over = false
    const outcome = await (
      await pool()
    ).run(storm(), {
      slice: 500,
      onLayout: (layout) => layouts.push(layout),
      onFrame(frame) {
        expect(over).toBe(false)
        expect(layouts).toHaveLength(1)
        frames.push(frame)
      },
    })
    over = true
    const { buckets, columns } = layouts[0]!
    let next = 0
    for (const { from, to, values } of frames) {
      expect(from).toBe(next)
      expect(values).toHaveLength((to - from) * columns.length)
      next = to
    }
    expect(next).toBe(buckets)
    const offered = columns.findIndex((each) => each.scope === 'total' && each.metric === 'offered')
    let total = 0
    for (const { values, from, to } of frames) {
      const rows = to - from
      for (const value of values.subarray(offered * rows, (offered + 1) * rows)) total += value
    }
    expect(outcome.ok && outcome.result.requests.offered).toBe(total)
  })

  it('sees the same frames in this thread as from a worker', async () => {
    const collect = async (runner: Pool | InProcess) => {
      const columns: number[][] = []
      await runner.run(storm(), {
        onFrame({ from, to, values }) {
          const rows = to - from
          values.forEach((value, at) => (columns[Math.floor(at / rows)] ??= []).push(value))
        },
      })
      return columns
    }
    expect(await collect(await pool())).toEqual(await collect(here))
  })

  it('is told what is wrong with a file, as plain values', async () => {
    const task = storm({ text: 'schema: 1\nservices: { a: { concurency: 3 } }' })
    const outcome = await (await pool()).run(task)
    expect(outcome).toMatchObject({ ok: false, why: 'problems' })
    expect(outcome).toEqual(await here.run(task))
  })
})

describe('cancelling', () => {
  it('ends a run long before it would be over and keeps what it had come to', async () => {
    const one = await pool()
    await one.run(storm())
    const took: number[] = []
    for (let round = 0; round < 30; round++) {
      const abort = new AbortController()
      let at = 0
      const onProgress = ({ events }: { events: number }): void => {
        if (events === 0 || at > 0) return
        at = performance.now()
        abort.abort()
      }
      const outcome = await one.run(long(), { signal: abort.signal, onProgress })
      took.push(performance.now() - at)
      expect(outcome).toMatchObject({ ok: false, why: 'cancelled' })
      if (!outcome.ok && outcome.why === 'cancelled')
        expect(outcome.partial!.requests.offered).toBeGreaterThan(0)
    }
    took.sort((a, b) => a - b)
    // How soon is measured by `npm run -s cancel`: here others want the processor too.
    expect(took[15]).toBeLessThan(250)
    expect(one.workers).toBe(1)
  })

  it('ends a run of which nothing was heard at once, and its worker takes the next', async () => {
    const one = await pool()
    const abort = new AbortController()
    const running = one.run(long(), { signal: abort.signal })
    abort.abort()
    // A worker needs longer than a turn of the event loop to start.
    const outcome = await Promise.race([running, new Promise((done) => setImmediate(done))])
    expect(outcome).toEqual({ ok: false, why: 'cancelled', partial: undefined })
    expect(await one.run(storm())).toMatchObject({ ok: true })
    expect(one.workers).toBe(1)
  })

  it('keeps the runs of a batch that were done', async () => {
    const abort = new AbortController()
    const tasks = [storm(), storm({ seed: 8 }), long(), long(), long()]
    const outcomes = await runAll(await pool(2), tasks, {
      signal: abort.signal,
      onOutcome: (index) => index === 1 && abort.abort(),
    })
    expect(outcomes[1]!.ok).toBe(true)
    expect(outcomes.slice(2).map((each) => !each.ok && each.why)).toEqual(
      Array(3).fill('cancelled'),
    )
  })

  it('lets go of everything when the pool is closed', async () => {
    const two = await threads(2)
    const runs = [long(), long(), long()].map((task) => two.run(task))
    await new Promise((resolve) => setTimeout(resolve, 300))
    two.close()
    for (const run of runs) expect(await run).toMatchObject({ ok: false, why: 'cancelled' })
    expect(await two.run(storm())).toMatchObject({ ok: false, why: 'cancelled' })
    expect(two.workers).toBe(0)
  })
})

describe('pausing', () => {
  it('holds a run for as long as it likes without being taken for a hang', async () => {
    const pauser = new Pauser()
    const one = await bad('hang', 0)
    let told = 0
    const run = one.run(storm({ set: { duration: '120s' } }), { pauser, onProgress: () => told++ })
    pauser.pause()
    await expect.poll(() => told, { timeout: 20_000 }).toBeGreaterThan(0)
    await new Promise((resolve) => setTimeout(resolve, 800))
    const before = told
    await new Promise((resolve) => setTimeout(resolve, 1200))
    expect(told).toBe(before)
    pauser.resume()
    const unpaused = await one.run(storm({ set: { duration: '120s' } }))
    expect(bytes(await run)).toBe(bytes(unpaused))
  })
})

describe('a pool that is closed', () => {
  /** Starts a worker of nothing, and ends it with its pool. */
  function short(): WeakRef<object> {
    const reports: unknown[] = []
    const listen = (_name: string, listener: unknown): void => void reports.push(listener)
    const nothing = (): void => {}
    const endpoint = {
      postMessage: nothing,
      addEventListener: listen,
      removeEventListener: nothing,
    }
    const onLoss = (report: unknown): void => void Object.assign(endpoint, { report })
    const brief = new Pool({ size: 1, spawn: () => ({ endpoint, onLoss, terminate: nothing }) })
    brief.warm()
    brief.close()
    return new WeakRef(endpoint)
  }

  it('leaves nothing of its workers behind', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const all = Array.from({ length: 5 }, short)
    for (let turn = 0; turn < 5; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 10))
      collect()
    }
    expect(all.filter((one) => one.deref() !== undefined)).toEqual([])
  })
})

describe('a worker that comes to grief', () => {
  it('is given up before three seconds of silence have passed', () => {
    expect(PATIENCE.everyMs * PATIENCE.looks).toBeLessThan(2500)
  })

  const words: Record<Grief, object> = {
    throw: { reason: 'threw', message: 'a wheel came off', event: 5000, seed: '7' },
    reject: { reason: 'rejected', message: 'nobody waited for this', seed: '7' },
    hang: { reason: 'hung', message: expect.stringContaining('nothing was heard'), seed: '7' },
    exit: { reason: 'died', message: 'the worker ended with exit code 9', seed: '7' },
    overflow: { reason: 'threw', message: 'Maximum call stack size exceeded', event: 5000 },
    uncaught: { reason: 'died', message: 'thrown beside the run', seed: '7' },
    sleep: { reason: 'hung', message: expect.stringContaining('nothing was heard'), seed: '7' },
    memory: { reason: 'died', message: expect.stringContaining('out of memory'), seed: '7' },
    terminate: { reason: 'died', message: 'the worker ended with exit code 1', seed: '7' },
  }
  const griefs = Object.keys(words) as Grief[]

  it.each(griefs)('is reported and replaced, and its task done again: %s', async (grief) => {
    const trouble: Crash[] = []
    const one = await bad(grief)
    const outcome = await one.run(storm(), { onTrouble: (crash) => trouble.push(crash) })
    expect(bytes(outcome)).toBe(bytes(await here.run(storm())))
    expect(trouble).toHaveLength(1)
    expect(trouble[0]).toMatchObject(words[grief])
    expect(one.workers).toBe(1)
  })

  it.each(['throw', 'exit'] as const)('twice is the outcome: %s', async (grief) => {
    const one = await bad(grief, 2)
    const outcome = await one.run(storm())
    expect(outcome).toMatchObject({ ok: false, why: 'crash', crash: words[grief] })
    expect(bytes(await one.run(storm()))).toBe(bytes(await here.run(storm())))
  })

  it('changes nothing in a batch', async () => {
    const tasks = [1, 2, 3, 4].map((seed) => storm({ seed }))
    const expected = (await runAll(here, tasks)).map(bytes)
    const outcomes = await runAll(await bad('exit', 2, 2), tasks)
    expect(outcomes.map(bytes)).toEqual(expected)
  })

  it('that cannot even start is an outcome, not an exception', async () => {
    const spawn = () => {
      throw new Error('no more threads')
    }
    const outcome = await new Pool({ size: 1, spawn }).run(storm())
    expect(outcome).toMatchObject({ why: 'crash', crash: { message: 'no more threads' } })
  })
})
