import type { Call, Target, Verdict } from '../../component.ts'
import { component } from '../../component.ts'
import { choice, count, duration, failures, fixed, group, ratio, toggle } from '../../params.ts'
import { turns } from '../../tools/pushed.ts'
import { RecentLatencies } from '../../tools/recent-latencies.ts'
import { type BudgetSettings, RetryBudget } from '../../tools/retry-budget.ts'
import { SECOND } from '../../units.ts'
import { counter, gauge } from '../../signals.ts'

/** One more copy, to whoever the balancer picks. */
const ONE: readonly (Target | undefined)[] = [undefined]

export default component({
  name: 'hedged-request',
  family: 'resilience',
  at: ['client'],
  about: 'Sends a second copy of a slow call elsewhere and takes the answer that comes first.',
  source:
    'Dean and Barroso, The Tail at Scale; gRPC A6 hedgingPolicy; Finagle BackupRequestFilter (share budget, percentile)',
  tradeOff: 'tail latency vs extra load, and work done twice',
  order: 600,
  params: {
    delay: group(
      {
        kind: choice(['fixed', 'percentile'], 'percentile', 'Whether the wait is set or learnt'),
        after: duration('50ms', 'The wait before the next copy (fixed)'),
        percentile: ratio(0.95, 'The wait is what this share of recent calls took less than'),
        window: fixed(
          duration('30s', 'Recent means within this time (percentile)', { min: '10ms' }),
        ),
        least: duration('1ms', 'The wait is never shorter (percentile)'),
      },
      'How long to wait for an answer before the next copy goes out',
    ),
    maxAttempts: count(2, 'Copies in all, the first included', { max: 5 }),
    maxExtraLoad: ratio(
      0.05,
      'Copies after the first, as a share of the calls of the last 10 s; 100%: no bound',
    ),
    nonFatalFailures: failures(
      ['overload', 'timeout', 'unreachable', 'error'],
      'A copy that fails so makes the next one go at once; another failure ends the call',
    ),
    cancelLoser: toggle(true, 'Tells who works on the other copies to stop'),
    differentHost: toggle(true, 'The next copy goes to another instance if there is one'),
  },
  inert: { maxAttempts: 1 },
  signals: {
    hedges: counter('Copies after the first'),
    won: counter('Calls that a later copy answered'),
    denied: counter('Copies the extra load did not allow'),
    wait: gauge('The wait before the next copy', 'ns'),
  },
  check: ({ maxAttempts, maxExtraLoad }) =>
    maxAttempts > 1 && maxExtraLoad === 0 ? ['maxExtraLoad: 0% allows no second copy at all'] : [],
  state: ({ params: { maxExtraLoad, delay } }) => ({
    budget: new RetryBudget(budgetOf(maxExtraLoad)),
    recent: new RecentLatencies(delay.window),
  }),
  create({ params, state: { budget, recent }, signals, clock, perCall, after, cancel }) {
    const { hedges, won, denied, wait } = signals
    const copies = perCall(0)
    const timer = perCall(-1)
    const startedAt = perCall(0)
    /** -1: not known yet, so no copy. */
    const delayNow = (): number => {
      const { kind, after: fixed, percentile, least } = params.delay
      if (kind === 'fixed') return fixed
      const learnt = recent.quantile(clock.now, percentile)
      return learnt < 0 ? -1 : Math.max(least, learnt)
    }
    const plan = (call: Call): void => {
      const delay = copies.get(call) < params.maxAttempts ? delayNow() : -1
      if (delay >= 0) wait.set(delay)
      timer.set(call, delay < 0 ? -1 : after(delay, 'hedge', call))
    }
    const sendCopy = (call: Call): Verdict => {
      copies.set(call, copies.get(call) + 1)
      plan(call)
      return call.fork(ONE, 'first')
    }
    /** Takes one more copy out of what is allowed. */
    const mayHedge = (call: Call): boolean => {
      if (copies.get(call) >= params.maxAttempts) return false
      if (budget.allows(clock.now, 1)) hedges.add()
      else {
        denied.add()
        return false
      }
      if (params.differentHost) call.avoid(call.target)
      return true
    }
    return {
      onCall(call) {
        copies.set(call, 0)
        if (params.maxAttempts === 1) return call.pass()
        budget.onCall(clock.now)
        startedAt.set(call, clock.now)
        return sendCopy(call)
      },
      onTimer({ call }) {
        timer.set(call!, -1)
        return mayHedge(call!) ? sendCopy(call!) : call!.hold()
      },
      onCopy(call, copy) {
        if (copy.ok) {
          if (params.cancelLoser) call.cancelBelow()
          if (copy.isCopy) won.add()
          return call.pass()
        }
        if (!params.nonFatalFailures.includes(copy.failure!)) {
          cancel(timer.get(call))
          return call.fail(copy.failure!)
        }
        if (!mayHedge(call)) return call.pass()
        cancel(timer.get(call))
        return sendCopy(call)
      },
      onReply(call) {
        if (copies.get(call) === 0) return call.pass()
        cancel(timer.get(call))
        if (call.ok || call.failure === 'timeout')
          recent.add(clock.now, clock.now - startedAt.get(call))
        return call.pass()
      },
      onCancel(call) {
        cancel(timer.get(call))
      },
      onFault(fault) {
        if (turns(fault, 'maxExtraLoad')) budget.change(budgetOf(params.maxExtraLoad))
      },
    }
  },
})

/** Hedges are bounded as a share of recent calls; 1: not at all. */
function budgetOf(maxExtraLoad: number): BudgetSettings {
  return {
    kind: maxExtraLoad === 1 ? 'none' : 'ratio',
    ratio: maxExtraLoad,
    minRetriesPerSecond: 0,
    ttl: 10 * SECOND,
    maxTokens: 0,
    cost: 1,
    deposit: 'start',
    minRetryConcurrency: 0,
  }
}
