import { describe, expect, it } from 'vitest'
import { lineageOf } from '../../engine/lineage.ts'
import { Replay } from '../../engine/replay.ts'
import { kindName } from '../../engine/run.ts'
import { call, scenarioOf } from '../support/small-world.ts'
import golden from './laws/golden.json'
import { catalogue, storm } from './laws/worlds.ts'

const open = (): Replay => new Replay(storm, { seed: '7', catalogue, spacing: 1000 })

describe('the lineage of an event', () => {
  it('is the whole way of a single request (between users and service nothing takes time here)', () => {
    const scenario = scenarioOf({
      services: { a: { work: '5ms', calls: { '*': [call('b')] } }, b: { work: '2ms' } },
      load: { users: { to: 'a', times: [1] } },
      links: { default: { latency: { kind: 'constant', value: 1e6 } } },
    })
    const replay = new Replay(scenario, { seed: '1', catalogue: new Map() })
    const events = replay.seekEvent(Infinity)
    const way = lineageOf(replay, events).map(({ place, kind }) => `${place} ${kindName(kind)}`)
    expect(way).toEqual([
      'load users arrival',
      'a#0 completion',
      'link a -> b request',
      'b#0 completion',
      'link a -> b reply',
    ])
  })

  it('ends in the event, goes back in time, and leaves the run as it is', () => {
    const replay = open()
    for (const number of [1, 2, 500, 7001, 15_000]) {
      const chain = lineageOf(replay, number)
      expect(chain.at(-1)).toMatchObject({ number })
      for (const [at, event] of chain.entries()) {
        replay.seekEvent(event.number - 1)
        expect(event).toEqual(replay.fire())
        if (at > 0) expect(event.number).toBeGreaterThan(chain[at - 1]!.number)
      }
    }
    replay.seekTime(storm.duration)
    expect(replay.digests.events).toBe(golden.storm.digest)
  })

  it('is no longer than it may be, and looks back no further', () => {
    const replay = open()
    expect(lineageOf(replay, 15_000).length).toBe(12)
    expect(lineageOf(replay, 15_000, 3).length).toBe(3)
    expect(lineageOf(replay, 15_000, 3)).toEqual(lineageOf(replay, 15_000).slice(-3))
    expect(lineageOf(replay, 15_000, 1000, 5000).length).toBeGreaterThan(0)
  })

  it('begins with what was planned before the first event', () => {
    const chain = lineageOf(open(), 40, 1000)
    expect(chain[0]!.number).toBeLessThan(10)
    expect(lineageOf(open(), 1)).toHaveLength(1)
  })
})
