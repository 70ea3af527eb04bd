import { component } from '../../component.ts'
import { Mailbox, type Message } from '../../tools/mailbox.ts'
import { choice, count, duration, fixed, service, toggle } from '../../params.ts'
import { counter, gauge, histogram } from '../../signals.ts'

export default component({
  name: 'message-queue',
  family: 'messaging',
  at: ['server'],
  about:
    'Stores calls and hands them to workers at the workers’ pace; a message comes again until it is acknowledged.',
  source:
    'Amazon SQS (visibility timeout 30 s, redrive policy, FIFO groups); RabbitMQ max-length and overflow',
  tradeOff: 'calls accepted whatever the workers do vs time in the queue, and work done twice',
  order: 900,
  params: {
    consumer: service('Who works on the messages'),
    acknowledge: choice(
      ['stored', 'processed'],
      'stored',
      'What the sender waits for; processed: the service calls the worker itself, as without a queue',
    ),
    consumers: count(10, 'Most messages that are worked on at once'),
    visibilityTimeout: duration(
      '30s',
      'A delivered message that is not acknowledged by then is delivered again',
      { min: '1ms', max: '12h' },
    ),
    maxReceiveCount: count(
      0,
      'Deliveries after which a message goes to the dead letters; 0: it comes back for ever',
      { min: 0, max: 1000 },
    ),
    order: fixed(
      choice(
        ['standard', 'fifo'],
        'standard',
        'fifo: messages of one key one at a time and in order',
      ),
    ),
    delay: fixed(duration('0s', 'How long a new message cannot be received', { max: '15m' })),
    retention: duration('4d', 'A message that was not received by then is dropped', {
      min: '1s',
      max: '14d',
    }),
    maxLength: count(1_000_000_000, 'Most messages that are ready'),
    overflow: choice(
      ['reject', 'drop-head'],
      'reject',
      'What a full queue does: refuse the new message, or drop the oldest',
    ),
    onFailure: choice(
      ['wait', 'requeue'],
      'wait',
      'A worker that fails lets the visibility timeout run out, or gives the message back at once',
    ),
    lateSuccess: choice(
      ['ignored', 'acknowledges'],
      'ignored',
      'What it means when a worker succeeds after its message had become visible again: nothing, or that it is done (SQS: an old receipt)',
    ),
    pollInterval: duration(
      '1s',
      'How long a consumer rests when the worker cannot be reached, or what it gave back was refused in no time',
    ),
    durable: toggle(true, 'Messages survive a crash of the broker'),
  },
  primary: 'consumer',
  inert: { acknowledge: 'processed' },
  signals: {
    depth: gauge('Messages that are ready', 'messages'),
    inFlight: gauge('Messages that are out', 'messages'),
    oldestAge: gauge('Age of the next message', 'ns'),
    sent: counter('Messages stored'),
    delivered: counter('Deliveries'),
    redelivered: counter('Deliveries after the first of a message'),
    acked: counter('Messages that were worked on'),
    late: counter(
      'Work that succeeded after the message had become visible and was out again, or gone',
    ),
    deadLettered: counter('Messages given up after too many deliveries'),
    dropped: counter('Messages lost: dropped from a full queue, too old, or in a crash'),
    rejected: counter('Messages refused by a full queue'),
    latency: histogram('From storing a message to its acknowledgement'),
  },
  check: ({ consumer, acknowledge }) =>
    consumer === '' && acknowledge === 'stored'
      ? ['consumer must name the service that works on the messages']
      : [],
  state: () => ({
    busy: 0,
    isPumping: false,
    /** When a message was last refused in no time: nobody else tries at that moment. */
    refusedAt: -1,
    /** When the last of those that are out comes back; not known after a crash. */
    lastVisibleAt: Infinity,
    visible: -1,
    due: -1,
    deliveries: new Map<number, Message>(),
  }),
  durable: ({ params }) => ({ box: new Mailbox(params.order) }),
  create({ params, state, durable, signals, clock, launch, after, cancel }) {
    const report = (): void => {
      const { depth, inFlight, line } = durable.box
      signals.depth.set(depth)
      signals.inFlight.set(inFlight.size)
      signals.oldestAge.set(depth === 0 ? 0 : clock.now - (line.first?.sentAt ?? clock.now))
    }

    /** Sets the two timers: the next end of an invisibility, and of a delay. */
    const arm = (): void => {
      const { inFlight, delayed } = durable.box
      if (inFlight.size === 0) {
        cancel(state.visible)
        state.visible = -1
      } else if (state.visible < 0) {
        const [next] = inFlight.values()
        state.visible = after(Math.max(0, next!.visibleAt - clock.now), 'visible')
      }
      if (delayed.length > 0 && state.due < 0)
        state.due = after(Math.max(0, delayed.first!.visibleAt - clock.now), 'due')
    }

    /** Out it is, after those that come back before it: after a push of a shorter timeout not always the last. */
    const hide = (message: Message): void => {
      const { inFlight } = durable.box
      const isLast = message.visibleAt >= state.lastVisibleAt
      const later = isLast
        ? []
        : [...inFlight.values()].filter(({ visibleAt }) => visibleAt > message.visibleAt)
      for (const { id } of later) inFlight.delete(id)
      for (const each of [message, ...later]) inFlight.set(each.id, each)
      state.lastVisibleAt = (later.at(-1) ?? message).visibleAt
      if (later.length === 0) return
      cancel(state.visible)
      state.visible = -1
    }

    const deliver = (message: Message): void => {
      const { box } = durable
      const { id, request, op, key, body } = message
      const token = ++box.receipts
      Object.assign(message, {
        receives: message.receives + 1,
        receipt: token,
        takenAt: clock.now,
        visibleAt: clock.now + params.visibilityTimeout,
      })
      hide(message)
      state.deliveries.set(token, message)
      state.busy++
      signals.delivered.add()
      if (message.receives > 1) signals.redelivered.add()
      launch(params.consumer, {
        op,
        key,
        body,
        request,
        token,
        ordinal: id * 64 + message.receives,
      })
    }

    /** Gives the free consumers work. A call that ends at once asks again from within. */
    const pump = (): void => {
      if (state.isPumping) return
      state.isPumping = true
      while (state.busy < params.consumers && state.refusedAt !== clock.now) {
        const message = durable.box.take()
        if (message === undefined) break
        if (clock.now - message.sentAt <= params.retention) deliver(message)
        else drop(message)
      }
      state.isPumping = false
      arm()
      report()
    }

    const drop = (message: Message): void => {
      durable.box.remove(message)
      signals.dropped.add()
    }

    /** An unacknowledged message can be received again, unless it has been too often. */
    const comeBack = (message: Message): void => {
      const { box } = durable
      if (params.maxReceiveCount > 0 && message.receives >= params.maxReceiveCount) {
        box.remove(message)
        signals.deadLettered.add()
      } else {
        box.inFlight.delete(message.id)
        box.ready(message)
      }
    }

    const acknowledge = (message: Message): void => {
      durable.box.remove(message)
      signals.acked.add()
      signals.latency.record(clock.now - message.sentAt)
    }

    const comeLate = (message: Message): void => {
      signals.late.add()
      if (params.lateSuccess === 'acknowledges' && message.where !== 'gone') acknowledge(message)
    }

    const becomeVisible = (): void => {
      state.visible = -1
      for (const message of durable.box.inFlight.values()) {
        if (message.visibleAt > clock.now) break
        comeBack(message)
      }
    }

    const endDelays = (): void => {
      state.due = -1
      const { box } = durable
      while (box.delayed.length > 0 && box.delayed.first!.visibleAt <= clock.now)
        box.ready(box.delayed.shift()!)
    }

    return {
      onStart() {
        becomeVisible()
        pump()
      },
      onCrash() {
        if (params.durable) return
        const { depth, delayed, inFlight, sent, receipts } = durable.box
        signals.dropped.add(depth + delayed.length + inFlight.size)
        durable.box = Object.assign(new Mailbox(params.order), { sent, receipts })
        report()
      },
      onCall(call) {
        if (params.acknowledge === 'processed') return call.pass()
        const { box } = durable
        if (box.depth >= params.maxLength) {
          const oldest = params.overflow === 'drop-head' ? box.take() : undefined
          if (oldest === undefined) {
            signals.rejected.add()
            return call.fail('overload')
          }
          drop(oldest)
        }
        const message = box.make(call, clock.now)
        message.visibleAt += params.delay
        signals.sent.add()
        if (params.delay > 0) box.delayed.push(message)
        else box.ready(message)
        pump()
        return call.answer()
      },
      onFault: pump,
      onOutcome({ ok, failure }, token) {
        const message = state.deliveries.get(token)
        if (message === undefined) return
        state.deliveries.delete(token)
        const isCurrent = message.receipt === token && message.where !== 'gone'
        if (ok && isCurrent) acknowledge(message)
        else if (ok) comeLate(message)
        else if (isCurrent && message.where === 'in flight' && params.onFailure === 'requeue')
          comeBack(message)
        // What fails in no time was refused on the way out: asked again in no time, it would be refused for ever.
        const isHasty =
          !ok && isCurrent && params.onFailure === 'requeue' && message.takenAt === clock.now
        if (isHasty) state.refusedAt = clock.now
        if (isHasty || (failure === 'unreachable' && params.pollInterval > 0))
          after(params.pollInterval, 'rested')
        else state.busy--
        pump()
      },
      onTimer({ name }) {
        if (name === 'visible') becomeVisible()
        else if (name === 'due') endDelays()
        else {
          state.busy--
          state.refusedAt = -1
        }
        pump()
      },
    }
  },
})
