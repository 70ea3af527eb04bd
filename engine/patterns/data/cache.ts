import type { Call, Verdict } from '../../component.ts'
import { component } from '../../component.ts'
import { ln } from '../../core/math.ts'
import { Lfu } from '../../tools/lfu.ts'
import { Lru } from '../../tools/lru.ts'
import type { Failure } from '../../model/failure.ts'
import { choice, count, duration, fixed, number, ratio, toggle } from '../../params.ts'
import { counter, gauge } from '../../signals.ts'

/** An answer that was kept, or an error, with the time it took to get. */
interface Entry {
  readonly body: unknown
  readonly failure: Failure | undefined
  readonly storedAt: number
  expires: number
  /** How long it is fresh. */
  readonly lifetime: number
  readonly took: number
}
/** A value that is being fetched: one call leads, others may wait for it. */
interface Load {
  readonly ticket: number
  /** Tickets of the calls, in the order they came. */
  waiting: number[]
}

export default component({
  name: 'cache',
  family: 'data',
  at: ['client', 'server'],
  about: 'Keeps answers and gives them again, so that the origin is asked once for many.',
  source:
    'Cache-aside with groupcache singleflight, XFetch (Vattani et al. 2015), RFC 5861 stale-while-revalidate; Caffeine (expireAfterWrite, expireAfterAccess, TinyLFU)',
  tradeOff:
    'load and latency of the origin vs age of what is served, and what happens when it is cold',
  order: 150,
  params: {
    ttl: duration('60s', 'How long an answer is fresh'),
    ttlJitter: ratio(0, 'Spreads the ends of freshness: ttl·(1±share)'),
    expiry: choice(
      ['after-write', 'after-access'],
      'after-write',
      'When freshness begins: when the answer was fetched, or anew whenever it is given',
    ),
    capacity: count(10_000, 'Most answers that are kept'),
    eviction: fixed(
      choice(
        ['lru', 'fifo', 'lfu'],
        'lru',
        'Who goes when there is no room: least recently used, first in, or asked for least often',
      ),
    ),
    singleFlight: toggle(false, 'One call fetches a missing value, the others wait for it'),
    afterFailedLoad: choice(
      ['share', 'next'],
      'share',
      'What those who wait get when the fetch fails: the same failure, or the next of them tries',
    ),
    earlyRefresh: number(
      0,
      'The β of XFetch: a call may fetch again before the end of freshness; 0: none does',
      { max: 100 },
    ),
    staleWhileRevalidate: duration(
      '0s',
      'How long an old answer is given while a newer one is fetched',
    ),
    negativeTtl: duration('0s', 'How long an error is remembered; 0s: not at all'),
    fillOnTimeout: toggle(true, 'Keeps an answer that came after its caller had stopped waiting'),
  },
  primary: 'ttl',
  inert: {
    ttl: '0s',
    singleFlight: false,
    earlyRefresh: 0,
    staleWhileRevalidate: '0s',
    negativeTtl: '0s',
  },
  signals: {
    hits: counter('Calls answered from the cache'),
    misses: counter('Calls that went on to the origin'),
    refills: counter('Times a value was missing or too old, however many calls then fetched it'),
    coalesced: counter('Calls that waited for the fetch of another'),
    stale: counter('Old answers given while a newer one was fetched'),
    early: counter('Fetches before the end of freshness'),
    evicted: counter('Answers dropped for lack of room'),
    entries: gauge('Answers kept', 'answers'),
    age: gauge('Age of the last answer given from the cache', 'ns'),
  },
  check: ({ ttl, staleWhileRevalidate }) =>
    ttl === 0 && staleWhileRevalidate > 0
      ? ['staleWhileRevalidate needs a ttl: what is never kept cannot grow old']
      : [],
  state: ({ params: { eviction } }) => ({
    entries: eviction === 'lfu' ? new Lfu<Entry>() : new Lru<Entry>(eviction === 'fifo'),
    loads: new Map<string, Load>(),
    tickets: 0,
  }),
  create({ params, state, signals, clock, chance, perCall, callOf, release, settle }) {
    const { entries, loads } = state
    const early = chance('early')
    const spread = chance('ttl')
    const startedAt = perCall(0)
    /** Ticket of the load that a call leads or waits for. */
    const leads = perCall(0)
    const waits = perCall(0)

    const refreshesEarly = (call: Call, { took, expires }: Entry): boolean =>
      params.earlyRefresh > 0 &&
      clock.now - params.earlyRefresh * took * ln(early.forCall(call)) >= expires

    const isGoodEnough = (entry: Entry | undefined): entry is Entry =>
      entry !== undefined &&
      entry.failure === undefined &&
      clock.now < entry.expires + params.staleWhileRevalidate

    const keep = (call: Call): void => {
      const ttl = call.ok ? params.ttl : params.negativeTtl
      const worthIt = call.ok
        ? !call.degraded
        : call.failure === 'error' || call.failure === 'invalid'
      const inTime = params.fillOnTimeout || clock.now <= call.deadline
      if (!worthIt || !inTime || ttl === 0) return
      const jitter = params.ttlJitter === 0 ? 0 : params.ttlJitter * (2 * spread.forCall(call) - 1)
      const storedAt = clock.now
      const { body, failure } = call
      const lifetime = Math.round(ttl * (1 + jitter))
      const entry = {
        body,
        failure,
        storedAt,
        expires: storedAt + lifetime,
        lifetime,
        took: storedAt - startedAt.get(call),
      }
      signals.evicted.add(entries.set(idOf(call), entry, params.capacity))
      signals.entries.set(entries.size)
    }

    const serve = (call: Call, entry: Entry, how: 'full' | 'degraded'): Verdict => {
      signals.age.set(clock.now - entry.storedAt)
      return entry.failure === undefined ? call.answer(entry.body, how) : call.fail(entry.failure)
    }

    const fetch = (call: Call): void => {
      signals.misses.add()
      startedAt.set(call, clock.now)
    }

    const lead = (call: Call, id: string): void => {
      signals.refills.add()
      leads.set(call, ++state.tickets)
      loads.set(id, { ticket: state.tickets, waiting: [] })
    }

    const wait = (call: Call, load: Load): Verdict => {
      signals.coalesced.add()
      waits.set(call, load.ticket)
      // It may have led this very load before, and failed.
      leads.set(call, 0)
      load.waiting.push(call.ticket)
      return call.hold()
    }

    /** The next of those who still wait fetches; without one the load is over. */
    const promote = (id: string, load: Load): void => {
      const next = callOf(load.waiting.shift() ?? -1)
      if (next !== undefined) {
        waits.set(next, 0)
        leads.set(next, load.ticket)
        fetch(next)
        return release(next)
      }
      loads.delete(id)
    }

    const handOut = (load: Load, leader: Call): void => {
      const { ok, body, degraded, failure } = leader
      for (const ticket of load.waiting) {
        const call = callOf(ticket)
        // Who is given an answer may take back a call that waits here, too; it may wait for another fetch by now.
        if (call === undefined || waits.get(call) !== load.ticket) continue
        waits.set(call, 0)
        settle(call, ok ? call.answer(body, degraded ? 'degraded' : 'full') : call.fail(failure!))
      }
    }

    const leaveLine = ({ ticket }: Call, { waiting }: Load): void => {
      waiting.splice(waiting.indexOf(ticket), 1)
    }

    const loadLedBy = (call: Call): Load | undefined => {
      const load = loads.get(idOf(call))
      return load !== undefined && leads.get(call) === load.ticket ? load : undefined
    }

    return {
      onCall(call) {
        const id = idOf(call)
        const entry = entries.get(id)
        const load = loads.get(id)
        const isFresh = entry !== undefined && clock.now < entry.expires
        // XFetch asks nobody: only single flight keeps a second call from fetching early too.
        const again =
          isFresh && (load === undefined || !params.singleFlight) && refreshesEarly(call, entry)
        if (isFresh && !again) {
          signals.hits.add()
          if (params.expiry === 'after-access') entry.expires = clock.now + entry.lifetime
          return serve(call, entry, 'full')
        }
        if (again) signals.early.add()
        if (load === undefined) lead(call, id)
        else if (!again) {
          if (isGoodEnough(entry)) {
            signals.stale.add()
            return serve(call, entry, 'degraded')
          }
          if (params.singleFlight) return wait(call, load)
        }
        fetch(call)
        return call.pass()
      },
      onReply(call) {
        keep(call)
        const load = loadLedBy(call)
        if (load === undefined) return call.pass()
        // A leader that was taken back says nothing about the value.
        const failed =
          !call.ok && (params.afterFailedLoad === 'next' || call.failure === 'cancelled')
        if (failed) promote(idOf(call), load)
        else {
          loads.delete(idOf(call))
          handOut(load, call)
        }
        return call.pass()
      },
      onCancel(call) {
        const load = loads.get(idOf(call))
        const awaited = waits.get(call)
        waits.set(call, 0)
        if (load === undefined) return
        if (leads.get(call) === load.ticket) promote(idOf(call), load)
        else if (awaited === load.ticket) leaveLine(call, load)
      },
      onFault({ name }) {
        if (name !== 'flush') return
        entries.clear()
        signals.entries.set(0)
      },
    }
  },
})

function idOf(call: Call): string {
  return `${call.op}/${call.key}`
}
