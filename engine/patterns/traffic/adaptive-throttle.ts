import { component } from '../../component.ts'
import { duration, failures, fixed, number, ratio } from '../../params.ts'
import { RollingCount } from '../../tools/rolling-count.ts'
import { counter, gauge } from '../../signals.ts'

export default component({
  name: 'adaptive-throttle',
  family: 'traffic',
  at: ['client'],
  about: 'Turns calls away at the caller, as many as the callee would turn away anyway.',
  source: 'Site Reliability Engineering, chapter 21: client-side throttling (K = 2, two minutes)',
  tradeOff:
    'callee spared refusals vs calls dropped that would have been taken, for up to a window',
  order: 300,
  params: {
    multiplier: number(2, 'K: calls sent for each that is accepted', { min: 1, max: 1000 }),
    window: fixed(duration('2m', 'How long a call is remembered', { min: '10ms' })),
    rejections: failures(
      ['refused', 'overload'],
      'Failures by which the callee says it is too much',
    ),
    maxRejectionProbability: ratio(1, 'No greater share is turned away (Envoy 80%)'),
  },
  inert: { maxRejectionProbability: 0 },
  signals: {
    refused: counter('Calls turned away'),
    probability: gauge('Share that is turned away'),
  },
  state: ({ params: { window } }) => ({
    requests: new RollingCount(window),
    accepts: new RollingCount(window),
  }),
  create({ params, state: { requests, accepts }, signals, clock, chance }) {
    const dice = chance('throttle')
    /** The share that the callee would have to refuse if K calls were sent for each it takes. */
    const share = (): number => {
      const sent = requests.total(clock.now)
      const excess = (sent - params.multiplier * accepts.total(clock.now)) / (sent + 1)
      return Math.min(params.maxRejectionProbability, Math.max(0, excess))
    }
    return {
      onCall(call) {
        const rejected = share()
        // Counted before it is sent, and also when it is not.
        requests.add(clock.now)
        signals.probability.set(rejected)
        if (rejected === 0 || dice.forCall(call) >= rejected) return call.pass()
        signals.refused.add()
        return call.fail('refused')
      },
      onReply(call) {
        if (call.ok || !params.rejections.includes(call.failure!)) accepts.add(clock.now)
        return call.pass()
      },
    }
  },
})
