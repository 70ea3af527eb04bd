import { describe, expect, it } from 'vitest'
import type { RunTask, VariantResult } from '../../engine/run.ts'
import { runs, type Study, tell } from '../../engine/studies/study.ts'
import { follow, RunFailed } from '../../workers/follow.ts'
import type { RunOutcome } from '../../workers/protocol.ts'
import type { Runner } from '../../workers/runner.ts'
import { storm } from './files.ts'

/** Settles later tasks first, with the seed for a digest; hears cancellation. */
function runner(fail?: number): Runner & { readonly made: number[] } {
  const made: number[] = []
  return {
    made,
    close() {},
    async run({ seed }: RunTask, { signal } = {}): Promise<RunOutcome> {
      // As many turns as it takes for the last task to come first, on any machine.
      for (let turn = Number(seed); turn < 10; turn++) await Promise.resolve()
      if (signal?.aborted) return { ok: false, why: 'cancelled', partial: undefined }
      if (seed === fail) return { ok: false, why: 'problems', problems: [] }
      made.push(Number(seed))
      const result = { digest: String(seed), violations: [] } as unknown as VariantResult
      return { ok: true, result, warnings: [], cpuMs: 0 }
    },
  }
}

/** Two rounds of four runs; answers the digests it has heard of. */
function* study(): Study<string, string[]> {
  const heard: string[] = []
  for (const round of [0, 1]) {
    const seeds = [1, 2, 3, 4].map((seed) => seed + 4 * round)
    const results = yield* runs(seeds.map((seed) => storm({ seed })))
    heard.push(...results.map((result) => result?.digest ?? 'cancelled'))
    yield* tell(`round ${round}`)
  }
  return heard
}

async function all<U, A>(updates: AsyncGenerator<U, A>): Promise<{ told: U[]; answer: A }> {
  const told: U[] = []
  let step = await updates.next()
  while (!step.done) {
    told.push(step.value)
    step = await updates.next()
  }
  return { told, answer: step.value }
}

describe('following a study', () => {
  it('merges results by their place, whoever came first', async () => {
    const own = runner()
    const asked: number[] = []
    const onProgress = (_: number, __: number, wanted: number): void => void asked.push(wanted)
    const { told, answer } = await all(follow(study(), own, { onProgress }))
    expect(own.made.slice(0, 4)).toEqual([4, 3, 2, 1])
    expect(answer).toEqual(['1', '2', '3', '4', '5', '6', '7', '8'])
    expect(told).toEqual(['round 0', 'round 1'])
    expect([asked[0], asked.at(-1)]).toEqual([4, 8])
  })

  it('ends soon when it is cancelled, with what is known', async () => {
    const abort = new AbortController()
    const updates = follow(study(), runner(), { signal: abort.signal })
    expect(await updates.next()).toEqual({ done: false, value: 'round 0' })
    abort.abort()
    expect(await updates.next()).toEqual({ done: true, value: undefined })
  })

  it('lets the study end by itself when its runs are cancelled', async () => {
    const abort = new AbortController()
    const updates = follow(study(), runner(), { signal: abort.signal })
    const first = updates.next()
    abort.abort()
    expect(await first).toEqual({ done: false, value: 'round 0' })
    expect((await updates.next()).done).toBe(true)
  })

  it('throws what cannot be run, and closes the study', async () => {
    let isClosed = false
    function* watched(): Study<string, string[]> {
      try {
        return yield* study()
      } finally {
        isClosed = true
      }
    }
    await expect(all(follow(watched(), runner(6)))).rejects.toThrow(RunFailed)
    expect(isClosed).toBe(true)
  })
})
