import type { Call, Verdict } from '../component.ts'
import type { CallColumn } from './call-column.ts'
import type { Unit } from './unit.ts'

type CallHandler = (call: Call) => Verdict

/** The layers of a caller around one edge, or of a server in front of its queue. */
export class Stack {
  readonly units: readonly Unit[]
  readonly depth: number
  /** Handlers by layer, null where a layer has none; read once so that a call does not look them up. */
  readonly downs: (CallHandler | null)[]
  readonly ups: (CallHandler | null)[]
  /** What is in the cells of a call that enters. */
  initials = new Float64Array(0)

  constructor(units: readonly Unit[]) {
    this.units = units
    this.depth = units.length
    this.downs = units.map((unit) => unit.onCall)
    this.ups = units.map((unit) => unit.onReply)
    units.forEach((unit, layer) => unit.sitsIn(this, layer))
  }

  /** Gives a column of one of the layers its cell in every call. */
  add(column: CallColumn): void {
    column.at = this.initials.length
    this.initials = Float64Array.of(...this.initials, column.initial)
    this.forget(column)
  }

  /** Reads the handlers again after a restart has made new ones. */
  refresh(): void {
    this.units.forEach((unit, layer) => {
      this.downs[layer] = unit.onCall
      this.ups[layer] = unit.onReply
    })
  }

  /** Sets a column back to its initial value in every call under way. */
  forget({ at, initial }: CallColumn): void {
    this.initials[at] = initial
    this.units[0]!.world.pool.forEachLive((frame) => {
      if (frame.stack !== this) return
      frame.widen(at + 1)
      frame.cells[at] = initial
    })
  }
}
