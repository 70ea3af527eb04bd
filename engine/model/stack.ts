import type { Call, Verdict } from '../component.ts'
import type { Unit } from './unit.ts'

type CallHandler = (call: Call) => Verdict

/** The layers of a caller around one edge, or of a server in front of its queue. */
export class Stack {
  readonly units: readonly Unit[]
  readonly depth: number
  /** Handlers by layer, null where a layer has none; read once so that a call does not look them up. */
  readonly downs: (CallHandler | null)[]
  readonly ups: (CallHandler | null)[]

  constructor(units: readonly Unit[]) {
    this.units = units
    this.depth = units.length
    this.downs = units.map((unit) => unit.onCall)
    this.ups = units.map((unit) => unit.onReply)
    units.forEach((unit, layer) => unit.sitsIn(this, layer))
  }

  /** Reads the handlers again after a restart has made new ones. */
  refresh(): void {
    this.units.forEach((unit, layer) => {
      this.downs[layer] = unit.onCall
      this.ups[layer] = unit.onReply
    })
  }
}
