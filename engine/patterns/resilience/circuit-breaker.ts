import type { Call } from '../../component.ts'
import { component } from '../../component.ts'
import type { Values } from '../../params.ts'
import {
  choice,
  count,
  countOrDuration,
  duration,
  failures,
  fixed,
  group,
  number,
  ratio,
  toggle,
} from '../../params.ts'
import { counter, state } from '../../signals.ts'
import { slidingWindow } from '../../tools/sliding-window.ts'

const params = {
  failureRateThreshold: ratio(0.5, 'Share of failed calls that opens the circuit'),
  slowCallRateThreshold: ratio(1, 'Share of slow calls that opens the circuit'),
  slowCallDurationThreshold: duration('60s', 'A call that takes longer is slow'),
  slidingWindow: fixed(
    group(
      {
        type: choice(
          ['count', 'time'],
          'count',
          'Whether it holds the last calls or the last seconds',
        ),
        size: countOrDuration(100, 'How many calls, or how long'),
      },
      'Recent calls that the shares are taken over',
    ),
  ),
  minimumNumberOfCalls: count(100, 'Calls needed before the shares mean anything'),
  waitDurationInOpenState: duration('60s', 'How long to refuse calls before probing'),
  waitMultiplier: number(1, 'Every opening in a row multiplies the wait by this', {
    min: 1,
    max: 100,
  }),
  maxWaitDurationInOpenState: duration('10m', 'The wait grows no further than this'),
  permittedNumberOfCallsInHalfOpenState: fixed(count(10, 'Probes that decide whether to close')),
  maxWaitDurationInHalfOpenState: duration(
    '0s',
    'Opens again when the probes have not decided by then; 0s waits for ever',
  ),
  automaticTransitionFromOpenToHalfOpen: toggle(
    false,
    'Goes half-open as soon as the wait is over, not at the next call',
  ),
  recordFailures: failures(
    ['overload', 'timeout', 'unreachable', 'error', 'refused', 'unauthenticated', 'not-leader'],
    'Failures that count; others are not recorded',
  ),
  scope: fixed(
    choice(
      ['edge', 'host', 'key'],
      'edge',
      'What has a circuit of its own; host: put the breaker inside a load balancer, by `order`',
    ),
  ),
}
type Settings = Values<typeof params>

type Window = ReturnType<typeof slidingWindow>

/** One circuit, deciding by Resilience4j's rules, comparisons included (rate >= threshold). */
class Circuit {
  state: 'closed' | 'open' | 'half-open' = 'closed'
  since = 0
  permits = 0
  openings = 0
  /** Outcomes while closed; those that come late, while open, still go here and change nothing. */
  readonly window: Window
  readonly trial: Window

  constructor({ slidingWindow: { type, size }, ...settings }: Settings) {
    this.window = slidingWindow(type, size)
    this.trial = slidingWindow('count', settings.permittedNumberOfCallsInHalfOpenState)
  }

  /** Whether a call may go on now. Half-open, there are so many permits in all, not at once. */
  admits(now: number, settings: Settings): boolean {
    this.age(now, settings)
    if (this.state === 'open' && now >= this.opensUntil(settings)) this.enter('half-open', now)
    if (this.state !== 'half-open') return this.state === 'closed'
    if (this.permits >= settings.permittedNumberOfCallsInHalfOpenState) return false
    this.permits++
    return true
  }

  /** Takes an outcome in and moves when the shares say so. */
  record(failed: boolean, slow: boolean, now: number, settings: Settings): void {
    this.age(now, settings)
    const outcomes = this.state === 'half-open' ? this.trial : this.window
    outcomes.expire(now)
    outcomes.add(failed, slow)
    if (this.state === 'open' || outcomes.calls < decisiveCalls(this.state, settings)) return
    if (reachesThreshold(outcomes, settings)) this.enter('open', now)
    else if (this.state === 'half-open') this.enter('closed', now)
  }

  /** A half-open state that cannot decide falls back to open. */
  age(now: number, { maxWaitDurationInHalfOpenState: most }: Settings): void {
    if (this.state !== 'half-open' || most === 0 || now < this.since + most) return
    this.enter('open', this.since + most)
  }

  opensUntil(settings: Settings): number {
    const { waitMultiplier, maxWaitDurationInOpenState: most } = settings
    let wait = settings.waitDurationInOpenState
    for (let n = 1; n < this.openings && wait < most; n++) wait *= waitMultiplier
    return this.since + (this.openings > 1 && waitMultiplier > 1 ? Math.min(wait, most) : wait)
  }

  enter(next: Circuit['state'], now: number): void {
    this.state = next
    this.since = now
    this.permits = 0
    this.trial.clear()
    if (next === 'closed') this.window.clear()
    this.openings = next === 'closed' ? 0 : this.openings + (next === 'open' ? 1 : 0)
  }
}

export default component({
  name: 'circuit-breaker',
  family: 'resilience',
  at: ['client'],
  about: 'Stops calling a dependency that keeps failing, then probes it back to life.',
  source: 'Resilience4j CircuitBreaker',
  tradeOff: 'callers and the callee spared vs good calls refused',
  order: 500,
  params,
  inert: {
    failureRateThreshold: 1,
    slowCallRateThreshold: 1,
    minimumNumberOfCalls: 1_000_000_000,
    slidingWindow: { type: 'time', size: '1s' },
  },
  signals: {
    circuit: state(
      ['closed', 'open', 'half-open'],
      'What the breaker is doing; of many circuits the worst',
    ),
    opened: counter('Times a circuit opened'),
    refused: counter('Calls turned away'),
  },
  check: ({ slidingWindow: { type, size }, waitMultiplier, ...waits }) => {
    const found: string[] = []
    if (type === 'count' && size > 1_000_000)
      found.push('slidingWindow.size is a number of calls here: write type: time for a duration')
    if (type === 'time' && size < 1e6)
      found.push('slidingWindow.size is a duration here: write type: count for a number of calls')
    if (waitMultiplier > 1 && waits.maxWaitDurationInOpenState < waits.waitDurationInOpenState)
      found.push('maxWaitDurationInOpenState is shorter than waitDurationInOpenState')
    return found
  },
  state: ({ params }) => ({ edge: new Circuit(params), circuits: new Map<number, Circuit>() }),
  create({ params, state, signals: { circuit: lane, opened, refused }, ...context }) {
    const { clock, perCall, after } = context
    const { edge, circuits } = state
    /** -1: the call began before the node last started. */
    const startedAt = perCall(-1)
    const isProbe = perCall(0)
    const circuitId = perCall(0)
    const idFor = (call: Call): number =>
      params.scope === 'key' ? call.key : (call.target?.index ?? -1)
    const circuitOf = (call: Call): Circuit => {
      if (params.scope === 'edge') return edge
      const id = circuitId.get(call)
      let circuit = circuits.get(id)
      if (circuit === undefined) circuits.set(id, (circuit = new Circuit(params)))
      return circuit
    }
    /** A probe that came to nothing leaves its permit to another. */
    const giveBack = (call: Call, circuit: Circuit): void => {
      if (isProbe.get(call) === 1 && circuit.state === 'half-open' && circuit.permits > 0)
        circuit.permits--
    }
    /** Looks again when the wait of an open circuit is over. */
    const awaitProbing = (circuit: Circuit): void => {
      if (!params.automaticTransitionFromOpenToHalfOpen || circuit.state !== 'open') return
      after(Math.max(0, circuit.opensUntil(params) - clock.now), 'wait over')
    }
    /** Reports that a circuit has left a state. */
    const report = (circuit: Circuit): void => {
      if (circuit.state === 'open') opened.add()
      awaitProbing(circuit)
      lane.enter(worst([edge, ...circuits.values()]))
    }
    return {
      onCall(call) {
        if (params.scope !== 'edge') circuitId.set(call, idFor(call))
        const circuit = circuitOf(call)
        const before = circuit.state
        const admitted = before === 'closed' || circuit.admits(clock.now, params)
        if (circuit.state !== before) report(circuit)
        if (!admitted) {
          refused.add()
          return call.fail('refused')
        }
        startedAt.set(call, clock.now)
        isProbe.set(call, circuit.state === 'half-open' ? 1 : 0)
        return call.pass()
      },
      onReply(call) {
        if (startedAt.get(call) < 0) return call.pass()
        const circuit = circuitOf(call)
        if (!call.ok && !params.recordFailures.includes(call.failure!)) {
          giveBack(call, circuit)
          return call.pass()
        }
        const slow = clock.now - startedAt.get(call) > params.slowCallDurationThreshold
        const before = circuit.state
        circuit.record(!call.ok, slow, clock.now, params)
        if (circuit.state !== before) report(circuit)
        return call.pass()
      },
      onCancel(call) {
        giveBack(call, circuitOf(call))
      },
      onTimer() {
        for (const circuit of [edge, ...circuits.values()]) {
          if (circuit.state !== 'open' || clock.now < circuit.opensUntil(params)) continue
          circuit.enter('half-open', clock.now)
          report(circuit)
        }
      },
      onFault() {
        for (const circuit of [edge, ...circuits.values()]) awaitProbing(circuit)
      },
    }
  },
})

/** The shares of failed or slow calls, compared with >=. */
function reachesThreshold({ calls, failed, slow }: Window, settings: Settings): boolean {
  return (
    failed / calls >= settings.failureRateThreshold ||
    slow / calls >= settings.slowCallRateThreshold
  )
}

/** Outcomes that make the shares mean something. A count window can never hold more calls than its size. */
function decisiveCalls(now: Circuit['state'], settings: Settings): number {
  const {
    slidingWindow: { type, size },
    minimumNumberOfCalls: least,
  } = settings
  if (now === 'half-open') return Math.min(least, settings.permittedNumberOfCallsInHalfOpenState)
  return type === 'count' ? Math.min(least, size) : least
}

function worst(circuits: readonly Circuit[]): Circuit['state'] {
  let found: Circuit['state'] = 'closed'
  for (const { state: now } of circuits) {
    if (now === 'open') return 'open'
    if (now === 'half-open') found = 'half-open'
  }
  return found
}
