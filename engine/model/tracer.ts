/** Somebody who looks on while calls go their way. An observer never draws, never schedules, and changes nothing. */
import type { CallFrame } from './call-frame.ts'

/** What a layer decided when it did not let a call pass, by verdict. */
export const DECISIONS = ['pass', 'turn', 'resend', 'fork', 'hold'] as const
export type Decision = (typeof DECISIONS)[number]

/**
 * Stations of a call (`call`, `end`, what its layers decide) and of its visits: on the wire, at the instance, in the
 * line, at work, done with the own work, reply on the way, reply arrived; given up by its caller; gone.
 */
export type Station =
  | 'call'
  | 'end'
  | Decision
  | 'send'
  | 'arrive'
  | 'queue'
  | 'work'
  | 'worked'
  | 'leave'
  | 'reply'
  | 'abandon'
  | 'gone'

export interface Tracer {
  mark(station: Station, frame: CallFrame): void
}
