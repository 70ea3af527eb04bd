import type { Process } from '../../component.ts'
import { component } from '../../component.ts'
import type { Failure } from '../../model/failure.ts'
import { choice, count, duration, group, number, steps, toggle } from '../../params.ts'
import { counter, gauge, state } from '../../signals.ts'

export default component({
  name: 'saga-orchestrator',
  family: 'coordination',
  at: ['server'],
  about: 'Carries out a workflow step by step, and undoes the steps that were done when one fails.',
  source:
    'Garcia-Molina and Salem 1987; Temporal workflows (activity retry 1 s ×2, at most 100×, unlimited)',
  tradeOff:
    'workflows left half done vs compensations, time, and steps that others saw before they were undone',
  order: 950,
  params: {
    steps: steps('What is done, in order, and what undoes it'),
    compensation: choice(
      ['reverse', 'none'],
      'reverse',
      'Undoes what was done, the last first; none: the service makes its own calls and nobody cleans up',
    ),
    stepTimeout: duration('10s', 'How long one step may take', { min: '1ms', max: 'none' }),
    retry: group(
      {
        base: duration('1s', 'Pause after the first try of a compensation that failed'),
        multiplier: number(2, 'Factor from pause to pause', { min: 1, max: 100 }),
        cap: duration('100s', 'No pause is longer'),
        maxAttempts: count(0, 'Tries of one compensation; 0: until it succeeds', { min: 0 }),
      },
      'A compensation must succeed in the end: it is tried again',
    ),
    durable: toggle(true, 'The journal survives a crash: an open workflow goes on where it was'),
  },
  inert: { compensation: 'none' },
  signals: {
    phase: state(
      ['idle', 'forward', 'compensating'],
      'What the open workflows are doing; compensating wins',
    ),
    open: gauge('Workflows under way', 'workflows'),
    committed: counter('Workflows of which every step was done'),
    compensated: counter('Workflows of which every step was undone'),
    stranded: counter('Workflows left half done: no way back, given up, or forgotten in a crash'),
    compensations: counter('Steps that were undone'),
    retried: counter('Tries of a compensation that failed'),
  },
  check: ({ steps, compensation, retry: { base, cap } }) => [
    ...(steps.length === 0 && compensation !== 'none'
      ? ['steps must say what the workflow does']
      : []),
    ...(cap < base ? ['retry.cap must be at least retry.base'] : []),
  ],
  durable: () => ({ forward: 0, undoing: 0, touched: 0, crashes: 0 }),
  create({ params, durable: open, signals, request, sleep, recall }) {
    type Plan = Readonly<typeof params>
    /** Counts a workflow in or out, and shows what they all do. */
    const count = (change: Partial<typeof open>): void => {
      open.forward += change.forward ?? 0
      open.undoing += change.undoing ?? 0
      open.touched += change.touched ?? 0
      signals.open.set(open.forward + open.undoing)
      signals.phase.enter(open.undoing > 0 ? 'compensating' : open.forward > 0 ? 'forward' : 'idle')
    }

    /** Does one step after the other. Answers those that may have been done, and whether all were. */
    function* goForward({
      steps,
      stepTimeout,
    }: Plan): Process<{ done: number[]; failed: boolean }> {
      const done: number[] = []
      for (const [step, { service, act }] of steps.entries()) {
        const crashes = yield* recall(() => open.crashes)
        const body = { step, undo: false }
        const { ok, failure } = yield* request(service, act, body, stepTimeout)
        // After a crash it was asked for again: what failed now may have been done before.
        const isAgain = crashes !== (yield* recall(() => open.crashes))
        if (ok || isAgain || mayHaveHappened(failure!)) done.push(step)
        if (done.length === 1 && done[0] === step) yield* recall(() => count({ touched: 1 }))
        if (!ok) return { done, failed: true }
      }
      return { done, failed: false }
    }

    /** Undoes one step; says whether it is undone. */
    function* undo(step: number, { steps, retry, stepTimeout }: Plan): Process<boolean> {
      const { service, undo: how } = steps[step]!
      const { base, multiplier, cap, maxAttempts } = retry
      if (how === undefined) return false
      let pause = base
      for (let tries = 1; ; tries++) {
        const { ok } = yield* request(service, how, { step, undo: true }, stepTimeout)
        if (ok) {
          signals.compensations.add()
          return true
        }
        if (tries === maxAttempts) return false
        signals.retried.add()
        yield* sleep(Math.round(pause))
        pause = Math.min(cap, pause * multiplier)
      }
    }

    function* goBack(done: readonly number[], plan: Plan): Process<boolean> {
      let clean = true
      for (const step of done.toReversed()) clean = (yield* undo(step, plan)) && clean
      return clean
    }

    return {
      *onCall(call) {
        // A workflow keeps to the definition it began with, whatever is pushed while it is under way.
        const plan = yield* recall(() => params)
        if (plan.compensation === 'none') return call.pass()
        yield* recall(() => count({ forward: 1 }))
        const { done, failed } = yield* goForward(plan)
        const touched = done.length > 0 ? -1 : 0
        if (!failed) {
          signals.committed.add()
          yield* recall(() => count({ forward: -1, touched }))
          return call.answer()
        }
        yield* recall(() => count({ forward: -1, undoing: 1 }))
        if (yield* goBack(done, plan)) signals.compensated.add()
        else signals.stranded.add()
        yield* recall(() => count({ undoing: -1, touched }))
        return call.fail('aborted')
      },
      onCrash() {
        open.crashes++
        if (params.durable) return
        signals.stranded.add(open.touched)
        count({ forward: -open.forward, undoing: -open.undoing, touched: -open.touched })
      },
    }
  },
})

/** Whether a step that failed like this may have taken effect all the same: nobody said no. */
function mayHaveHappened(failure: Failure): boolean {
  return failure === 'timeout' || failure === 'unreachable' || failure === 'cancelled'
}
