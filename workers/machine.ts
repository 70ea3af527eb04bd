/** What a simulation needs from the machine it runs on. */
export interface Machine {
  /** Lets the event loop turn once, so that messages come in. */
  rest(): Promise<void>
  /** Processor time of this thread so far, in ms, or the nearest thing there is to it. */
  cpu(): number
}
