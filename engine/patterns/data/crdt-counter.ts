import type { Target } from '../../component.ts'
import { component } from '../../component.ts'
import type { CounterState, MergingCounter } from '../../tools/crdt.ts'
import { LastWriteCounter, VectorCounter } from '../../tools/crdt.ts'
import { choice, count, duration, toggle } from '../../params.ts'
import { counter, gauge } from '../../signals.ts'

/** With deltas, one in so many messages tells everything: a delta may have been lost. */
const FULL_EVERY = 10

export default component({
  name: 'crdt-counter',
  family: 'data',
  at: ['server'],
  about:
    'Lets every instance count on its own and merges the counts by gossip, so that none is lost.',
  source:
    'Shapiro et al. 2011 (G-Counter, PN-Counter); Akka Distributed Data (gossip 2 s, delta-CRDTs)',
  tradeOff: 'updates accepted without asking anyone vs answers that lag behind the others',
  order: 920,
  params: {
    type: choice(
      ['g-counter', 'pn-counter', 'lww'],
      'pn-counter',
      'Only `increment`; also `decrement`; or a number under last-writer-wins, which loses updates',
    ),
    gossipInterval: duration(
      '2s',
      'How often an instance tells others what it knows; none: never',
      { min: '1ms', max: 'none' },
    ),
    fanout: count(1, 'How many others it tells at a time', { max: 100 }),
    delta: toggle(false, 'Tells only what changed since the last time'),
    durable: toggle(true, 'What an instance knows survives its crash'),
    answer: choice(
      ['local', 'service'],
      'local',
      'Answers at once from what it knows, or counts what the service answers as without it',
    ),
  },
  primary: 'type',
  inert: { answer: 'service', gossipInterval: 'none' },
  signals: {
    value: gauge('The count as this instance knows it'),
    applied: counter('Updates accepted here'),
    divergence: gauge('Updates that the last gossip heard had brought', 'updates'),
    merges: counter('Gossip heard'),
    shipped: counter('Entries told to others: what gossip costs'),
  },
  durable: ({ params }) => ({ counter: make(params.type) }),
  /** How often each other instance was told something, and the version that it was told last. */
  state: () => ({ told: new Map<number, number>(), version: new Map<number, number>() }),
  create({ params, state, durable, signals, clock, node, peers, every, send, chance }) {
    const peerChance = chance('peer')

    const update = (by: number): void => {
      durable.counter.add(node.instance, by, clock.now)
      signals.applied.add()
      signals.value.set(durable.counter.value)
    }

    /** Some of the others, each at most once. */
    const somePeers = (): Target[] => {
      const left = peers.filter(({ listed }) => listed)
      const chosen: Target[] = []
      while (chosen.length < params.fanout && left.length > 0) {
        chosen.push(...left.splice(Math.floor(peerChance.next() * left.length), 1))
      }
      return chosen
    }

    const tell = (peer: Target): void => {
      const { counter } = durable
      const times = state.told.get(peer.index) ?? 0
      const isDelta = params.delta && times % FULL_EVERY !== 0
      const after = isDelta ? (state.version.get(peer.index) ?? 0) : 0
      state.told.set(peer.index, times + 1)
      state.version.set(peer.index, counter.version)
      if (isDelta && after === counter.version) return
      const news = counter.tell(after)
      signals.shipped.add(Math.max(1, news.plus.length + news.minus.length))
      send(peer, 'gossip', news)
    }

    return {
      onStart() {
        if (params.gossipInterval !== Infinity) every(params.gossipInterval, 'gossip')
        signals.value.set(durable.counter.value)
      },
      onCrash() {
        if (!params.durable) durable.counter = make(params.type)
      },
      onCall(call) {
        if (params.answer === 'service' || !OPERATIONS.includes(call.op)) return call.pass()
        if (call.op === 'decrement' && params.type === 'g-counter') return call.fail('invalid')
        if (call.op !== 'read') update(call.op === 'increment' ? 1 : -1)
        return call.answer(durable.counter.value)
      },
      onReply(call) {
        if (call.ok && call.op === 'increment') update(1)
        if (call.ok && call.op === 'decrement') update(-1)
        return call.pass()
      },
      onTimer() {
        for (const peer of somePeers()) tell(peer)
      },
      onMessage({ body }) {
        signals.divergence.set(durable.counter.merge(body as CounterState))
        signals.merges.add()
        signals.value.set(durable.counter.value)
      },
    }
  },
})

const OPERATIONS: readonly string[] = ['increment', 'decrement', 'read']

function make(type: 'g-counter' | 'pn-counter' | 'lww'): MergingCounter {
  return type === 'lww' ? new LastWriteCounter() : new VectorCounter()
}
