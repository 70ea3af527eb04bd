import { component } from '../../component.ts'
import { ConcurrencyLimit } from '../../tools/concurrency-limit.ts'
import { choice, count, duration, failures, number, ratio } from '../../params.ts'
import { turns } from '../../tools/pushed.ts'
import { counter, gauge } from '../../signals.ts'

export default component({
  name: 'load-shedder',
  family: 'traffic',
  at: ['server', 'client'],
  about: 'Turns calls away at once when more are in work than can be served in time.',
  source: 'Netflix concurrency-limits (SimpleLimiter with FixedLimit, AIMDLimit, Gradient2Limit)',
  tradeOff: 'goodput under overload vs calls turned away that could have been served',
  order: 560,
  params: {
    algorithm: choice(
      ['fixed', 'aimd', 'gradient2'],
      'gradient2',
      'How the limit is found: given, by drops and timeouts, or by how much longer calls take',
    ),
    initialLimit: count(20, 'Calls in work at once, to begin with'),
    minLimit: count(20, 'The limit sinks no lower'),
    maxLimit: count(200, 'The limit rises no higher'),
    backoffRatio: ratio(0.9, 'What is left of the limit after a drop (aimd)', { min: 0.5 }),
    timeout: duration('5s', 'A call that takes longer counts as dropped (aimd)'),
    smoothing: ratio(0.2, 'How far the limit follows a new estimate (gradient2)'),
    queueSize: number(4, 'Calls by which the limit may grow (gradient2)', { max: 1000 }),
    rttTolerance: number(1.5, 'Calls may take so much longer than in the long run (gradient2)', {
      min: 1,
      max: 100,
    }),
    longWindow: count(600, 'Calls that the long run is taken over (gradient2)'),
    drops: failures(['overload', 'timeout'], 'Failures that mean overload'),
  },
  primary: 'initialLimit',
  inert: { algorithm: 'fixed', initialLimit: 1_000_000_000 },
  signals: {
    limit: gauge('Calls that may be in work', 'calls'),
    inflight: gauge('Calls in work', 'calls'),
    refused: counter('Calls turned away'),
  },
  check: ({ algorithm, initialLimit, minLimit, maxLimit }) =>
    algorithm !== 'fixed' && (minLimit > initialLimit || initialLimit > maxLimit)
      ? ['initialLimit must lie between minLimit and maxLimit']
      : [],
  state: ({ params }) => ({ limit: new ConcurrencyLimit(params), inflight: 0 }),
  create({ params, state, signals: { limit, inflight, refused }, clock, perCall }) {
    const startedAt = perCall(0)
    /** Calls in work when this one began, itself included; 0 for one that is not. */
    const among = perCall(0)
    return {
      onStart() {
        limit.set(state.limit.limit)
      },
      onCall(call) {
        if (state.inflight >= state.limit.limit) {
          refused.add()
          return call.fail('refused')
        }
        inflight.set(++state.inflight)
        startedAt.set(call, clock.now)
        among.set(call, state.inflight)
        return call.pass()
      },
      onReply(call) {
        const inWork = among.get(call)
        if (inWork === 0) return call.pass()
        inflight.set(--state.inflight)
        const dropped = !call.ok && params.drops.includes(call.failure!)
        // Other failures say nothing about load.
        if (!call.ok && !dropped) return call.pass()
        state.limit.sample(clock.now - startedAt.get(call), inWork, dropped, params)
        limit.set(state.limit.limit)
        return call.pass()
      },
      onCancel(call) {
        if (among.get(call) > 0) inflight.set(--state.inflight)
      },
      onFault(fault) {
        if (!turns(fault, 'algorithm', 'initialLimit')) return
        state.limit = new ConcurrencyLimit(params)
        limit.set(state.limit.limit)
      },
    }
  },
})
