/** What a broker of messages holds, and whose turn it is. Plain data, so a checkpoint can copy it. */
import type { Call } from '../component.ts'
import { Fifo } from './fifo.ts'

/** A message at the broker. `receipt` is that of its latest delivery. */
export interface Message {
  readonly id: number
  /** The request that it is for. */
  readonly request: number
  readonly op: string
  readonly key: number
  readonly body: unknown
  readonly sentAt: number
  receives: number
  receipt: number
  /** When it was last delivered. */
  takenAt: number
  /** When it can be received: the end of its delay, or of its invisibility. */
  visibleAt: number
  where: 'delayed' | 'ready' | 'in flight' | 'gone'
}

/** Whose turn it is. A message that is gone may still stand in line; it is passed over. */
interface Line {
  add(message: Message): void
  /** A delivered message stands in line again. */
  back(message: Message): void
  take(): Message | undefined
  /** A delivered message is gone. */
  done(message: Message): void
  readonly first: Message | undefined
}

/** Standard queues: roughly in order; what comes back stands behind all others. */
class OpenLine implements Line {
  private readonly messages = new Fifo<Message>()

  get first(): Message | undefined {
    return firstOf(this.messages)
  }
  add(message: Message): void {
    this.messages.push(message)
  }
  back(message: Message): void {
    this.messages.push(message)
  }
  take(): Message | undefined {
    return firstOf(this.messages) && this.messages.shift()
  }
  done(): void {}
}

/** Messages of one key: at most one is out. */
class Lane {
  readonly messages = new Fifo<Message>()
  isOut = false
  isQueued = false
}

/** FIFO queues: per key in the order of sending, one at a time; a message that comes back is the next of its key. */
class OrderedLine implements Line {
  private readonly lanes = new Map<number, Lane>()
  /** Keys that have a message and none out. */
  private readonly keys = new Fifo<number>()

  get first(): Message | undefined {
    const key = this.keys.first
    return key === undefined ? undefined : firstOf(this.lanes.get(key)!.messages)
  }
  add(message: Message): void {
    let lane = this.lanes.get(message.key)
    if (lane === undefined) this.lanes.set(message.key, (lane = new Lane()))
    lane.messages.push(message)
    this.offer(message.key, lane)
  }
  back(message: Message): void {
    this.lanes.get(message.key)!.messages.pushFront(message)
    this.done(message)
  }
  take(): Message | undefined {
    for (let key = this.keys.shift(); key !== undefined; key = this.keys.shift()) {
      const lane = this.lanes.get(key)!
      lane.isQueued = false
      const message = firstOf(lane.messages) && lane.messages.shift()
      lane.isOut = message !== undefined
      if (message !== undefined) return message
      this.lanes.delete(key)
    }
    return undefined
  }
  done(message: Message): void {
    const lane = this.lanes.get(message.key)!
    lane.isOut = false
    this.offer(message.key, lane)
  }

  private offer(key: number, lane: Lane): void {
    if (lane.isOut || lane.isQueued) return
    if (lane.messages.length === 0) return void this.lanes.delete(key)
    lane.isQueued = true
    this.keys.push(key)
  }
}

/** What the broker holds: sent = delayed + ready + in flight + gone, at every moment. */
export class Mailbox {
  sent = 0
  receipts = 0
  /** Messages that are ready. */
  depth = 0
  readonly line: Line
  readonly delayed = new Fifo<Message>()
  /** By message, in the order in which they become visible again. */
  readonly inFlight = new Map<number, Message>()

  constructor(order: 'standard' | 'fifo') {
    this.line = order === 'fifo' ? new OrderedLine() : new OpenLine()
  }

  make({ request, op, key, body }: Call, now: number): Message {
    return {
      id: this.sent++,
      request,
      op,
      key,
      body,
      sentAt: now,
      receives: 0,
      receipt: 0,
      takenAt: -1,
      visibleAt: now,
      where: 'delayed',
    }
  }

  ready(message: Message): void {
    message.where = 'ready'
    this.depth++
    if (message.receives === 0) this.line.add(message)
    else this.line.back(message)
  }

  take(): Message | undefined {
    const message = this.line.take()
    if (message === undefined) return undefined
    this.depth--
    message.where = 'in flight'
    return message
  }

  /** A message leaves for good. */
  remove(message: Message): void {
    if (message.where === 'ready') this.depth--
    else this.line.done(message)
    this.inFlight.delete(message.id)
    message.where = 'gone'
  }
}

/** The first message that is still there. */
function firstOf(messages: Fifo<Message>): Message | undefined {
  while (messages.first?.where === 'gone') messages.shift()
  return messages.first
}
