import { footprint } from '../core/footprint.ts'
import type { World } from './world.ts'

/** Events from one count to the next, less one: so few that what they add is small, so many that counting costs little. */
export const COUNT_EVERY = 0x3ffff

/** Bytes of a pending event, of a call under way, and of a message between instances, with all that belongs to it. */
const EVENT = 48
const FRAME = 1024
const MESSAGE = 512

/**
 * What a world holds, in bytes, by what holds it: pending events, calls, messages, stores, and what components
 * remember (entries of caches, messages in queues, windows by key). A browser kills the page of a worker that runs
 * out of memory, without a word; so it is counted here, and the run is stopped in time.
 */
export function memoryOf(world: World): Map<string, number> {
  const { queue, pool, messages, units, services } = world
  const held = new Map([
    ['pending events', queue.size * EVENT],
    ['calls in flight', pool.live * FRAME],
    ['messages between instances', messages.inFlight * MESSAGE],
  ])
  for (const { name, instances } of services.values())
    for (const { store, index } of instances) held.set(`store of ${name}#${index}`, store.bytes)
  for (const unit of units) held.set(unit.site.path, footprint(unit.memory))
  return held
}

/** Stops a world that holds more than its budget, and says who holds most. */
export function guardMemory(world: World): void {
  const held = memoryOf(world)
  let total = 0
  let most = ['', 0] as readonly [string, number]
  for (const part of held) {
    total += part[1]
    if (part[1] > most[1]) most = part
  }
  const { memory } = world.scenario.budget
  if (total <= memory) return
  const [holder, bytes] = most
  world.stop(
    'memory',
    `more than ${inMegabytes(memory)} are held, ${inMegabytes(bytes)} by ${holder},`,
  )
}

function inMegabytes(bytes: number): string {
  return `${Math.round(bytes / 1e5) / 10} MB`
}
