import { Dice } from '../../../engine/core/random.ts'
import { EventQueue } from '../../../engine/core/queue.ts'
import { ln } from '../../../engine/core/math.ts'
import { measure, report } from './measure.ts'

/** Gaps between events, drawn beforehand so that the queue is what is measured. */
const GAPS = 1 << 16

/** Queue of `pending` events; each step takes out the earliest and adds one a gap later. */
function hold(pending: number, gaps: Float64Array): (count: number) => void {
  const queue = new EventQueue()
  let sequence = 0
  const step = (time: number): void => {
    const gap = gaps[sequence & (GAPS - 1)]!
    const kind = sequence & 255
    queue.schedule(time + gap, 0x1_0000_0000 + kind, sequence++, kind, 77, 5, 6)
  }
  for (let index = 0; index < pending; index++) step(0)
  return (count) => {
    for (let index = 0; index < count; index++) {
      queue.next(Infinity)
      step(queue.time)
    }
    bytes.set(pending, queue.bytes / pending)
  }
}

const bytes = new Map<number, number>()

function draw(gap: (u: number) => number): Float64Array {
  const dice = new Dice({ k0: 1, k1: 2 })
  return Float64Array.from({ length: GAPS }, (_, index) => gap(dice.uniform(index, 0)))
}

const shapes: [string, (u: number) => number][] = [
  ['exponential gaps', (u) => Math.round(-1e6 * ln(u))],
  ['uniform gaps', (u) => Math.round(2e6 * u)],
  ['one constant gap', () => 1e6],
  ['gaps on a grid of 16 ticks', (u) => 1000 * Math.floor(1 + u * 16)],
  ['mostly short, some of an hour', (u) => Math.round(u < 0.9 ? 1e6 * u : 3.6e12 * u)],
  ['heavy tail', (u) => Math.round(1000 / (u * u))],
  ['no gap, half the time', (u) => (u < 0.5 ? 0 : Math.round(2e6 * u))],
]

for (const [shape, gap] of shapes) {
  const gaps = draw(gap)
  const sizes = shape === 'exponential gaps' ? [2, 10, 50, 100, 1e3, 1e4, 1e5, 1e6] : [1e3, 1e5]
  for (const pending of sizes) {
    const loop = hold(pending, gaps)
    loop(pending * 2)
    report(measure(`hold ${pending}, ${shape}`, Math.max(1e6, pending * 2), loop))
  }
}

/** What a request does: a timer is set, an event fires, the timer is cancelled. */
function cancelling(pending: number, gaps: Float64Array): (count: number) => void {
  const queue = new EventQueue()
  const timers = new Float64Array(pending)
  let sequence = 0
  const start = (time: number, actor: number): void => {
    const gap = gaps[sequence & (GAPS - 1)]!
    queue.schedule(time + gap, 1, sequence++, 1, actor, 0, 0)
    timers[actor] = queue.schedule(time + 2e7, 2, sequence++, 2, actor, 0, 0)
  }
  for (let actor = 0; actor < pending; actor++) start(0, actor)
  return (count) => {
    for (let index = 0; index < count; index++) {
      queue.next(Infinity)
      queue.cancel(timers[queue.actor]!)
      start(queue.time, queue.actor)
    }
  }
}

const exponential = draw((u) => Math.round(-1e6 * ln(u)))
for (const pending of [1e3, 1e4, 1e5]) {
  const loop = cancelling(pending, exponential)
  report(measure(`hold and cancel a timer, ${pending}`, 1e6, loop))
}

/** 10^5 events of the present moment, scheduled while they drain. */
function crowd(count: number): void {
  const queue = new EventQueue()
  let sequence = 0
  queue.schedule(5, 0, sequence++, 0, 0, 0, 0)
  for (let index = 0; index < count; index++) {
    queue.next(Infinity)
    for (let child = 0; child < 2 && sequence < count; child++) {
      queue.schedule(5, (sequence * 7919) % 1009, sequence++, 0, 0, 0, 0)
    }
  }
}
report(measure('crowd of 10^5 at the present moment', 1e5, crowd))

/** 10^5 events of one later moment. */
function burst(count: number): void {
  const queue = new EventQueue()
  for (let index = 0; index < count; index++) {
    queue.schedule(9, (index * 7919) % 1009, index, 0, 0, 0, 0)
  }
  while (queue.next(Infinity));
}
report(measure('burst of 10^5 at one later moment', 1e5, burst))

for (const [pending, each] of bytes) {
  if (pending >= 1000) console.log(`${each.toFixed(1)} bytes per pending event at ${pending}`)
}
