import type { Call } from '../../component.ts'
import { component } from '../../component.ts'
import type { Values } from '../../params.ts'
import { choice, count, countOrDuration, duration, failures, group, number, ratio, toggle } from '../../params.ts'
import { counter, state } from '../../signals.ts'
import { slidingWindow } from '../../sliding-window.ts'

const params = {
  failureRateThreshold: ratio(0.5, 'Share of failed calls that opens the circuit'),
  slowCallRateThreshold: ratio(1, 'Share of slow calls that opens the circuit'),
  slowCallDurationThreshold: duration('60s', 'A call that takes longer is slow'),
  slidingWindow: group(
    {
      type: choice(['count', 'time'], 'count', 'Whether the shares are taken over the last calls or the last seconds'),
      size: countOrDuration(100, 'How many calls, or how long'),
    },
    'Recent calls that the shares are taken over',
  ),
  minimumNumberOfCalls: count(100, 'Calls needed before the shares mean anything'),
  waitDurationInOpenState: duration('60s', 'How long to refuse calls before probing'),
  waitMultiplier: number(1, 'Every opening in a row multiplies the wait by this', { min: 1, max: 100 }),
  maxWaitDurationInOpenState: duration('10m', 'The wait grows no further than this'),
  permittedNumberOfCallsInHalfOpenState: count(10, 'Probes that decide whether to close'),
  maxWaitDurationInHalfOpenState: duration('0s', 'Opens again when the probes have not decided by then; 0s waits for ever'),
  automaticTransitionFromOpenToHalfOpen: toggle(false, 'Goes half-open as soon as the wait is over, not at the next call'),
  recordFailures: failures(
    ['overload', 'timeout', 'unreachable', 'error', 'refused', 'unauthenticated', 'not-leader'],
    'Failures that count; others are not recorded',
  ),
  scope: choice(['edge', 'host', 'key'], 'edge', 'What has a circuit of its own; host: put the breaker inside the load balancer'),
}
type Settings = Values<typeof params>

/** One circuit and how it decides: Resilience4j's rules, comparisons included (rate >= threshold, duration > slow). */
class Circuit {
  state: 'closed' | 'open' | 'half-open' = 'closed'
  since = 0
  /** Outcomes of the closed state; outcomes that arrive late, while open, still go here and change nothing. */
  readonly window: ReturnType<typeof slidingWindow>
  readonly trial: ReturnType<typeof slidingWindow>
  permits = 0
  openings = 0

  constructor({ slidingWindow: { type, size }, permittedNumberOfCallsInHalfOpenState: probes }: Settings) {
    this.window = slidingWindow(type, size)
    this.trial = slidingWindow('count', probes)
  }

  /** Whether a call may go on now. */
  admits(now: number, settings: Settings): boolean {
    this.age(now, settings)
    if (this.state === 'closed') return true
    if (this.state === 'open') {
      if (now < this.since + this.wait(settings)) return false
      this.enter('half-open', now)
    }
    return this.permits++ < settings.permittedNumberOfCallsInHalfOpenState
  }

  /** Goes half-open when the wait is over, without a call. */
  probeIfDue(now: number, settings: Settings): boolean {
    const due = now >= this.since + this.wait(settings)
    if (due) this.enter('half-open', now)
    return due
  }

  /** Takes an outcome in and moves when the shares say so. */
  record(failed: boolean, slow: boolean, now: number, settings: Settings): void {
    this.age(now, settings)
    const outcomes = this.state === 'half-open' ? this.trial : this.window
    outcomes.expire(now)
    outcomes.add(failed, slow)
    if (this.state === 'closed' && this.trips(this.window, leastCalls(settings), settings)) this.enter('open', now)
    else if (this.state === 'half-open' && this.trial.calls >= decisiveProbes(settings)) {
      this.enter(this.trips(this.trial, 1, settings) ? 'open' : 'closed', now)
    }
  }

  /** A half-open state that cannot decide falls back to open. */
  private age(now: number, { maxWaitDurationInHalfOpenState: most }: Settings): void {
    if (this.state === 'half-open' && most > 0 && now >= this.since + most) this.enter('open', now)
  }

  private trips({ calls, failed, slow }: Circuit['window'], least: number, settings: Settings): boolean {
    if (calls < least) return false
    return failed >= settings.failureRateThreshold * calls || slow >= settings.slowCallRateThreshold * calls
  }

  private wait({ waitDurationInOpenState, waitMultiplier, maxWaitDurationInOpenState }: Settings): number {
    let wait = waitDurationInOpenState
    for (let n = 1; n < this.openings && wait < maxWaitDurationInOpenState; n++) wait *= waitMultiplier
    return this.openings > 1 && waitMultiplier > 1 ? Math.min(wait, maxWaitDurationInOpenState) : wait
  }

  private enter(next: Circuit['state'], now: number): void {
    this.state = next
    this.since = now
    this.permits = 0
    this.trial.clear()
    if (next === 'open') this.openings++
    if (next !== 'closed') return
    this.openings = 0
    this.window.clear()
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
  inert: { failureRateThreshold: 1, slowCallRateThreshold: 1, minimumNumberOfCalls: 1_000_000_000, slidingWindow: { type: 'time', size: '1s' } },
  signals: {
    circuit: state(['closed', 'open', 'half-open'], 'What the breaker is doing; of many circuits the worst'),
    opened: counter('Times a circuit opened'),
    refused: counter('Calls turned away'),
  },
  state: () => ({ circuits: new Map<number, Circuit>() }),
  create({ params, state: { circuits }, signals: { circuit: lane, opened, refused }, clock, perCall, after }) {
    const startedAt = perCall(0)
    const isProbe = perCall(0)
    const circuitOf = (call: Call): Circuit => {
      const id = params.scope === 'edge' ? 0 : params.scope === 'key' ? call.key : (call.target?.index ?? -1)
      let circuit = circuits.get(id)
      if (circuit === undefined) circuits.set(id, (circuit = new Circuit(params)))
      return circuit
    }
    /** Reports that a circuit has left a state. */
    const report = (circuit: Circuit): void => {
      if (circuit.state === 'open') opened.add()
      if (circuit.state === 'open' && params.automaticTransitionFromOpenToHalfOpen) after(params.waitDurationInOpenState, 'wait over')
      lane.enter(worst(circuits))
    }
    return {
      onCall(call) {
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
        if (!call.ok && !params.recordFailures.includes(call.failure!)) return call.pass()
        const circuit = circuitOf(call)
        const slow = clock.now - startedAt.get(call) > params.slowCallDurationThreshold
        const before = circuit.state
        circuit.record(!call.ok, slow, clock.now, params)
        if (circuit.state !== before) report(circuit)
        return call.pass()
      },
      onCancel(call) {
        const circuit = circuitOf(call)
        if (isProbe.get(call) === 1 && circuit.state === 'half-open') circuit.permits--
      },
      onTimer() {
        for (const circuit of circuits.values()) {
          if (circuit.state === 'open' && circuit.probeIfDue(clock.now, params)) report(circuit)
        }
      },
    }
  },
})

/** A count window can never hold more calls than its size. */
function leastCalls({ slidingWindow: { type, size }, minimumNumberOfCalls }: Settings): number {
  return type === 'count' ? Math.min(minimumNumberOfCalls, size) : minimumNumberOfCalls
}

function decisiveProbes(settings: Settings): number {
  return Math.min(settings.minimumNumberOfCalls, settings.permittedNumberOfCallsInHalfOpenState)
}

function worst(circuits: ReadonlyMap<number, Circuit>): Circuit['state'] {
  let found: Circuit['state'] = 'closed'
  for (const { state: now } of circuits.values()) {
    if (now === 'open') return 'open'
    if (now === 'half-open') found = 'half-open'
  }
  return found
}
