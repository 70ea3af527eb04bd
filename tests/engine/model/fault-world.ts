/** A world that faults are tried on. */
import { component } from '../../../engine/component.ts'
import { duration, group } from '../../../engine/params.ts'
import type { FaultSpec } from '../../../engine/scenario/scenario.ts'
import { expect } from 'vitest'
import type { Heard } from '../../support/ear.ts'
import { ear, eye } from '../../support/ear.ts'
import type { Setting } from '../../support/small-world.ts'
import { call, ns, smallWorld } from '../../support/small-world.ts'

export type Fault = Partial<FaultSpec> & Pick<FaultSpec, 'verb' | 'target'>

/** Reads its clock, writes to its store, and hears of faults aimed at it. */
const gauge = component({
  name: 'gauge',
  family: 'style',
  at: ['server'],
  about: '',
  source: '',
  tradeOff: '',
  order: 0,
  params: {
    knob: duration('5ms', ''),
    pair: group({ left: duration('1ns', ''), right: duration('2ns', '') }, ''),
  },
  signals: {},
  state: () => ({ clock: 0, stored: true, knob: 0, pair: '' }),
  durable: () => ({ heard: [] as string[] }),
  create: ({ params, state, durable, clock, store }) => ({
    onCall(asked) {
      state.clock = clock.now
      state.stored = store.write('x', 1)
      state.knob = params.knob
      state.pair = JSON.stringify(params.pair)
      return asked.pass()
    },
    onFault: ({ name }) => void durable.heard.push(name),
  }),
})

/** users -> a -> b (two instances, zones west and east); a fault from 1 s to 2 s. */
export function world(faults: readonly Fault[], more: Partial<Setting> = {}) {
  const heard: Heard[] = []
  const seen: Heard[] = []
  const small = smallWorld({
    services: {
      a: { calls: { '*': [call('b')] }, zone: 'west', region: 'here' },
      b: { work: '100ms', concurrency: 1000, zone: 'east', region: 'there', replyBytes: 100 },
      ...more.services,
    },
    load: { users: { to: 'a', bytes: { kind: 'constant', value: 100 } }, ...more.load },
    latency: more.latency ?? '0s',
    ...(more.links ? { links: more.links } : {}),
    faults: faults.map((fault) => ({ at: ns('1s'), for: ns('1s'), ...fault })),
    patterns: {
      ear: { use: ear(heard), where: ['users -> a'] },
      eye: { use: eye(seen), where: ['b'] },
      gauge: { use: gauge, where: ['b'] },
      ...more.patterns,
    },
  })
  return { small, heard, seen }
}
/** When a request sent at each of these moments (s) was answered (ms), and how. */
export function ends(
  faults: readonly Fault[],
  times: readonly number[],
  more: Partial<Setting> = {},
): string[] {
  const { small, heard } = world(faults, {
    ...more,
    load: { users: { to: 'a', times, bytes: { kind: 'constant', value: 100 } }, ...more.load },
  })
  small.run('100s')
  expect(small.result().violations).toEqual([])
  return heard.toSorted((x, y) => x.request - y.request).map((each) => `${each.at} ${each.outcome}`)
}
