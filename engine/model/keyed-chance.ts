import type { Call, Chance } from '../component.ts'
import { mix } from '../core/hash.ts'
import type { Dice } from '../core/random.ts'
import type { CallFrame } from './call-frame.ts'

/** Chance of one purpose: keyed by the identity and attempt of a call, or by its own ordinal. */
export class KeyedChance implements Chance {
  ordinal = 0
  private readonly dice: Dice

  constructor(dice: Dice) {
    this.dice = dice
  }
  forCall(call: Call): number {
    const { path, root, attempt } = call as CallFrame
    return this.dice.uniform(mix(path, attempt), root)
  }
  next(): number {
    return this.dice.uniform(this.ordinal++, 1)
  }
}
