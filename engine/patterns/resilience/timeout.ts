import type { Call } from '../../component.ts'
import { component } from '../../component.ts'
import { duration, toggle } from '../../params.ts'
import { counter } from '../../signals.ts'

export default component({
  name: 'timeout',
  family: 'resilience',
  at: ['client'],
  about: 'Stops waiting for an answer after a while; the work that was asked for goes on.',
  source: 'gRPC deadlines; Resilience4j TimeLimiter (1 s)',
  tradeOff: 'time callers are held vs answers given up that would have come',
  order: 700,
  params: {
    timeout: duration('1s', 'How long one attempt may take', { min: '1us', max: 'none' }),
    cancelWork: toggle(false, 'Tell the callee to stop; the message takes link time'),
    propagate: toggle(true, 'Callees see when the caller will stop waiting'),
  },
  primary: 'timeout',
  inert: { timeout: 'none' },
  signals: { expired: counter('Attempts given up') },
  create({ params, signals: { expired }, clock, perCall, after, cancel }) {
    const timer = perCall(-1)
    /** The deadline that holds outside this layer. */
    const outer = perCall(-1)
    const takeBack = (call: Call): void => {
      if (outer.get(call) >= 0) call.relax(outer.get(call))
    }
    return {
      onCall(call) {
        const { timeout, propagate } = params
        outer.set(call, propagate ? call.limit(clock.now + timeout) : call.deadline)
        timer.set(call, timeout === Infinity ? -1 : after(timeout, 'timeout', call))
        return call.pass()
      },
      onReply(call) {
        cancel(timer.get(call))
        takeBack(call)
        return call.pass()
      },
      onCancel(call) {
        cancel(timer.get(call))
        takeBack(call)
      },
      onTimer({ call }) {
        expired.add()
        takeBack(call!)
        if (params.cancelWork) call!.cancelBelow()
        return call!.fail('timeout')
      },
    }
  },
})
