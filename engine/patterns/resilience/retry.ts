import type { Call, Verdict } from '../../component.ts'
import { component } from '../../component.ts'
import { ln } from '../../core/math.ts'
import type { Values } from '../../params.ts'
import { turns } from '../../tools/pushed.ts'
import { choice, count, duration, failures, group, number, ratio, toggle } from '../../params.ts'
import { RetryBudget } from '../../tools/retry-budget.ts'
import { counter, gauge } from '../../signals.ts'

const backoff = {
  kind: choice(
    ['none', 'constant', 'linear', 'exponential', 'decorrelated'],
    'constant',
    'How pauses grow from try to try',
  ),
  base: duration('500ms', 'The first pause'),
  multiplier: number(1.5, 'Factor from pause to pause (exponential)', { min: 1, max: 100 }),
  cap: duration('20s', 'No pause is longer'),
  jitter: choice(
    ['none', 'full', 'equal', 'proportional', 'exponential'],
    'none',
    'How chance spreads the pauses: U(0,p), p/2+U(0,p/2), p·(1±f), exponential with mean p',
  ),
  jitterFactor: ratio(0.5, 'The f of proportional jitter'),
}
type Backoff = Values<typeof backoff>

const budget = {
  kind: choice(
    ['none', 'ratio', 'grpc', 'aws', 'bucket', 'active', 'failure-ratio'],
    'none',
    'Rule that bounds retries: share of calls (Finagle), gRPC tokens, AWS quota, token bucket, share of calls under way (Envoy), failures per call (Brooker)',
  ),
  ratio: ratio(
    0.2,
    'Retries per call (ratio, active), failed tries per call (failure-ratio), or tokens earned: per success (gRPC 0.1), per call (bucket 0.1)',
  ),
  minRetriesPerSecond: number(10, 'Retries that are always allowed (ratio)', { max: 1e6 }),
  ttl: duration('10s', 'How long a call counts towards the ratio (ratio, failure-ratio)', {
    min: '1ms',
  }),
  maxTokens: count(10, 'Size of the bucket (gRPC 10, AWS 500)'),
  cost: number(1, 'Tokens a retry costs (gRPC 1 per failure, AWS 5)', { max: 1000 }),
  deposit: choice(['start', 'success'], 'start', 'When a call earns its tokens (bucket)'),
  minRetryConcurrency: count(3, 'Retries under way that are always allowed (active)', { min: 0 }),
}

export default component({
  name: 'retry',
  family: 'resilience',
  at: ['client'],
  about: 'Tries a failed call again after a pause.',
  source:
    'Resilience4j Retry (3 attempts, 500 ms, ×1.5); AWS Exponential Backoff and Jitter; gRPC A6, Finagle, AWS and Envoy budgets',
  tradeOff: 'success ratio vs attempts per call and load on a callee in trouble',
  order: 400,
  params: {
    maxAttempts: count(3, 'Attempts in all, the first included', { max: 1000 }),
    backoff: group(backoff, 'The pause before the next attempt'),
    retryOn: failures(
      ['overload', 'timeout', 'unreachable', 'error', 'not-leader'],
      'Failures that are tried again; refusals are not',
    ),
    avoidPreviousHost: toggle(false, 'Prefers an instance that was not tried last'),
    withinDeadline: toggle(false, 'Gives up when the pause would outlast the deadline of the call'),
    budget: group(
      budget,
      'Keeps retries from multiplying an outage; shared by all calls of this edge',
    ),
  },
  inert: { maxAttempts: 1 },
  signals: {
    retries: counter('Attempts after the first'),
    exhausted: counter('Calls that failed on their last attempt'),
    denied: counter('Retries the budget did not allow'),
    dry: counter('Calls that began when the budget had no retry to give'),
    tokens: gauge('What is left of the budget'),
  },
  check: ({ backoff: { kind, base, cap } }) =>
    kind !== 'none' && cap < base ? ['backoff.cap must be at least backoff.base'] : [],
  state: ({ params }) => ({ budget: new RetryBudget(params.budget) }),
  create({ params, state: { budget }, signals, clock, perCall, chance }) {
    const { retries, exhausted, denied, dry, tokens } = signals
    const tries = perCall(0)
    const lastPause = perCall(0)
    const jitter = chance('jitter')
    const over = (call: Call): void => {
      if (tries.get(call) > 0) budget.onEnd(tries.get(call))
      tries.set(call, 0)
    }
    const goUp = (call: Call): Verdict => {
      over(call)
      return call.pass()
    }
    return {
      onStart() {
        if (params.budget.kind !== 'none') tokens.set(budget.level(clock.now))
      },
      onCall(call) {
        tries.set(call, 1)
        lastPause.set(call, params.backoff.base)
        if (!budget.covers(clock.now, 1)) dry.add()
        budget.onCall(clock.now)
        return call.pass()
      },
      onReply(call) {
        const tried = tries.get(call)
        if (call.ok) budget.onSuccess(tried)
        if (call.ok || !params.retryOn.includes(call.failure!)) return goUp(call)
        budget.onFailure(clock.now)
        if (tried >= params.maxAttempts) {
          if (params.maxAttempts > 1) exhausted.add()
          return goUp(call)
        }
        const u = isRandom(params.backoff) ? jitter.forCall(call) : 0
        const pause = pauseBefore(tried, lastPause.get(call), params.backoff, u)
        if (params.withinDeadline && clock.now + pause >= call.deadline) return goUp(call)
        if (!budget.allows(clock.now, tried)) {
          denied.add()
          return goUp(call)
        }
        tries.set(call, tried + 1)
        lastPause.set(call, pause)
        retries.add()
        if (params.budget.kind !== 'none') tokens.set(budget.level(clock.now))
        if (params.avoidPreviousHost) call.avoid(call.target)
        return call.resend(pause)
      },
      onCancel(call) {
        over(call)
      },
      onFault(fault) {
        if (!turns(fault, 'budget')) return
        budget.change(params.budget)
        tokens.set(params.budget.kind === 'none' ? 0 : budget.level(clock.now))
      },
    }
  },
})

function isRandom({ kind, jitter }: Backoff): boolean {
  return kind === 'decorrelated' || (kind !== 'none' && jitter !== 'none')
}

/** Pause before attempt `tried + 1`; `u` is uniform in (0,1). Formulas of the AWS architecture blog. */
export function pauseBefore(tried: number, last: number, settings: Backoff, u: number): number {
  const { kind, base, cap, multiplier, jitter, jitterFactor } = settings
  if (kind === 'none') return 0
  if (kind === 'decorrelated') {
    return Math.round(Math.min(cap, base + u * Math.max(0, last * 3 - base)))
  }
  let pause = base
  if (kind === 'linear') pause = base * tried
  if (kind === 'exponential') for (let n = 1; n < tried && pause < cap; n++) pause *= multiplier
  pause = Math.min(cap, pause)
  if (jitter === 'full') pause *= u
  else if (jitter === 'equal') pause = pause / 2 + (u * pause) / 2
  else if (jitter === 'proportional') pause *= 1 - jitterFactor + 2 * jitterFactor * u
  else if (jitter === 'exponential') pause *= -ln(u)
  return Math.round(pause)
}
