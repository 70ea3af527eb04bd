/** Balancers that know who is idle, or how much work is left. */
import { describe, expect, it } from 'vitest'
import balancer from '../../../engine/patterns/traffic/load-balancer.ts'
import { ear, type Heard } from '../../support/ear.ts'
import { ns, smallWorld } from '../../support/small-world.ts'

function world(policy: string, instances: number) {
  const heard: Heard[] = []
  const small = smallWorld({
    services: {
      a: {
        instances,
        concurrency: 1,
        work: {
          big: { kind: 'constant', value: ns('10s') },
          '*': { kind: 'constant', value: ns('1s') },
        },
      },
    },
    load: {
      users: { to: 'a' },
      bigs: { to: 'a', mix: { big: 1 } },
    },
    patterns: {
      balancer: { use: balancer, where: ['users -> a', 'bigs -> a'], policy },
      ear: { use: ear(heard), where: ['users -> a'] },
    },
  })
  return { small, ends: () => heard.map(({ at }) => at) }
}

describe('join-idle-queue', () => {
  it('takes an instance without a call, and anyone when there is none', () => {
    const { small, ends } = world('join-idle-queue', 5)
    small.send(5).run('500ms').send(1).run('10s')
    expect(ends()).toEqual([1000, 1000, 1000, 1000, 1000, 2000])
  })
})

describe('least-work', () => {
  it('goes where the least work is left, whoever brought it', () => {
    const { small, ends } = world('least-work', 2)
    small.send(1, 1).run('100ms')
    for (let n = 0; n < 9; n++) small.send(1).run('1ms')
    small.run('30s')
    // Nine small ones are behind each other before the tenth second; none is behind the big one.
    expect(ends()).toEqual(Array.from({ length: 9 }, (_, n) => 1100 + 1000 * n))
  })
})
