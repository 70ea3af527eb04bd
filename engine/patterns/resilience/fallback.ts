import type { Call, Verdict } from '../../component.ts'
import { component } from '../../component.ts'
import { choice, count, duration, failures, service } from '../../params.ts'
import { counter, gauge, histogram } from '../../signals.ts'

/** The last good answer to a question. */
interface Answer {
  at: number
  body: unknown
}

export default component({
  name: 'fallback',
  family: 'resilience',
  at: ['client'],
  about: 'Answers a failed call with something less, and says so.',
  source:
    'Hystrix fallback (at most 10 at once); RFC 5861 stale-if-error; Resilience4j order (outermost)',
  tradeOff:
    'failures hidden from users vs answers that are reduced, stale, or load on someone else',
  order: 100,
  params: {
    fallbackOn: failures(
      ['refused', 'overload', 'timeout', 'unreachable', 'error', 'not-leader'],
      'Failures that are answered with something less',
    ),
    source: choice(
      ['static', 'stale-cache', 'service'],
      'static',
      'What is answered: a fixed text, the last good answer for that key, what another service says',
    ),
    maxStale: duration('1h', 'An older answer is not given (stale-cache)', { max: 'none' }),
    entries: count(10_000, 'Answers remembered per operation (stale-cache)'),
    service: service('Service that is asked instead (service)'),
    maxConcurrentFallbacks: count(
      10,
      'Calls to that service at once; beyond it the failure stands',
    ),
  },
  inert: { fallbackOn: [] },
  signals: {
    degraded: counter('Failures answered with something less'),
    failed: counter('Failures that had to be passed on'),
    running: gauge('Calls to the other service under way', 'calls'),
    age: histogram('How old the given answers were (stale-cache)'),
  },
  check: ({ source, service: other }) =>
    source === 'service' && other === '' ? ['source: service needs the name of a service'] : [],
  state: () => ({
    answers: new Map<string, Map<number, Answer>>(),
    running: 0,
    /** Questions put to the other service so far, and whose each is that is not answered yet, by ticket. */
    asked: 0,
    askers: new Map<number, number>(),
    /** The question that is being put now, and whether it was answered at once and well. */
    starting: -1,
    instant: 'none' as 'none' | 'ok' | 'failed',
    instantBody: undefined as unknown,
  }),
  create({
    params,
    state,
    signals: { degraded, failed, running, age },
    clock,
    perCall,
    callOf,
    launch,
    settle,
  }) {
    /** The question whose answer a call waits for. */
    const awaits = perCall(0)
    const giveLess = (call: Call, body: unknown): Verdict => {
      degraded.add()
      return call.answer(body, 'degraded')
    }
    const giveUp = (call: Call): Verdict => {
      failed.add()
      return call.pass()
    }
    const remember = ({ op, key, body }: Call): void => {
      let byKey = state.answers.get(op)
      if (byKey === undefined) state.answers.set(op, (byKey = new Map()))
      const known = byKey.get(key)
      if (known === undefined && byKey.size >= params.entries)
        byKey.delete(byKey.keys().next().value!)
      if (known === undefined) return void byKey.set(key, { at: clock.now, body })
      known.at = clock.now
      known.body = body
    }
    const answerStale = (call: Call): Verdict => {
      const known = state.answers.get(call.op)?.get(call.key)
      if (known === undefined || clock.now - known.at > params.maxStale) return giveUp(call)
      age.record(clock.now - known.at)
      return giveLess(call, known.body)
    }
    const askOther = (call: Call): Verdict => {
      if (state.running >= params.maxConcurrentFallbacks) return giveUp(call)
      running.set(++state.running)
      const token = ++state.asked
      awaits.set(call, token)
      state.askers.set(token, call.ticket)
      state.starting = token
      state.instant = 'none'
      launch(params.service, { like: call, token, ordinal: call.attempt })
      state.starting = -1
      if (state.instant === 'none') return call.hold()
      return state.instant === 'ok' ? giveLess(call, state.instantBody) : giveUp(call)
    }
    return {
      onReply(call) {
        if (call.ok) {
          if (params.source === 'stale-cache' && !call.degraded) remember(call)
          return call.pass()
        }
        if (!params.fallbackOn.includes(call.failure!)) return call.pass()
        if (params.source === 'service') return askOther(call)
        return params.source === 'static' ? giveLess(call, undefined) : answerStale(call)
      },
      onOutcome({ ok, body }, token) {
        running.set((state.running = Math.max(0, state.running - 1)))
        const call = callOf(state.askers.get(token) ?? -1)
        state.askers.delete(token)
        if (token === state.starting) {
          state.instant = ok ? 'ok' : 'failed'
          state.instantBody = body
          return
        }
        // A try that was given up may have asked before this one: its answer is too late.
        if (call === undefined || awaits.get(call) !== token) return
        settle(call, ok ? giveLess(call, body) : giveUp(call))
      },
      onCancel(call) {
        // Its user has gone; the other service is not told and works on.
        awaits.set(call, 0)
      },
    }
  },
})
