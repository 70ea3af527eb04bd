import { describe, expect, it } from 'vitest'
import { patterns } from '../../engine/patterns/index.ts'
import { Replay } from '../../engine/replay.ts'
import { readScenario } from '../../engine/scenario/read.ts'
import type { Scenario } from '../../engine/scenario/scenario.ts'
import { SECOND } from '../../engine/units.ts'
import { retryStorm } from '../ui/run-of.ts'
import { STORM } from '../workers/files.ts'

function scenarioOf(text: string, set: Record<string, unknown> = {}): Scenario {
  const read = readScenario(text, 'storm', { set })
  if (!read.ok) throw new Error(JSON.stringify(read.errors))
  return read.scenario
}

function replayOf(text: string, options: { spacing?: number; set?: Record<string, unknown> } = {}) {
  const { set, ...rest } = options
  return new Replay(scenarioOf(text, set), { seed: '7', catalogue: patterns, ...rest })
}

/** Digests after every event of a run that only goes forward. */
function straight(text: string, set: Record<string, unknown> = {}): string[] {
  const replay = replayOf(text, { spacing: Infinity, set })
  const digests = [replay.digests.events]
  while (replay.fire()) digests.push(replay.digests.events)
  return digests
}

/** Whole numbers below a bound, the same in every run of the tests. */
function* arbitrary(bound: number): Generator<number> {
  for (let state = 1; ;) {
    state = Math.imul(state, 1103515245) + 12345
    yield (state >>> 8) % bound
  }
}

describe('replay', () => {
  const short = {
    duration: '15s',
    'services.ledger.concurrency': 1,
    'load.users.arrivals': 'poisson(55/s)',
  }
  const expected = straight(STORM, short)

  it('comes to the same at 1,000 moments gone to, stepped back from, and replayed', () => {
    const replay = replayOf(STORM, { spacing: 400, set: short })
    const moments = arbitrary(expected.length)
    for (let round = 0; round < 1000; round++) {
      const number = moments.next().value as number
      expect(replay.digestAt(number).events).toBe(expected[number])
      if (number === 0) continue
      replay.stepBack()
      expect(replay.events).toBe(number - 1)
      expect(replay.digests.events).toBe(expected[number - 1])
      replay.fire()
      expect(replay.digests.events).toBe(expected[number])
    }
  })

  it('goes on where it was furthest, without going the way there again', () => {
    const replay = replayOf(STORM, { spacing: 400, set: short })
    replay.seekEvent(2500)
    replay.seekEvent(0)
    replay.toFrontier()
    expect(replay.events).toBe(2400)
    expect(replay.digests.events).toBe(expected[2400])
  })

  it('goes to moments in time, at and between events', () => {
    const replay = replayOf(STORM, { spacing: 700 })
    for (const seconds of [5, 1.5, 11.9, 0, 3.0000001, 12, 2]) {
      replay.seekTime(seconds * SECOND)
      expect(replay.now).toBe(seconds * SECOND)
      const { events, digests } = replay
      const other = replayOf(STORM, { spacing: Infinity })
      expect(other.digestAt(events)).toEqual(digests)
      const next = other.fire()
      if (next) expect(next.time).toBeGreaterThan(seconds * SECOND)
      replay.seekEvent(events)
      expect(replay.now).toBeLessThanOrEqual(seconds * SECOND)
      expect(replay.digests).toEqual(digests)
    }
  })

  it('keeps few checkpoints however long the run is', () => {
    const replay = replayOf(STORM, { spacing: 50 })
    replay.seekEvent(Infinity)
    const last = replay.digests
    const { marks } = replay as unknown as { marks: { bytes: number }[] }
    expect(marks.length).toBeLessThanOrEqual(32)
    expect(marks.length).toBeGreaterThan(8)
    // They are thinned by what they hold, too: the more calls are under way, the more that is.
    const bytes = marks.map((mark) => mark.bytes)
    expect(Math.min(...bytes)).toBe(bytes[0])
    expect(Math.max(...bytes)).toBeGreaterThan(bytes[0]! * 1.05)
    replay.seekEvent(9000)
    replay.seekEvent(10)
    replay.seekEvent(Infinity)
    expect(replay.digests).toEqual(last)
  })

  it('keeps thirty-two checkpoints, and of one more every second', () => {
    const replay = replayOf(STORM, { spacing: 100 })
    const { marks } = replay as unknown as { marks: { events: number }[] }
    replay.seekEvent(3100)
    expect(marks.map(({ events }) => events)).toEqual(Array.from({ length: 32 }, (_, n) => n * 100))
    replay.seekEvent(3200)
    expect(marks.map(({ events }) => events)).toEqual(Array.from({ length: 17 }, (_, n) => n * 200))
  })

  it('has more checkpoints where it was last, when those of the whole run are far apart', () => {
    const set = { duration: '90s' }
    const plain = replayOf(retryStorm, { spacing: Infinity, set })
    const expected = [130_000, 310_000, 390_000].map((number) => plain.digestAt(number))
    const replay = replayOf(retryStorm, { spacing: 200_000, set })
    replay.seekEvent(Infinity)
    expect(replay.digestAt(390_000)).toEqual(expected[2])
    const near = (replay as unknown as { near: { events: number }[] }).near
    expect(near.map(({ events }) => events)).toEqual([300_000])
    expect(replay.digestAt(310_000)).toEqual(expected[1])
    expect(replay.digestAt(130_000)).toEqual(expected[0])
    expect(near.map(({ events }) => events)).toEqual([300_000, 100_000])
    expect(replay.digestAt(390_000)).toEqual(expected[2])
  })

  it('tells each event', () => {
    const replay = replayOf(STORM)
    replay.seekEvent(99)
    expect(replay.fire()).toMatchObject({
      number: 100,
      place: expect.stringMatching(/front|ledger|users/),
    })
  })
})

describe('a traced request', () => {
  it('is told from its arrival to the last work done for it', () => {
    const replay = replayOf(STORM)
    const { spans } = replay.trace(3)
    const [call, visit, inner, work] = spans
    expect(spans).toHaveLength(4)
    expect(call).toMatchObject({ kind: 'call', edge: 'users -> front', parent: -1, outcome: 'ok' })
    expect(visit).toMatchObject({ kind: 'attempt', instance: 'front#0', parent: 0, attempt: 1 })
    expect(inner).toMatchObject({ kind: 'call', edge: 'front -> ledger', parent: 1 })
    expect(work).toMatchObject({ kind: 'attempt', instance: 'ledger#0', parent: 2, outcome: 'ok' })
    const times = [
      call!.startedAt,
      visit!.arrivedAt!,
      visit!.workedFrom!,
      visit!.workedUntil!,
      inner!.startedAt,
      work!.arrivedAt!,
      work!.workedFrom!,
      work!.workedUntil!,
      work!.leftAt!,
      work!.endedAt!,
      inner!.endedAt!,
      visit!.leftAt!,
      visit!.endedAt!,
      call!.endedAt!,
    ]
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(JSON.parse(JSON.stringify(spans))).toMatchObject([{ id: 0 }, { id: 1 }, { id: 2 }, {}])
  })

  it('shows abandoned attempts, and who sent again and who refused', () => {
    const replay = replayOf(STORM)
    const traces = [1000, 1100, 1200, 1300, 1400].map((request) => replay.trace(request).spans)
    const spans = traces.flat()
    const abandoned = spans.filter((span) => span.abandonedAt !== undefined)
    expect(abandoned.length).toBeGreaterThan(0)
    for (const span of abandoned) expect(span.endedAt).toBeGreaterThanOrEqual(span.abandonedAt!)
    const decisions = spans.flatMap((span) => span.decisions)
    expect(decisions).toContainEqual(
      expect.objectContaining({ what: 'resend', pattern: 'retries' }),
    )
    expect(decisions).toContainEqual(expect.objectContaining({ what: 'turn', pattern: 'breaker' }))
    expect(spans.every((span) => span.outcome !== 'open' && span.endedAt !== undefined)).toBe(true)
  })

  it('changes nothing: neither the position nor what comes after', () => {
    const plain = replayOf(STORM)
    const traced = replayOf(STORM)
    for (const number of [100, 5000, 9000]) {
      traced.seekEvent(number)
      traced.trace(1000)
      traced.trace(10)
      expect(traced.events).toBe(number)
      expect(traced.digests).toEqual(plain.digestAt(number))
    }
    expect(traced.digestAt(Infinity)).toEqual(plain.digestAt(Infinity))
  })

  it('that never was has no spans', () => {
    const replay = replayOf(STORM)
    expect(replay.trace(1e6).spans).toEqual([])
    expect(replay.trace(-1).spans).toEqual([])
  })
})
