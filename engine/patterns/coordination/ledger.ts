import type { Call } from '../../component.ts'
import { component } from '../../component.ts'
import { Lru } from '../../tools/lru.ts'
import { toggle } from '../../params.ts'
import { counter, gauge } from '../../signals.ts'

/** What became of one effect: times it was done, and whether it was undone (which may come first). */
interface Effect {
  done: number
  isUndone: boolean
}
/** Effects that are remembered; older ones are settled. */
const MOST_EFFECTS = 100_000

export default component({
  name: 'ledger',
  family: 'coordination',
  at: ['server'],
  about:
    'Keeps book of what took effect at a service and what was undone: the truth that a workflow is judged by.',
  source:
    'Idempotent participants of sagas; Seata TCC (an undo that overtakes its action holds it off)',
  tradeOff: 'effects that happen once vs a memory of every one of them',
  order: 990,
  params: { idempotent: toggle(true, 'An effect takes place once, however often it is asked for') },
  inert: {},
  signals: {
    kept: gauge('Effects in force', 'effects'),
    made: counter('Effects that took place'),
    undone: counter('Effects that were undone'),
    repeated: counter('Actions that were asked for again'),
  },
  durable: () => ({ effects: new Lru<Effect>(), kept: 0 }),
  create({ params, durable, signals, perCall }) {
    const step = perCall(0)
    const undoes = perCall(0)

    const effectOf = (call: Call): Effect => {
      const key = `${call.request}/${step.get(call)}`
      const known = durable.effects.get(key)
      if (known !== undefined) return known
      const fresh = { done: 0, isUndone: false }
      durable.effects.set(key, fresh, MOST_EFFECTS)
      return fresh
    }
    const change = (by: number): void => {
      durable.kept += by
      signals.kept.set(durable.kept)
    }

    const make = (effect: Effect): void => {
      if (effect.done > 0) signals.repeated.add()
      if (effect.isUndone || (effect.done > 0 && params.idempotent)) return
      effect.done++
      signals.made.add()
      change(1)
    }
    const undo = (effect: Effect): void => {
      if (effect.isUndone) return
      effect.isUndone = true
      if (effect.done === 0) return
      signals.undone.add()
      change(-1)
    }

    return {
      onCall(call) {
        const asked = call.body as { step?: number; undo?: boolean } | undefined
        step.set(call, asked?.step ?? 0)
        undoes.set(call, asked?.undo === true ? 1 : 0)
        return call.pass()
      },
      onReply(call) {
        if (!call.ok) return call.pass()
        const effect = effectOf(call)
        if (undoes.get(call) === 1) undo(effect)
        else make(effect)
        return call.pass()
      },
    }
  },
})
