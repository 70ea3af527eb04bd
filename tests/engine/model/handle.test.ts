import { describe, expect, it } from 'vitest'
import type { ServiceHandle } from '../../../engine/component.ts'
import { component } from '../../../engine/component.ts'
import { call, smallWorld } from '../../support/small-world.ts'

/** Keeps the handle of every node it sits on. */
function witness(nodes: ServiceHandle[], at: 'server' | 'client' | 'controller') {
  return component({
    name: `witness-${at}`,
    family: 'style',
    at: [at],
    about: 'Looks.',
    source: 'test',
    tradeOff: 'none',
    order: 0,
    params: {},
    signals: {},
    create: ({ node }) => (nodes.push(node), {}),
  })
}

function seen() {
  const nodes = { server: [], client: [], controller: [] } as Record<string, ServiceHandle[]>
  const small = smallWorld({
    services: {
      front: { instances: 2, concurrency: 3, zone: 'east', calls: { '*': [call('db')] } },
      db: { instances: 2, concurrency: 2, queue: 5, zone: 'west', work: '10ms' },
    },
    load: { users: { to: 'front' } },
    latency: '0s',
    patterns: {
      a: { use: witness(nodes['server']!, 'server'), where: ['db'] },
      b: { use: witness(nodes['client']!, 'client'), where: ['front -> db', 'users -> front'] },
      c: { use: witness(nodes['controller']!, 'controller'), where: ['db'] },
    },
  })
  return { small, nodes }
}

const plain = ({ name, instance, zone, ready, desired, concurrency }: ServiceHandle) => {
  return { name, instance, zone, ready, desired, concurrency }
}

describe('the node a component sits on', () => {
  it('is one instance of a service for a server and a client, the service for a controller', () => {
    const { nodes } = seen()
    const db = { name: 'db', zone: 'west', ready: 2, desired: 2, concurrency: 2 }
    const front = { name: 'front', zone: 'east', ready: 2, desired: 2, concurrency: 3 }
    expect(nodes['server']!.map(plain)).toEqual([0, 1].map((instance) => ({ ...db, instance })))
    expect(nodes['controller']!.map(plain)).toEqual([{ ...db, instance: -1 }])
    // A load is no service: there is nothing to tell but where it is.
    const nothing = { instance: -1, zone: '', ready: 0, desired: 0, concurrency: 0 }
    const load = { name: 'users -> front', ...nothing }
    const clients = [0, 1].map((instance) => ({ ...front, instance }))
    expect(nodes['client']!.map(plain)).toEqual([...clients, load])
  })

  it('tells how many slots are busy and how many calls wait for one', () => {
    const { small, nodes } = seen()
    small.run('1ms').send(7).run('5ms')
    const loads = (which: string) => nodes[which]!.map(({ busy, waiting }) => [busy, waiting])
    // Chance has sent five of seven to the second front, which has three slots.
    expect(loads('client').slice(0, 2)).toEqual([
      [2, 0],
      [3, 2],
    ])
    expect(loads('server')).toEqual([
      [2, 1],
      [2, 0],
    ])
    expect(loads('controller')).toEqual([[0, 0]])
  })

  it('follows what is added to the service and what leaves it', () => {
    const { small, nodes } = seen()
    const [node] = nodes['controller']!
    small.run('1ms')
    node!.scaleTo(1, 0)
    small.run('1ms')
    expect([node!.ready, node!.desired]).toEqual([1, 1])
  })
})
