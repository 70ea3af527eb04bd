import type { EventStore } from './event-store.ts'

/** Events that are sorted by insertion before merging begins. */
const BLOCK = 8

/**
 * Sorts the first `size` slots so that the earliest event is the last, by merging; `spare` is
 * another array of at least that length. Returns the one of the two arrays that has the result.
 */
export function sortLatestFirst(
  slots: Int32Array,
  spare: Int32Array,
  size: number,
  store: EventStore,
): Int32Array {
  for (let from = 0; from < size; from += BLOCK) {
    sortBlock(slots, from, Math.min(from + BLOCK, size), store)
  }
  let source = slots
  let target = spare
  for (let width = BLOCK; width < size; width *= 2) {
    for (let from = 0; from < size; from += 2 * width) {
      const middle = Math.min(from + width, size)
      merge(source, target, from, middle, Math.min(middle + width, size), store)
    }
    const filled = target
    target = source
    source = filled
  }
  return source
}

function sortBlock(slots: Int32Array, from: number, to: number, store: EventStore): void {
  for (let next = from + 1; next < to; next++) {
    const slot = slots[next]!
    let place = next
    while (place > from && store.precedes(slots[place - 1]!, slot)) {
      slots[place] = slots[place - 1]!
      place--
    }
    slots[place] = slot
  }
}

/** Merges what is sorted from `from` to `middle` and from there to `to`. */
function merge(
  source: Int32Array,
  target: Int32Array,
  from: number,
  middle: number,
  to: number,
  store: EventStore,
): void {
  let left = from
  let right = middle
  for (let place = from; place < to; place++) {
    const takesRight =
      left === middle || (right < to && store.precedes(source[left]!, source[right]!))
    target[place] = takesRight ? source[right++]! : source[left++]!
  }
}
