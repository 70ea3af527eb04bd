import { describe, expect, it } from 'vitest'
import type { AnyComponent } from '../../../engine/component.ts'
import { component } from '../../../engine/component.ts'
import retry from '../../../engine/patterns/resilience/retry.ts'
import timeout from '../../../engine/patterns/resilience/timeout.ts'
import { MILLISECOND, SECOND } from '../../../engine/units.ts'
import { alone } from '../../support/alone.ts'
import { constant, smallRun } from '../../support/small-run.ts'

const ms = (time: number): number => time * MILLISECOND

/** Notes the deadline that callees see, outside or inside other layers. */
function deadlineSpy(seen: number[], order: number): AnyComponent {
  return component({
    name: `spy-${order}`,
    family: 'style',
    at: ['client', 'server'],
    about: 'Notes deadlines.',
    source: 'test',
    tradeOff: 'none',
    order,
    params: {},
    signals: {},
    create: () => ({
      onCall(call) {
        seen.push(call.deadline)
        return call.pass()
      },
      onReply(call) {
        if (order < 0) seen.push(call.deadline)
        return call.pass()
      },
    }),
  })
}

describe('timeout', () => {
  it('leaves behind when the last call was given up', () => {
    const world = alone(timeout, { timeout: ms(100) })
    expect(world.result().edges['caller -> neighbour']!.lastTimeoutMs).toBe(-1)
    world.neighbour('silent', 'silent', 'ok')
    for (let n = 0; n < 3; n++) {
      world.call()
      world.run('200ms')
    }
    expect(world.result().edges['caller -> neighbour']!.lastTimeoutMs).toBe(300)
  })

  it('gives a call up exactly when its time is over', () => {
    const world = alone(timeout, { timeout: ms(100) })
    world.neighbour('silent', { outcome: 'ok', after: '100ms' }, { outcome: 'ok', after: '99ms' })
    world.call(3)
    world.run('1s')
    // An answer that comes at the very moment of the timeout is in time.
    expect(world.ended).toMatchObject([
      { ok: true, took: ms(99) },
      { ok: true, took: ms(100) },
      { failure: 'timeout', took: ms(100) },
    ])
    expect(world.signal('expired')).toBe(1)
  })

  it('leaves the work going on, which then is for nobody', () => {
    const run = (cancelWork: boolean) =>
      smallRun({
        services: { db: { concurrency: 1, work: constant(400) } },
        load: { users: { to: 'db', arrivals: { kind: 'trace', times: [0] } } },
        patterns: [[timeout, 'users -> db', { timeout: ms(100), cancelWork }]],
        duration: 1,
      }).result
    expect(run(false).services['db']).toMatchObject({ completed: 1, wasted: 1 })
    expect(run(true).services['db']).toMatchObject({ completed: 0, wasted: 0 })
  })

  it('sets nothing that outlives the call', () => {
    const world = alone(timeout, { timeout: SECOND })
    world.call(5)
    world.run('10ms')
    expect(world.ended).toHaveLength(5)
    expect(world.result().pending.other).toBe(0)
  })

  it('is forgotten with a call that its user gave up', () => {
    const world = alone(timeout, { timeout: SECOND }, { load: { timeout: ms(10) } })
    world.neighbour('silent')
    world.call()
    world.run('2s')
    expect(world.signal('expired')).toBe(0)
  })

  it('shows callees the deadline of the attempt, and takes it back when the attempt is over', () => {
    const [outside, inside]: [number[], number[]] = [[], []]
    const { result } = smallRun({
      services: { db: { concurrency: 10, work: constant(400) } },
      load: { users: { to: 'db', arrivals: { kind: 'trace', times: [0] }, timeout: ms(5000) } },
      patterns: [
        [deadlineSpy(outside, -1), 'users -> db'],
        [retry, 'users -> db', { maxAttempts: 3, backoff: { kind: 'none' } }],
        [timeout, 'users -> db', { timeout: ms(100) }],
        [deadlineSpy(inside, 5), 'db'],
      ],
      duration: 6,
    })
    expect(result.requests.failed).toBe(1)
    expect(inside).toEqual([ms(100), ms(200), ms(300)])
    expect(outside).toEqual([ms(5000), ms(5000)])
  })

  it('never shows a later deadline than the one that holds above it', () => {
    const inside: number[] = []
    smallRun({
      services: { db: { work: constant(1) } },
      load: { users: { to: 'db', arrivals: { kind: 'trace', times: [0] }, timeout: ms(50) } },
      patterns: [
        [timeout, 'users -> db', { timeout: ms(100) }],
        [deadlineSpy(inside, 5), 'db'],
      ],
      duration: 1,
    })
    expect(inside).toEqual([ms(50)])
  })

  it('bounds the calls under way to rate × timeout when nobody answers', () => {
    const { world } = smallRun({
      services: { db: { concurrency: 10, work: constant(1e7) } },
      load: { users: { to: 'db', arrivals: { kind: 'constant', rate: 100 } } },
      patterns: [[timeout, 'users -> db', { timeout: ms(200) }]],
      duration: 5,
    })
    let waiting = 0
    world.pool.forEachLive((frame) => void (waiting += frame.load === null ? 0 : 1))
    expect(waiting).toBe(20)
  })

  it('is inert without an end', () => {
    const world = alone(timeout, { timeout: Infinity })
    world.neighbour({ outcome: 'ok', after: '30s' })
    world.call()
    world.run('60s')
    expect(world.ended).toMatchObject([{ ok: true }])
  })
})
