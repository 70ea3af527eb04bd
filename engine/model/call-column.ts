import type { Call, PerCall } from '../component.ts'
import type { CallFrame } from './call-frame.ts'

/** A number per call, kept in the call's frame: the calls of a stack have one cell for each column of its layers. */
export class CallColumn implements PerCall {
  initial: number
  /** Which cell, given by the stack. */
  at = -1

  constructor(initial: number) {
    this.initial = initial
  }
  get(call: Call): number {
    return (call as CallFrame).cells[this.at]!
  }
  set(call: Call, value: number): void {
    ;(call as CallFrame).cells[this.at] = value
  }
}
