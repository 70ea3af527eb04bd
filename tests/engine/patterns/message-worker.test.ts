/** The calls that a message queue makes of its worker. */
import { expect, it } from 'vitest'
import type { Call } from '../../../engine/component.ts'
import { component } from '../../../engine/component.ts'
import messageQueue from '../../../engine/patterns/messaging/message-queue.ts'
import { call, smallWorld } from '../../support/small-world.ts'

it('have the highest priority', () => {
  const small = smallWorld({
    services: {
      broker: { calls: { '*': [call('worker')] } },
      worker: { work: '100ms', concurrency: 1, discipline: 'priority' },
    },
    load: {
      senders: { to: 'broker', times: [0.05] },
      others: { to: 'worker', times: [0, 0, 0], priorities: [0, 1] },
    },
    patterns: { queue: { use: messageQueue, where: ['broker'], consumer: 'worker' } },
  })
  expect(small.run('190ms').total('queue.acked')).toBe(0)
  expect(small.run('20ms').total('queue.acked')).toBe(1)
})

it('are of nobody and promise nothing: no tenant, no version, no size, no deadline', () => {
  const seen: Partial<Call>[] = []
  const seeing = component({
    name: 'seeing',
    family: 'style',
    at: ['server'],
    about: '',
    source: 'test',
    tradeOff: '',
    order: 0,
    params: {},
    signals: {},
    create: () => ({
      onCall(call) {
        const { tenant, version, bytes, priority, deadline, request } = call
        seen.push({ tenant, version, bytes, priority, deadline, request })
        return call.pass()
      },
    }),
  })
  smallWorld({
    services: { broker: { calls: { '*': [call('worker')] } }, worker: {} },
    load: { senders: { to: 'broker', times: [0.05] } },
    patterns: {
      queue: { use: messageQueue, where: ['broker'], consumer: 'worker' },
      seeing: { use: seeing, where: ['worker'] },
    },
  }).run('1s')
  const own = { tenant: -1, version: 0, bytes: 0, priority: 0, deadline: Infinity }
  expect(seen).toEqual([{ ...own, request: 0 }])
})
