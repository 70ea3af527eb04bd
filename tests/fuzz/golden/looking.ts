/** What can be looked up in a run: events and what led to them, the way of requests, lists of them. */
import { lineageOf } from '../../../engine/lineage.ts'
import { patterns } from '../../../engine/patterns/index.ts'
import { Replay } from '../../../engine/replay.ts'
import { beginningOf, RequestFinder, type RequestQuery } from '../../../engine/requests.ts'
import type { Scenario } from '../../../engine/scenario/scenario.ts'

/** Requests that are followed. */
const FOLLOWED = [0, 1, 2, 7, 20]

/** Looks at a run from all sides, with few events between checkpoints so that there are many. */
export function lookedUp(scenario: Scenario): unknown {
  const { seed, duration } = scenario
  const replay = new Replay(scenario, { seed, catalogue: patterns, spacing: 300, most: 6 })
  replay.seekTime(duration / 2)
  const middle = [replay.events, replay.digests]
  const fired = Array.from({ length: 5 }, () => replay.fire())
  replay.stepBack()
  const led = lineageOf(replay, replay.events, 6, 5000)
  const traces = FOLLOWED.map((request) => replay.trace(request))
  const lists = queriesOf(duration).map((query) => listOf(replay, query, duration))
  return [middle, fired, led, traces, lists, replay.digestAt(100)]
}

function queriesOf(duration: number): RequestQuery[] {
  const all = { lowest: 0, highest: Infinity, outcome: undefined, only: undefined, limit: 4 }
  const [early, late] = [
    { ...all, from: 0, until: duration / 2 },
    { ...all, from: duration / 2, until: duration },
  ]
  const only = (['failed', 'slow', 'retried'] as const).map((one) => ({ ...early, only: one }))
  const kinds = ['served', 'refused', 'failed', 'unfinished'] as const
  const outcomes = kinds.map((outcome) => ({ ...late, outcome }))
  return [early, ...only, ...outcomes, { ...late, lowest: 2e6, highest: 1e8 }]
}

function listOf(replay: Replay, query: RequestQuery, duration: number): unknown {
  const { world } = replay
  replay.beforeTime(query.from)
  replay.beforeTime(beginningOf(world, query))
  const finder = new RequestFinder(world, query)
  world.tracer = finder
  replay.advance(query.outcome === 'unfinished' ? duration : query.until, Infinity)
  world.tracer = null
  return finder.list()
}
