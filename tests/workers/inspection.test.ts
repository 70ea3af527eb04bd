import { afterEach, describe, expect, it } from 'vitest'
import { CauseFinder } from '../../engine/causes.ts'
import { patterns } from '../../engine/patterns/index.ts'
import { Replay } from '../../engine/replay.ts'
import type { RequestList, RequestQuery, RequestSummary } from '../../engine/requests.ts'
import { HEAT, heatEdge } from '../../engine/results/frame.ts'
import type { RunTask } from '../../engine/run.ts'
import { readTask } from '../../engine/scenario/read.ts'
import type { Scenario } from '../../engine/scenario/scenario.ts'
import { SECOND } from '../../engine/units.ts'
import { offerInspection } from '../../workers/inspection-offer.ts'
import type { Answer } from '../../workers/inspection-protocol.ts'
import { Inspection } from '../../workers/inspection.ts'
import { Inspector } from '../../workers/inspector.ts'
import { nodeMachine } from '../../workers/node-machine.ts'
import type { WorkerHandle } from '../../workers/seat.ts'
import { runOf } from '../ui/run-of.ts'
import { STORM, storm } from './files.ts'

const short = storm({ variant: 'A', set: { duration: '8s' } })
const other = storm({ variant: 'B', set: { duration: '8s' } })

function scenarioOf(task: RunTask): Scenario {
  const read = readTask(task)
  if (!read.ok) throw new Error(JSON.stringify(read.errors))
  return read.scenario
}

function inspection(task: RunTask = short): Inspection {
  return new Inspection(scenarioOf(task), nodeMachine, { spacing: 2000 })
}

async function value<T>(answer: Promise<Answer<T>>): Promise<T> {
  const given = await answer
  if (!given.ok) throw new Error(JSON.stringify(given))
  return given.value
}

const ALL: RequestQuery = {
  from: 0,
  until: Infinity,
  lowest: 0,
  highest: Infinity,
  outcome: undefined,
  only: undefined,
  limit: Infinity,
}

/** Every request of a run by following each of them: slow, and not to be doubted. */
function bruteForce(task: RunTask): RequestSummary[] {
  const scenario = scenarioOf(task)
  const replay = new Replay(scenario, { seed: scenario.seed, catalogue: patterns, spacing: 500 })
  replay.seekEvent(Infinity)
  const { sent } = replay.world.loads[0]!
  replay.seekEvent(0)
  return Array.from({ length: sent }, (_, request) => {
    const { spans } = replay.trace(request)
    const [call] = spans
    const end = call!.endedAt ?? Infinity
    const tries = spans.filter(({ kind, startedAt }) => kind === 'attempt' && startedAt <= end)
    const isOpen = call!.outcome === 'open'
    const isFine = call!.outcome === 'ok' || call!.outcome === 'degraded'
    const word = call!.outcome === 'refused' ? 'refused' : 'failed'
    return {
      request,
      op: call!.op,
      arrivedAt: call!.startedAt,
      latency: (isOpen ? scenario.duration : end) - call!.startedAt,
      outcome: isOpen
        ? 'unfinished'
        : call!.outcome === 'ok'
          ? 'served'
          : isFine
            ? 'degraded'
            : word,
      failure: isOpen || isFine ? undefined : (call!.outcome as RequestSummary['failure']),
      calls: tries.length,
      retries: tries.filter(({ attempt }) => attempt > 1).length,
    }
  })
}

const endOf = ({ arrivedAt, latency }: RequestSummary): number => arrivedAt + latency
const byNumber = (list: readonly RequestSummary[]): RequestSummary[] =>
  list.toSorted((a, b) => a.request - b.request)

const all = bruteForce(short)

describe('the list of requests', () => {
  it('is that of following every single one, in any cell, asked in any order', async () => {
    const asked = inspection()
    const cells = [
      [5, 5.4, 0, 0.1],
      [3.2, 3.3, 0.02, 0.5],
      [7, 8, 0.5, 2.1],
      [0, 0.2, 0, Infinity],
      [4, 6, 0.3, Infinity],
    ] as const
    for (const [from, until, lowest, highest] of cells) {
      const range = { from: from * SECOND, until: until * SECOND }
      const span = { lowest: lowest * SECOND, highest: highest * SECOND }
      for (const outcome of [undefined, 'served', 'failed', 'refused'] as const) {
        const { total, requests, retried } = await value(
          asked.requests({ ...ALL, ...range, ...span, outcome }),
        )
        const isIn = (one: RequestSummary): boolean =>
          one.outcome !== 'unfinished' &&
          endOf(one) >= range.from &&
          endOf(one) < range.until &&
          one.latency >= span.lowest &&
          one.latency < span.highest &&
          (outcome === undefined || one.outcome === outcome)
        const expected = all.filter(isIn)
        expect(byNumber(requests)).toEqual(expected)
        expect(total).toBe(expected.length)
        expect(retried).toBe(expected.filter(({ retries }) => retries > 0).length)
        expect(requests.map(endOf)).toEqual(requests.map(endOf).toSorted((a, b) => a - b))
      }
    }
  })

  it('holds those without an answer, by when they arrived', async () => {
    const query = { ...ALL, from: 6 * SECOND, until: 8 * SECOND, outcome: 'unfinished' } as const
    const { requests } = await value(inspection().requests(query))
    const expected = all.filter((one) => {
      return one.outcome === 'unfinished' && one.arrivedAt >= query.from
    })
    expect(expected.length).toBeGreaterThan(3)
    expect(byNumber(requests)).toEqual(expected)
  })

  it('has as many in every cell as the heat map counts', async () => {
    const run = runOf(STORM, { variant: 'A', set: { duration: '8s' } })
    const { requests } = await value(inspection().requests(ALL))
    const cells = new Map<string, number>()
    for (const one of requests) {
      const row = Array.from({ length: HEAT.rows }, (_, at) => at).findLast(
        (at) => at === 0 || one.latency >= heatEdge(at),
      )!
      const kind = one.outcome === 'slow' ? 'served' : one.outcome
      const key = `${kind} ${row} ${run.bucketAt(endOf(one))}`
      cells.set(key, (cells.get(key) ?? 0) + 1)
    }
    for (const outcome of HEAT.outcomes) {
      run.heat(outcome).forEach((column, row) =>
        column.forEach((count, bucket) => {
          expect(count).toBe(cells.get(`${outcome} ${row} ${bucket}`) ?? 0)
        }),
      )
    }
  })

  it('counts all and lists what is asked for, up to a limit', async () => {
    const asked = inspection()
    const whole = await value(asked.requests(ALL))
    const failed = await value(asked.requests({ ...ALL, only: 'failed', limit: 5 }))
    const counts = (list: RequestList) => ({ ...list, requests: undefined })
    expect(counts(failed)).toEqual(counts(whole))
    expect(failed.requests).toEqual(
      whole.requests.filter(({ outcome }) => outcome === 'failed').slice(0, 5),
    )
  })
})

describe('a followed request', () => {
  it('is the one that a fresh replay follows', async () => {
    const asked = inspection()
    const scenario = scenarioOf(short)
    const replay = new Replay(scenario, { seed: scenario.seed, catalogue: patterns })
    for (const request of [1200, 3, 900, 901, 0]) {
      const followed = await value(asked.trace(request))
      expect(followed).toEqual({ isThere: true, trace: replay.trace(request) })
    }
  })

  it('that never was is told from those that were', async () => {
    const asked = inspection()
    const count = all.length
    for (const request of [count, 1e9, -1, 1.5]) {
      const followed = await value(asked.trace(request))
      expect(followed).toEqual({ isThere: false, numbers: { count, highest: count - 1 } })
    }
    expect(await value(asked.trace(count - 1))).toMatchObject({ isThere: true })
  })

  it('is the same request in A and B: arrival, operation, key and customer', async () => {
    const requests = Array.from({ length: 200 }, (_, at) => at * 8)
    const [a, b] = [inspection(short), inspection(other)]
    const inA = await value(a.identities(requests))
    expect(inA.map(({ request }) => request)).toEqual(requests)
    expect(await value(b.identities(requests))).toEqual(inA)
    const [traceA, traceB] = [await value(a.trace(800)), await value(b.trace(800))]
    const callOf = (followed: typeof traceA) => followed.isThere && followed.trace.spans[0]
    const { startedAt, op } = callOf(traceA) || { startedAt: -1, op: '' }
    expect(callOf(traceB)).toMatchObject({ startedAt, op })
    expect(inA.find(({ request }) => request === 800)).toMatchObject({ arrivedAt: startedAt, op })
  })
})

describe('an inspection', () => {
  it('answers the causes that the engine finds, and remembers them', async () => {
    const asked = inspection()
    const scenario = scenarioOf(short)
    const expected = new CauseFinder(scenario, {
      seed: scenario.seed,
      catalogue: patterns,
    }).finish()
    const links = await value(asked.causes())
    expect(links).toEqual(expected)
    expect(await value(asked.causes())).toBe(links)
  })

  it('says which event a moment is', async () => {
    const asked = inspection()
    const scenario = scenarioOf(short)
    const replay = new Replay(scenario, { seed: scenario.seed, catalogue: patterns })
    for (const time of [5 * SECOND, 1.25 * SECOND, 0]) {
      replay.seekTime(time)
      const { events, digests } = replay
      expect(await value(asked.eventAt(time))).toEqual({ number: events, digests })
    }
  })

  it('makes its checkpoints while nobody asks, but not while it is held', async () => {
    const asked = inspection()
    asked.hear('hold')
    await value(asked.trace(3))
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(asked.isReady).toBe(false)
    asked.hear('go on')
    while (!asked.isReady) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await value(asked.trace(3))).toMatchObject({ isThere: true })
  })

  it('gives up what is cancelled, and answers what comes after', async () => {
    const asked = new Inspection(scenarioOf(storm({ set: { duration: '3000s' } })), nodeMachine)
    const [first, second] = [asked.trace(1e6), asked.causes()]
    setTimeout(() => asked.hear('cancel'), 30)
    const began = performance.now()
    expect(await first).toEqual({ ok: false, why: 'cancelled' })
    expect(await second).toEqual({ ok: false, why: 'cancelled' })
    expect(performance.now() - began).toBeLessThan(1000)
    expect(await value(asked.trace(3))).toMatchObject({ isThere: true })
    asked.hear('hold')
  })
})

/** A worker on this thread that can be lost. */
interface Puppet {
  readonly handle: WorkerHandle
  lose(message: string): void
}
const puppets: Puppet[] = []

function puppet(isDeaf = false): Puppet {
  const { port1, port2 } = new MessageChannel()
  let tell: (message: string) => void = () => {}
  if (!isDeaf) offerInspection(port2, nodeMachine)
  const close = (): void => {
    port1.close()
    port2.close()
  }
  const handle = {
    endpoint: port1,
    onLoss: (report: typeof tell) => (tell = report),
    terminate: close,
  }
  const made = { handle: handle as WorkerHandle, lose: (message: string) => tell(message) }
  puppets.push(made)
  return made
}

afterEach(() => {
  for (const { handle } of puppets.splice(0)) handle.terminate()
})

describe('an inspector', () => {
  const spawn = (): WorkerHandle => puppet().handle

  it('starts a worker with the first question, and keeps it for other runs', async () => {
    const busy: boolean[] = []
    const inspector = new Inspector({ spawn, onBusy: (isBusy) => busy.push(isBusy) })
    expect(await inspector.trace(3)).toMatchObject({ ok: false, why: 'crash' })
    inspector.use(short)
    expect(puppets).toHaveLength(0)
    const a = await value(inspector.identities([10]))
    inspector.use(storm({ variant: 'A', seed: 8 }))
    const b = await value(inspector.identities([10]))
    expect(b).not.toEqual(a)
    inspector.use(short)
    expect(await value(inspector.identities([10]))).toEqual(a)
    expect(puppets).toHaveLength(1)
    expect(busy).toEqual([true, false, true, false, true, false])
    inspector.close()
  })

  it('asks another worker when one is lost, and says so when that is lost, too', async () => {
    const troubles: string[] = []
    const inspector = new Inspector({ spawn, onTrouble: (message) => troubles.push(message) })
    inspector.use(storm({ set: { duration: '3000s' } }))
    const asked = inspector.causes()
    setTimeout(() => puppets[0]!.lose('out of memory'), 20)
    setTimeout(() => puppets[1]!.lose('out of memory, too'), 300)
    expect(await asked).toEqual({ ok: false, why: 'lost', message: 'out of memory, too' })
    expect(troubles).toEqual(['out of memory'])
    inspector.use(short)
    expect(await value(inspector.trace(3))).toMatchObject({ isThere: true })
    expect(puppets).toHaveLength(3)
    inspector.close()
  })

  it('finds out that a worker is silent', async () => {
    const patience = { everyMs: 10, looks: 5, looksAtStart: 5 }
    const inspector = new Inspector({ spawn: () => puppet(true).handle, patience })
    inspector.use(short)
    expect(await inspector.trace(3)).toMatchObject({ ok: false, why: 'lost' })
    expect(puppets).toHaveLength(2)
  })

  it('passes on what is wrong with a file, and a cancelled question', async () => {
    const shares: number[] = []
    const inspector = new Inspector({ spawn, onProgress: ({ share }) => shares.push(share) })
    inspector.use(storm({ text: 'schema: 1\nservices: { a: { concurency: 3 } }' }))
    expect(await inspector.trace(3)).toMatchObject({ ok: false, why: 'problems' })
    inspector.use(storm({ set: { duration: '3000s' } }))
    const asked = inspector.causes()
    setTimeout(() => inspector.cancel(), 300)
    expect(await asked).toEqual({ ok: false, why: 'cancelled' })
    expect(shares.length).toBeGreaterThan(0)
    expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true)
    inspector.close()
  })
})
