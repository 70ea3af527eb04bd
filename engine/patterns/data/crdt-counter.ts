import type { Target } from '../../component.ts'
import { component } from '../../component.ts'
import type { CounterState, MergingCounter } from '../../tools/crdt.ts'
import { LastWriteCounter, VectorCounter } from '../../tools/crdt.ts'
import { Rumor } from '../../tools/rumor.ts'
import { choice, count, duration, fixed, group, toggle } from '../../params.ts'
import { counter, gauge } from '../../signals.ts'

/** What one instance sends another: what it knows, and whether it wants to hear of what it lacks. */
interface Letter {
  readonly news: CounterState | undefined
  /** What the sender knows, of one who asks. */
  readonly asks: CounterState | undefined
}

const interest = {
  loss: choice(
    ['never', 'counter', 'coin'],
    'never',
    'When an instance stops telling: never (anti-entropy), after k contacts in a row, or at a contact with probability 1/k',
  ),
  k: count(2, 'The k of counter and coin', { max: 1000 }),
  feedback: toggle(true, 'Only contacts with an instance that knew it already count'),
}

/** With deltas, one in so many messages tells everything: a delta may have been lost. */
const FULL_EVERY = 10

export default component({
  name: 'crdt-counter',
  family: 'data',
  at: ['server'],
  about:
    'Lets every instance count on its own and merges the counts by gossip, so that none is lost.',
  source:
    'Shapiro et al. 2011 (G-Counter, PN-Counter); Akka Distributed Data (gossip 2 s, delta-CRDTs); Demers et al. 1987 (push, pull, rumors); Karp et al. 2000',
  tradeOff: 'updates accepted without asking anyone vs answers that lag behind the others',
  order: 920,
  params: {
    type: fixed(
      choice(
        ['g-counter', 'pn-counter', 'lww'],
        'pn-counter',
        'Only `increment`; also `decrement`; or a number under last-writer-wins, which loses updates',
      ),
    ),
    gossipInterval: fixed(
      duration('2s', 'How often an instance tells others what it knows; none: never', {
        min: '1ms',
        max: 'none',
      }),
    ),
    fanout: count(1, 'How many others it turns to at a time', { max: 100 }),
    mode: choice(
      ['push', 'pull', 'push-pull'],
      'push',
      'It tells others what it knows, asks them for what it lacks, or both',
    ),
    contacts: choice(
      ['all', 'concerned'],
      'all',
      'Who turns to others: everybody; or who has something to tell (push) or has heard nothing yet (pull)',
    ),
    withRepetition: toggle(false, 'May turn to the same other twice at a time'),
    takeIn: choice(
      ['at-once', 'next-round'],
      'at-once',
      'When it knows what it hears: at once, or when it next turns to others (synchronous rounds)',
    ),
    interest: group(interest, 'Rumor mongering: who has told its news often enough stops'),
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
    lastNews: gauge('When it last heard or made something new', 'ns'),
    contacts: counter('Others it turned to'),
    divergence: gauge('Updates that the last gossip heard had brought', 'updates'),
    merges: counter('Gossip heard'),
    shipped: counter('Entries told to others: what gossip costs'),
  },
  durable: ({ params }) => ({ counter: make(params.type) }),
  /** How often each other instance was told something, and the version that it was told last; what was heard in this round. */
  state: () => ({
    told: new Map<number, number>(),
    version: new Map<number, number>(),
    rumor: new Rumor(),
    heard: [] as CounterState[],
  }),
  create({ params, state, durable, signals, clock, node, peers, every, send, chance }) {
    const peerChance = chance('peer')
    const interestChance = chance('interest')
    const coin = (): number => interestChance.next()
    const { rumor } = state
    const forgets = (): boolean => params.interest.loss !== 'never'

    const update = (by: number): void => {
      durable.counter.add(node.instance, by, clock.now)
      signals.applied.add()
      signals.value.set(durable.counter.value)
      signals.lastNews.set(clock.now)
      rumor.heat()
    }

    /** Some of the others, each at most once unless it may be again. */
    const somePeers = (): Target[] => {
      let left = peers()
      const chosen: Target[] = []
      while (chosen.length < params.fanout && left.length > 0) {
        const at = Math.floor(peerChance.next() * left.length)
        chosen.push(left[at]!)
        if (!params.withRepetition && params.fanout > 1) left = left.toSpliced(at, 1)
      }
      return chosen
    }

    /** What to tell a peer; with deltas undefined when nothing has changed. */
    const newsFor = (peer: Target): CounterState | undefined => {
      const { counter } = durable
      const times = state.told.get(peer.index) ?? 0
      const isDelta = params.delta && times % FULL_EVERY !== 0
      const after = isDelta ? (state.version.get(peer.index) ?? 0) : 0
      state.told.set(peer.index, times + 1)
      state.version.set(peer.index, counter.version)
      return isDelta && after === counter.version ? undefined : counter.tell(after)
    }

    const write = (peer: Target, letter: Letter): void => {
      const { news, asks } = letter
      if (news === undefined && asks === undefined) return
      if (news) signals.shipped.add(Math.max(1, news.plus.length + news.minus.length))
      send(peer, 'gossip', letter)
    }

    const tells = (): boolean => params.mode !== 'pull'
    const asks = (): boolean => params.mode !== 'push'
    /** Whether it has something that it would tell. */
    const hasNews = (): boolean => (forgets() ? rumor.isHot : durable.counter.version > 0)
    const isConcerned = (): boolean => {
      if (params.mode === 'push-pull') return true
      return tells() ? hasNews() : durable.counter.version === 0
    }
    const contactsOthers = (): boolean => {
      if (tells() && !asks() && forgets()) return rumor.isHot
      return params.contacts === 'all' || isConcerned()
    }

    const contact = (peer: Target): void => {
      signals.contacts.add()
      const speaks = tells() && (!forgets() || rumor.isHot)
      write(peer, {
        news: speaks ? newsFor(peer) : undefined,
        asks: asks() ? durable.counter.tell(0) : undefined,
      })
      if (speaks && !params.interest.feedback) rumor.told(true, params.interest, coin)
    }

    /** Takes in what it heard: from now on it knows. */
    const learn = (news: CounterState): void => {
      if (durable.counter.lacks(news)) rumor.heat()
      const learned = durable.counter.merge(news)
      signals.divergence.set(learned)
      signals.merges.add()
      signals.value.set(durable.counter.value)
    }

    const hear = (from: Target, news: CounterState): void => {
      const isUseful = durable.counter.lacks(news)
      if (isUseful) signals.lastNews.set(clock.now)
      if (params.takeIn === 'at-once') learn(news)
      else state.heard.push(news)
      if (tells() && forgets() && params.interest.feedback) send(from, 'feedback', !isUseful)
    }

    /** Somebody asks: it is told what it lacks, and of a rumor whatever there is. */
    const answer = (from: Target, known: CounterState): void => {
      if (!hasNews()) return
      const news = durable.counter.tell(0)
      const theirs = make(params.type)
      theirs.merge(known)
      const isUseful = theirs.lacks(news)
      rumor.asked(!isUseful)
      if (isUseful || forgets()) write(from, { news, asks: undefined })
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
        for (const news of state.heard.splice(0)) learn(news)
        rumor.endRound(params.interest, coin)
        if (contactsOthers()) for (const peer of somePeers()) contact(peer)
      },
      onMessage({ kind, body, from }) {
        if (kind === 'feedback') return rumor.told(body as boolean, params.interest, coin)
        const { news, asks: known } = body as Letter
        // Who asks hears what was known before its own news came.
        if (known) answer(from, known)
        if (news) hear(from, news)
      },
    }
  },
})

const OPERATIONS: readonly string[] = ['increment', 'decrement', 'read']

function make(type: 'g-counter' | 'pn-counter' | 'lww'): MergingCounter {
  return type === 'lww' ? new LastWriteCounter() : new VectorCounter()
}
