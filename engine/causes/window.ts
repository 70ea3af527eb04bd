/** What a stretch of time came to, beside what is usual: all that an explanation may look at. */
import type { Health } from '../results/trouble.ts'
import type { Duration, Time } from '../units.ts'
import type { Measured } from './observer.ts'

/** A stretch of time just before a service was found in trouble. */
export interface Window {
  readonly from: Time
  /** Where its second half begins: from here on a service counts as in trouble. */
  readonly middle: Time
  readonly until: Time
  readonly measured: Measured
  /** What the same span came to while all was well; zeros when it never was. */
  readonly usual: Measured
  /** Busy slots times ns, by service. */
  readonly busy: Float64Array
  /** Slots times ns, by service. */
  readonly slots: Float64Array
  /** How services fared in the second half of the stretch. */
  readonly health: readonly Health[]
}

/** Two measurements of the same world as one. */
export function sumOf(a: Measured, b: Measured): Measured {
  return mapped(a, (name) => a[name].map((value, at) => value + b[name][at]!))
}

/** What is measured in some time, for another. */
export function scaledTo(measured: Measured, over: Duration, span: Duration): Measured {
  const factor = over > 0 ? span / over : 0
  return mapped(measured, (name) => measured[name].map((value) => value * factor))
}

function mapped(like: Measured, valueOf: (name: keyof Measured) => Float64Array): Measured {
  const names = Object.keys(like) as (keyof Measured)[]
  return Object.fromEntries(names.map((name) => [name, valueOf(name)])) as unknown as Measured
}
