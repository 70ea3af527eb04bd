import type { Call } from '../../component.ts'
import { component } from '../../component.ts'
import { choice, count, duration, fixed } from '../../params.ts'
import { counter, gauge, histogram } from '../../signals.ts'

/** Where a call is. */
const NEITHER = 0
const WAITING = 1
const INSIDE = 2

/** Calls of one kind: permits in use, and the tickets of those that wait for one, oldest first. */
class Compartment {
  inUse = 0
  readonly line: number[] = []
}

export default component({
  name: 'bulkhead',
  family: 'resilience',
  at: ['client', 'server'],
  about: 'Gives each kind of call its own few permits, so that one cannot take all the threads.',
  source: 'Resilience4j Bulkhead (semaphore, fair); queue as its ThreadPoolBulkhead (100)',
  tradeOff: 'one kind of call cannot starve the others vs permits that stand idle',
  order: 800,
  params: {
    maxConcurrentCalls: count(25, 'Calls of one kind at once'),
    maxWaitDuration: duration('0s', 'How long a call may wait for a permit; 0s: not at all', {
      max: 'none',
    }),
    queueCapacity: count(100, 'Calls of one kind that may wait', { min: 0 }),
    partition: fixed(choice(['none', 'op', 'tenant', 'key'], 'none', 'What is a kind of its own')),
    sharedCalls: count(0, 'Permits beside these that any kind may borrow (elastic)', { min: 0 }),
  },
  primary: 'maxConcurrentCalls',
  inert: { maxConcurrentCalls: 1_000_000_000 },
  signals: {
    inUse: gauge('Permits in use', 'calls'),
    waiting: gauge('Calls that wait for a permit', 'calls'),
    refused: counter('Calls turned away'),
    waits: histogram('How long calls waited that got a permit'),
  },
  check: ({ maxWaitDuration, queueCapacity, sharedCalls, partition }) => {
    const found: string[] = []
    if (maxWaitDuration > 0 && queueCapacity === 0)
      found.push('calls may wait (maxWaitDuration), but there is no place to wait (queueCapacity)')
    if (sharedCalls > 0 && partition === 'none')
      found.push('sharedCalls can only be borrowed between kinds: set partition')
    return found
  },
  state: () => ({
    compartments: new Map<number | string, Compartment>(),
    inUse: 0,
    borrowed: 0,
    waiting: 0,
  }),
  create({ params, state, signals, clock, perCall, callOf, after, cancel, release }) {
    const { compartments } = state
    const is = perCall(NEITHER)
    const timer = perCall(-1)
    const since = perCall(0)
    const compartmentOf = (call: Call): Compartment => {
      const id = params.partition === 'none' ? 0 : call[params.partition]
      let found = compartments.get(id)
      if (found === undefined) compartments.set(id, (found = new Compartment()))
      return found
    }
    const hasRoom = ({ inUse }: Compartment): boolean =>
      inUse < params.maxConcurrentCalls || state.borrowed < params.sharedCalls
    const take = (call: Call, from: Compartment): void => {
      if (from.inUse++ >= params.maxConcurrentCalls) state.borrowed++
      is.set(call, INSIDE)
      signals.inUse.set(++state.inUse)
    }
    const leaveLine = (call: Call, { line }: Compartment): void => {
      cancel(timer.get(call))
      is.set(call, NEITHER)
      line.splice(line.indexOf(call.ticket), 1)
      signals.waiting.set(--state.waiting)
    }
    /** The line whose head has waited longest of those that could go on; a borrowed permit may go anywhere. */
    const next = (own: Compartment): Compartment | undefined => {
      if (own.line.length > 0 && hasRoom(own)) return own
      return params.sharedCalls === 0 ? undefined : longestWaiting()
    }
    const longestWaiting = (): Compartment | undefined => {
      let oldest: Compartment | undefined
      for (const each of compartments.values()) {
        if (each.line.length === 0 || !hasRoom(each)) continue
        if (oldest === undefined || headSince(each) < headSince(oldest)) oldest = each
      }
      return oldest
    }
    const headSince = ({ line }: Compartment): number => since.get(callOf(line[0]!)!)
    const giveBack = (call: Call): void => {
      const own = compartmentOf(call)
      is.set(call, NEITHER)
      if (--own.inUse >= params.maxConcurrentCalls) state.borrowed--
      signals.inUse.set(--state.inUse)
      const from = next(own)
      if (from !== undefined) admitFirst(from)
    }
    const admitFirst = (from: Compartment): void => {
      const waiter = callOf(from.line[0]!)!
      leaveLine(waiter, from)
      take(waiter, from)
      signals.waits.record(clock.now - since.get(waiter))
      release(waiter)
    }
    return {
      onCall(call) {
        const own = compartmentOf(call)
        // Fair: nobody overtakes those who wait.
        if (own.line.length === 0 && hasRoom(own)) {
          take(call, own)
          return call.pass()
        }
        if (params.maxWaitDuration === 0 || own.line.length >= params.queueCapacity) {
          signals.refused.add()
          return call.fail('refused')
        }
        own.line.push(call.ticket)
        is.set(call, WAITING)
        since.set(call, clock.now)
        signals.waiting.set(++state.waiting)
        const { maxWaitDuration } = params
        if (maxWaitDuration < Infinity) timer.set(call, after(maxWaitDuration, 'wait over', call))
        return call.hold()
      },
      onTimer({ call }) {
        leaveLine(call!, compartmentOf(call!))
        signals.refused.add()
        return call!.fail('refused')
      },
      onReply(call) {
        if (is.get(call) === INSIDE) giveBack(call)
        return call.pass()
      },
      onCancel(call) {
        if (is.get(call) === INSIDE) giveBack(call)
        else if (is.get(call) === WAITING) leaveLine(call, compartmentOf(call))
      },
      onFault() {
        const beyond = ({ inUse }: Compartment): number =>
          Math.max(0, inUse - params.maxConcurrentCalls)
        state.borrowed = [...compartments.values()].reduce((sum, each) => sum + beyond(each), 0)
        for (let from = longestWaiting(); from !== undefined; from = longestWaiting())
          admitFirst(from)
      },
    }
  },
})
