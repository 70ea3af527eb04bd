import type { Call, Process } from '../../component.ts'
import { component } from '../../component.ts'
import { choice, duration, fixed, service } from '../../params.ts'
import { counter, histogram, state } from '../../signals.ts'

export default component({
  name: 'lease-lock',
  family: 'coordination',
  at: ['server'],
  about:
    'Takes a lock before the work and gives it back after; the work carries the token of the lock.',
  source: 'etcd concurrency.Mutex, Redlock client; Kleppmann’s fencing tokens',
  tradeOff:
    'work that does not overlap vs waiting for the lock, and a holder that no longer holds it',
  order: 960,
  params: {
    lock: fixed(service('Who grants the lock; left out: no lock is taken')),
    scope: fixed(
      choice(
        ['key', 'service'],
        'key',
        'What is locked: the key that the call is about, or all of them',
      ),
    ),
    ttl: duration(
      '10s',
      'How long the lock is held without renewal, by the clock of the lock service',
      { min: '1ms' },
    ),
    renewInterval: duration(
      'none',
      'How often a holder makes its lease longer while it works; none: never',
      { min: '1ms', max: 'none' },
    ),
    retryInterval: duration('500ms', 'Pause before asking again for a lock that another holds', {
      min: '1ms',
    }),
    waitTimeout: duration('60s', 'How long to wait for the lock', { max: 'none' }),
    requestTimeout: duration('2s', 'How long one request to the lock service may take', {
      min: '1ms',
      max: 'none',
    }),
  },
  primary: 'lock',
  inert: { lock: '' },
  signals: {
    lock: state(['free', 'waiting', 'holding'], 'What this instance believes; holding wins'),
    acquired: counter('Locks taken'),
    gaveUp: counter('Calls that waited too long for the lock'),
    lost: counter('Leases that could not be renewed: another may hold the lock'),
    waited: histogram('Time until the lock was taken'),
  },
  check: ({ renewInterval, ttl }) =>
    renewInterval !== Infinity && renewInterval >= ttl
      ? ['renewInterval must be shorter than ttl, or the lease runs out before it is renewed']
      : [],
  state: () => ({ waiting: 0, holding: 0, renewals: 0, asked: new Map<number, number>() }),
  create({
    params,
    state,
    signals,
    clock,
    node,
    request,
    sleep,
    recall,
    work,
    launch,
    perCall,
    callOf,
    after,
    cancel,
  }) {
    const tokens = perCall(0)
    const renewal = perCall(-1)
    type Knobs = Readonly<typeof params>
    const lockOf = (call: Call, { scope }: Knobs): number => (scope === 'key' ? call.key : 0)

    const count = (waiting: number, holding: number): void => {
      state.waiting += waiting
      state.holding += holding
      signals.lock.enter(state.holding > 0 ? 'holding' : state.waiting > 0 ? 'waiting' : 'free')
    }

    /** Asks until the lock is granted: its token; 0 from a lock service that gives none; undefined when it took too long. */
    function* acquire(call: Call, knobs: Knobs): Process<number | undefined> {
      const { ttl, lock, requestTimeout, waitTimeout, retryInterval } = knobs
      const from = yield* recall(() => clock.now)
      const owner = `${node.name}#${node.instance}/${call.request}/${from}`
      for (;;) {
        const asked = { lock: lockOf(call, knobs), owner, ttl, token: 0 }
        const { ok, body } = yield* request(lock, 'acquire', asked, requestTimeout)
        const waited = (yield* recall(() => clock.now)) - from
        if (ok) {
          signals.acquired.add()
          yield* recall(() => signals.waited.record(waited))
          return (body as { token?: number } | undefined)?.token ?? 0
        }
        if (waited + retryInterval > waitTimeout) return undefined
        yield* sleep(retryInterval)
      }
    }

    const planRenewal = (call: Call): void => {
      const { renewInterval } = params
      renewal.set(call, renewInterval === Infinity ? -1 : after(renewInterval, 'renew', call))
    }
    const startRenewing = (call: Call, token: number): void => {
      tokens.set(call, token)
      planRenewal(call)
    }
    const stopRenewing = (call: Call): void => {
      tokens.set(call, 0)
      cancel(renewal.get(call))
    }

    return {
      *onCall(call) {
        // One call keeps to the knobs it began with, whatever is pushed in the meantime.
        const knobs = yield* recall(() => params)
        if (knobs.lock === '') return call.pass()
        yield* recall(() => count(1, 0))
        const token = yield* acquire(call, knobs)
        yield* recall(() => count(-1, token === undefined ? 0 : 1))
        if (token === undefined) {
          signals.gaveUp.add()
          return call.fail('refused')
        }
        const carried = call.body
        call.carry({ token })
        yield* recall(() => startRenewing(call, token))
        yield* work(call)
        yield* recall(() => stopRenewing(call))
        call.carry(carried)
        const asked = { lock: lockOf(call, knobs), owner: '', ttl: 0, token }
        yield* request(knobs.lock, 'release', asked, knobs.requestTimeout)
        yield* recall(() => count(0, -1))
        return call.pass()
      },
      onTimer({ call }) {
        const token = state.renewals++
        state.asked.set(token, call!.ticket)
        const body = {
          lock: lockOf(call!, params),
          owner: '',
          ttl: params.ttl,
          token: tokens.get(call!),
        }
        launch(params.lock, { op: 'renew', body, like: call!, token, ordinal: 1000 + token })
        planRenewal(call!)
        return call!.hold()
      },
      onOutcome({ failure }, token) {
        const call = callOf(state.asked.get(token) ?? -1)
        state.asked.delete(token)
        // Only a lock service that says no knows better.
        if (call === undefined || failure !== 'refused' || tokens.get(call) === 0) return
        signals.lost.add()
        cancel(renewal.get(call))
      },
      onCrash() {
        signals.lock.enter('free')
      },
    }
  },
})
