import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventQueue } from '../../../engine/core/queue.ts'
import type { EventId, QueueSnapshot } from '../../../engine/core/queue.ts'
import { mix } from '../../../engine/core/hash.ts'

interface Entry {
  id: EventId
  time: number
  order: number
  sequence: number
  kind: number
  actor: number
  argument: number
  extra: number
}

/** The same queue as a sorted array, and both under test at every step. */
class Pair {
  queue = new EventQueue()
  entries: Entry[] = []
  ended: EventId[] = []
  now = 0
  sequence = 0

  schedule(delay: number, order: number): void {
    const sequence = this.sequence++
    const entry = { id: 0, time: this.now + delay, order, sequence, kind: sequence & 255 }
    const full = { ...entry, actor: sequence * 7, argument: 1 - sequence, extra: sequence ^ 0x5555 }
    const { time, kind, actor, argument, extra } = full
    full.id = this.queue.schedule(time, order, sequence, kind, actor, argument, extra)
    expect(this.queue.isPending(full.id)).toBe(true)
    const after = this.entries.findIndex((other) => compare(full, other) < 0)
    this.entries.splice(after < 0 ? this.entries.length : after, 0, full)
  }

  cancel(which: number): void {
    const [entry] = this.entries.splice(which % Math.max(1, this.entries.length), 1)
    if (entry === undefined) return
    expect(this.queue.cancel(entry.id)).toBe(true)
    this.ended.push(entry.id)
  }

  pop(): void {
    const entry = this.entries.shift()
    expect(this.queue.peekTime()).toBe(entry?.time ?? Infinity)
    if (entry === undefined) {
      expect(this.queue.next(Infinity)).toBe(false)
      return
    }
    expect(this.queue.next(entry.time - 1)).toBe(false)
    expect(this.queue.next(entry.time)).toBe(true)
    const { id, time, order, kind, actor, argument, extra } = entry
    expect(this.queue).toMatchObject({ time, order, kind, actor, argument, extra })
    this.ended.push(id)
    this.now = entry.time
  }

  check(): void {
    expect(this.queue.size).toBe(this.entries.length)
    for (const { id } of this.entries) expect(this.queue.isPending(id)).toBe(true)
    for (const id of this.ended) {
      expect(this.queue.isPending(id)).toBe(false)
      expect(this.queue.cancel(id)).toBe(false)
    }
  }
}

/** Words that look random, 32 bits unsigned. */
function wordOf(a: number, b: number): number {
  return mix(a, b) >>> 0
}

function compare(a: Entry, b: Entry): number {
  return a.time - b.time || a.order - b.order || a.sequence - b.sequence
}

const order = fc.record({ phase: fc.nat(3), place: fc.nat(2) })
const delay = fc.oneof(
  fc.constant(0),
  fc.nat(3),
  fc.nat(1000),
  fc.nat(1_000_000),
  fc.constant(3.6e12),
  fc.double({ min: 0, max: 1e15, noNaN: true }),
)
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant('schedule' as const), delay, order }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('cancel' as const), which: fc.nat() }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('pop' as const) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('reload' as const) }) },
)

/** Each event in the order of firing, as a text. */
function drain(queue: EventQueue): string[] {
  const fired: string[] = []
  while (queue.next(Infinity)) fired.push([queue.time, queue.order, queue.argument].join())
  return fired
}

function fill(queue: EventQueue, count: number, time: (index: number) => number): EventId[] {
  return Array.from({ length: count }, (_, index) => {
    return queue.schedule(time(index), wordOf(index, 1) % 5, index, 1, 2, index, 0)
  })
}

describe('the event queue', () => {
  it('gives out events as a sorted array would, through cancelling, saving and loading', () => {
    const property = fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const pair = new Pair()
      for (const each of steps) {
        if (each.what === 'pop') pair.pop()
        else if (each.what === 'cancel') pair.cancel(each.which)
        else if (each.what === 'schedule') {
          pair.schedule(each.delay, each.order.phase * 0x1_0000_0000 + each.order.place)
        } else reload(pair)
      }
      pair.check()
      while (pair.entries.length > 0) pair.pop()
      pair.check()
    })
    fc.assert(property, { seed: 1, numRuns: 150 })
  })

  it.each([
    ['close together', (draw: number) => draw % 1000],
    ['of few different times', (draw: number) => (draw % 4) * 1000],
    ['mostly of the present', (draw: number) => (draw % 8 < 5 ? 0 : draw % 5)],
    ['some very far', (draw: number) => (draw % 20 === 0 ? 3.6e12 : draw % 100)],
    ['with a heavy tail', (draw: number) => Math.floor(4e18 / (draw * draw + 1))],
    ['all of the present', () => 0],
  ])('keeps the order of thousands of events %s', (_, delayOf) => {
    const queue = new EventQueue()
    const pending = new Map<number, string>()
    let last = ''
    let now = 0
    for (let index = 0; index < 20_000; index++) {
      const draw = wordOf(index, 77)
      const grows = (index >> 12) % 2 === 0
      if (draw % 100 < (grows ? 65 : 35)) {
        const time = now + delayOf(wordOf(index, 78))
        const place = draw % 7
        queue.schedule(time, place, index, 0, 0, index, 0)
        pending.set(index, keyOf(time, place, index))
        // An event of the present may come before the one that has just fired.
        if (keyOf(time, place, index) < last) last = ''
      } else if (queue.next(Infinity)) {
        const key = keyOf(queue.time, queue.order, queue.argument)
        if (pending.get(queue.argument) !== key || key <= last) expect.fail(key)
        pending.delete(queue.argument)
        last = key
        now = queue.time
      }
    }
    expect(drain(queue)).toHaveLength(pending.size)
  })

  it('goes on in the same way after loading, in this and in another queue', () => {
    const queue = new EventQueue()
    const ids = fill(queue, 5000, (index) => wordOf(index, 3) % 100_000)
    for (const id of ids.filter((_, index) => index % 3 === 0)) queue.cancel(id)
    for (let count = 0; count < 1000; count++) queue.next(Infinity)
    const saved = queue.save()
    const shown = [queue.time, queue.order, queue.argument]
    const first = followUp(queue)

    queue.load(saved)
    expect([queue.time, queue.order, queue.argument]).toEqual(shown)
    expect(followUp(queue)).toEqual(first)

    const other = new EventQueue()
    fill(other, 17, (index) => index)
    other.load(saved)
    expect(ids.filter((id) => other.isPending(id))).toHaveLength(other.size)
    expect(followUp(other)).toEqual(first)
  })

  it.each([10, 100, 300, 700, 1500, 3000])('is loaded with %d events into a new one', (size) => {
    const queue = new EventQueue()
    fill(queue, size, (index) => wordOf(index, 3) % 1000)
    const other = new EventQueue()
    other.load(queue.save())
    expect(drain(other)).toEqual(drain(queue))
  })

  it('never takes the identity of an old event for that of a new one in its place', () => {
    const queue = new EventQueue()
    const seen = new Set<EventId>()
    for (let round = 0; round < 1000; round++) {
      const id = queue.schedule(round, 0, round, 0, 0, 0, 0)
      expect(seen.has(id)).toBe(false)
      expect(id).toBeGreaterThan(0)
      for (const old of seen) expect(queue.cancel(old)).toBe(false)
      if (seen.size < 20) seen.add(id)
      if (round % 2 === 0) queue.next(Infinity)
      else queue.cancel(id)
    }
  })

  it('knows no event by a number that it has not given out', () => {
    const queue = new EventQueue()
    const id = queue.schedule(1, 0, 0, 0, 0, 0, 0)
    for (const wrong of [0, 1, -1, id + 1, id + 0x100_0000, 2 * id, NaN, 2 ** 52]) {
      expect(queue.isPending(wrong)).toBe(false)
      expect(queue.cancel(wrong)).toBe(false)
    }
    expect(queue.size).toBe(1)
  })

  it('keeps the identity of an event that stays while its neighbours come and go a million times', () => {
    const queue = new EventQueue()
    const stays = queue.schedule(1e12, 0, 0, 0, 0, 0, 0)
    const first = queue.schedule(0, 0, 0, 0, 0, 0, 0)
    queue.next(Infinity)
    for (let round = 1; round < 1e6; round++) {
      queue.schedule(round, 0, round, 0, 0, 0, 0)
      queue.next(Infinity)
    }
    expect(queue.isPending(stays)).toBe(true)
    expect(queue.isPending(first)).toBe(false)
  })

  it('has its greatest times, orders, sequences and arguments come back as they were', () => {
    const queue = new EventQueue()
    queue.schedule(2 ** 53, 255 * 2 ** 32 + 0xffff_ffff, 2 ** 53, 255, 0xff_ffff, -(2 ** 31), 7)
    queue.schedule(2 ** 53, 255 * 2 ** 32 + 0xffff_ffff, 2 ** 53 - 1, 128, 0, 2 ** 31 - 1, -7)
    queue.next(Infinity)
    expect(queue).toMatchObject({ kind: 128, actor: 0, argument: 2 ** 31 - 1, extra: -7 })
    queue.next(Infinity)
    expect(queue).toMatchObject({ kind: 255, actor: 0xff_ffff, argument: -(2 ** 31), extra: 7 })
    expect(queue).toMatchObject({ time: 2 ** 53, order: 255 * 2 ** 32 + 0xffff_ffff })
  })

  it('refuses a time that is no time', () => {
    const queue = new EventQueue()
    expect(() => queue.schedule(NaN, 0, 0, 0, 0, 0, 0)).toThrow(RangeError)
    expect(() => queue.schedule(Infinity, 0, 0, 0, 0, 0, 0)).toThrow(RangeError)
  })

  it('shows every pending event, and no other', () => {
    const queue = new EventQueue()
    const ids = fill(queue, 300, (index) => index % 50)
    for (let count = 0; count < 100; count++) queue.next(Infinity)
    for (const id of ids.slice(250)) queue.cancel(id)
    const seen: number[] = []
    queue.forEachPending((kind, actor, argument, extra, time) => {
      expect([kind, actor, extra, time]).toEqual([1, 2, 0, argument % 50])
      seen.push(argument)
    })
    const pending = ids.flatMap((id, index) => (queue.isPending(id) ? [index] : []))
    expect(seen.sort((a, b) => a - b)).toEqual(pending)
    expect(seen).toHaveLength(queue.size)
  })

  it('holds at most 48 bytes for an event, besides what doubling leaves free', () => {
    const queue = new EventQueue()
    fill(queue, 2 ** 18, (index) => wordOf(index, 5))
    expect(queue.bytes / 2 ** 18).toBeLessThan(48.1)
    queue.next(Infinity)
    expect(queue.bytes / 2 ** 18).toBeLessThan(50)
  })

  it('does not fill up with cancelled timers, wherever they are', () => {
    for (const later of [1e9, 1000, 0]) {
      const queue = new EventQueue()
      fill(queue, 200, (index) => index * 10)
      for (let round = 0; round < 100_000; round++) {
        const id = queue.schedule(Math.max(0, queue.time) + later, 0, round, 0, 0, 0, 0)
        queue.cancel(id)
      }
      expect(queue.bytes).toBeLessThan(1_000_000)
      expect(queue.size).toBe(200)
    }
  })

  it('gives the places of cancelled events of the present moment to others', () => {
    const queue = new EventQueue()
    const crowd = (time: number): EventId[] =>
      Array.from({ length: 100_000 }, (_, n) => queue.schedule(time, 0, n, 0, 0, 0, 0))
    for (let time = 0; time < 10_000; time++) queue.schedule(time, 0, time, 0, 0, 0, 0)
    const now = crowd(5000)
    while (queue.peekTime() < 5000) queue.next(Infinity)
    for (const id of now) queue.cancel(id)
    const { bytes } = queue
    crowd(9000)
    expect(queue.bytes).toBe(bytes)
    expect(queue.size).toBe(105_000)
  })

  it('takes a hundred thousand events of one time, and as many that come while they fire', () => {
    const queue = new EventQueue()
    const start = process.cpuUsage().user
    fill(queue, 100_000, () => 5)
    let fired = 0
    let last = -1
    let misplaced = 0
    while (queue.next(Infinity)) {
      fired++
      if (queue.argument < 100_000) {
        if (queue.order < last) misplaced++
        last = queue.order
      }
      const sequence = 100_000 + fired
      if (fired <= 100_000) queue.schedule(5, wordOf(fired, 9) % 9, sequence, 0, 0, sequence, 0)
    }
    expect(misplaced).toBe(0)
    expect(fired).toBe(200_000)
    // Quadratic cost would take minutes.
    expect(process.cpuUsage().user - start).toBeLessThan(5_000_000)
  })

  it('sorts crowds of one time, each larger or smaller than those before', () => {
    const queue = new EventQueue()
    let sequence = 0
    for (const [time, size] of [50, 70, 65, 129, 50, 1000, 300, 20, 5000, 130].entries()) {
      for (let index = 0; index < size; index++) {
        queue.schedule(time, wordOf(index, time) % 50, sequence++, 0, 0, size, 0)
      }
      const fired: number[] = []
      while (queue.next(Infinity)) {
        expect([queue.time, queue.argument]).toEqual([time, size])
        fired.push(queue.order)
      }
      expect(fired).toHaveLength(size)
      expect(fired).toEqual(fired.toSorted((a, b) => a - b))
    }
  })

  it('keeps its order when it goes from a moment to another scale of time', () => {
    const queue = new EventQueue()
    const scales = [1e12, 1, 1e6, 1000, 1e9]
    let sequence = 0
    for (const scale of scales) {
      for (let index = 0; index < 2000; index++) {
        const time = Math.max(0, queue.time) + scale * (wordOf(index, scale) % 1000)
        queue.schedule(time, 0, sequence++, 0, 0, 0, 0)
      }
      let last = queue.time
      for (let index = 0; index < 1000; index++) {
        expect(queue.next(Infinity)).toBe(true)
        expect(queue.time).toBeGreaterThanOrEqual(last)
        last = queue.time
      }
    }
    expect(queue.size).toBe(scales.length * 1000)
  })
})

function reload(pair: Pair): void {
  const saved: QueueSnapshot = pair.queue.save()
  pair.queue.schedule(pair.now, 0, 0, 0, 0, 0, 0)
  pair.queue.next(Infinity)
  if (pair.sequence % 2 === 0) pair.queue = new EventQueue()
  pair.queue.load(saved)
}

function keyOf(time: number, place: number, sequence: number): string {
  return `${String(time).padStart(20, '0')}/${place}/${String(sequence).padStart(8, '0')}`
}

/** Fires half of the events while adding others; the texts and identities of all that happens. */
function followUp(queue: EventQueue): (string | number)[] {
  const events: (string | number)[] = []
  for (let index = 0; index < 500; index++) {
    queue.next(Infinity)
    events.push([queue.time, queue.order, queue.argument].join())
    events.push(
      queue.schedule(queue.time + (wordOf(index, 4) % 5000), 1, 9000 + index, 0, 0, index, 0),
    )
  }
  return [...events, ...drain(queue)]
}
