/** What counts as unusual in a stretch of time. */
import { expect, it } from 'vitest'
import type { Measured } from '../../../engine/causes/observer.ts'
import { Parts } from '../../../engine/causes/parts.ts'
import { Positions } from '../../../engine/causes/positions.ts'
import type { Window } from '../../../engine/causes/window.ts'
import { build } from '../../../engine/scenario/build.ts'
import { sound } from '../scenario/support.ts'

const FILE = `schema: 1
duration: 10s
services: { a: { work: 1ms, calls: [b] }, b: { work: 1ms } }
load: { users: { to: a, arrivals: poisson(10/s) } }
`

const NAMES: readonly (keyof Measured)[] = [
  ...(['wait', 'first', 'repeated', 'firstCalls', 'slowed', 'paused', 'heldUp', 'lost'] as const),
  ...(['failedBy', 'refusedBy', 'overload', 'erred', 'down', 'refused'] as const),
]

/** Nothing but waiting over every edge, in slot-ns. */
const waiting = (wait: number): Measured =>
  Object.fromEntries(
    NAMES.map((name) => [name, new Float64Array(8).fill(name === 'wait' ? wait : 0)]),
  ) as unknown as Measured

/** Slot-ns that a service waited beyond the usual 1000. */
function beyond(wait: number): number[] {
  const built = build(sound(FILE), '1', false, new Map())
  const window: Window = {
    from: 0,
    middle: 1e9,
    until: 2e9,
    measured: waiting(wait),
    usual: waiting(1000),
    busy: new Float64Array(8).fill(1e9),
    slots: new Float64Array(8).fill(2e9),
    health: ['ok', 'ok'],
  }
  const positions = new Positions(built)
  return new Parts(built.world, positions, window)
    .ofTime(positions.named('a'))
    .map(({ amount }) => amount)
}

it('waiting is, when it is a tenth more than usual', () => {
  expect(beyond(1090)).toEqual([])
  expect(beyond(1110)).toEqual([110])
})
