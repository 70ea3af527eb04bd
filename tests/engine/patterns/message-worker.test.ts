/** The calls that a message queue makes of its worker. */
import { expect, it } from 'vitest'
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
