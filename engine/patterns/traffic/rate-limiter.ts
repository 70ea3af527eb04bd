import type { Call } from '../../component.ts'
import { component } from '../../component.ts'
import { choice, count, duration, rate } from '../../params.ts'
import { turns } from '../../tools/pushed.ts'
import type { RateLimit } from '../../tools/rate-limit.ts'
import { limitPerWindow, rateLimit } from '../../tools/rate-limit.ts'
import { counter, gauge } from '../../signals.ts'

/** Above this a log of calls would take more memory than it is worth. */
const LONGEST_LOG = 1_000_000

export default component({
  name: 'rate-limiter',
  family: 'traffic',
  at: ['client', 'server'],
  about: 'Lets no more than so many calls a second through, whatever is asked for.',
  source:
    'Envoy local rate limit (token bucket), nginx limit_req (leaky bucket), Cloudflare (sliding counter), GCRA of the ATM Forum; waiting as in Resilience4j RateLimiter',
  tradeOff: 'callee protected vs good calls turned away',
  order: 550,
  params: {
    algorithm: choice(
      ['token-bucket', 'gcra', 'fixed-window', 'sliding-log', 'sliding-counter', 'leaky-bucket'],
      'token-bucket',
      'How it counts; a leaky bucket always makes calls wait in a queue',
    ),
    rate: rate('100/s', 'Calls a second in the long run'),
    burst: count(
      10,
      'Calls at once after a quiet time (buckets); places in the queue (leaky bucket)',
    ),
    window: duration('1s', 'Length of a window (fixed-window, sliding-log, sliding-counter)', {
      min: '1ms',
    }),
    fillInterval: duration('0s', 'Tokens come in batches, this far apart; 0s: all the time'),
    counts: choice(
      ['admitted', 'all'],
      'admitted',
      'Whether a refused call uses up room too (sliding windows)',
    ),
    key: choice(['none', 'tenant', 'key', 'op'], 'none', 'What has a limit of its own'),
    onLimit: choice(['refuse', 'wait'], 'refuse', 'What happens to a call over the limit'),
    maxWait: duration('5s', 'A call that would have to wait longer is refused'),
  },
  primary: 'rate',
  inert: {
    algorithm: 'token-bucket',
    rate: '1000000000/s',
    burst: 1_000_000_000,
    fillInterval: '0s',
  },
  signals: {
    admitted: counter('Calls let through'),
    refused: counter('Calls turned away'),
    delayed: counter('Calls made to wait'),
    waiting: gauge('Calls that wait for their turn', 'calls'),
    abandoned: counter('Calls given up before their turn, which passes unused, or lost in a crash'),
    tokens: gauge('Calls that could go now, under the limit asked last', 'calls'),
  },
  check: (values) => {
    const { algorithm, onLimit, rate: perSecond, burst, fillInterval } = values
    const windows = ['fixed-window', 'sliding-log', 'sliding-counter'].includes(algorithm)
    const limit = limitPerWindow(values)
    const found: string[] = []
    if (windows && limit < 1) found.push('rate × window is less than one call: nothing could pass')
    if (algorithm === 'sliding-log' && limit > LONGEST_LOG)
      found.push(`a sliding log of ${limit} calls is too long: take sliding-counter`)
    if (algorithm === 'sliding-counter' && onLimit === 'wait')
      found.push('a sliding counter cannot say how long to wait: refuse, or take another algorithm')
    if (fillInterval > 0 && (perSecond * fillInterval) / 1e9 > burst)
      found.push('burst is smaller than one batch of tokens: the rate can never be reached')
    return found
  },
  state: () => ({ limits: new Map<number | string, RateLimit>(), waiting: 0 }),
  create({ params, state, signals, clock, perCall, after, cancel }) {
    const { admitted, refused, delayed, waiting, abandoned, tokens } = signals
    const turn = perCall(-1)
    const limitOf = (call: Call): RateLimit => {
      const id = params.key === 'none' ? 0 : call[params.key]
      let limit = state.limits.get(id)
      if (limit === undefined) state.limits.set(id, (limit = rateLimit(params)))
      return limit
    }
    const queues = (): boolean => params.onLimit === 'wait' || params.algorithm === 'leaky-bucket'
    return {
      onCall(call) {
        const limit = limitOf(call)
        const wait = limit.take(clock.now, queues() ? params.maxWait : 0)
        tokens.set(limit.level(clock.now))
        if (wait < 0) {
          refused.add()
          return call.fail('refused')
        }
        if (wait === 0) {
          admitted.add()
          return call.pass()
        }
        delayed.add()
        waiting.set(++state.waiting)
        turn.set(call, after(wait, 'turn', call))
        return call.hold()
      },
      onTimer({ call }) {
        if (turn.get(call!) !== -1) waiting.set(--state.waiting)
        turn.set(call!, -1)
        admitted.add()
        return call!.pass()
      },
      onCancel(call) {
        const timer = turn.get(call)
        if (timer === -1) return
        turn.set(call, -1)
        cancel(timer)
        waiting.set(--state.waiting)
        abandoned.add()
      },
      onCrash() {
        abandoned.add(state.waiting)
      },
      // A limit begins anew with other settings (Envoy); who waits already goes when it was told to.
      onFault(fault) {
        if (fault.name === 'config' && !turns(fault, 'onLimit', 'maxWait')) state.limits.clear()
      },
    }
  },
})
