/** The kinds of event and the phases that order simultaneous ones. Numbers are part of the digest: append only. */

/** Simultaneous events fire in this order. */
export const PHASE_FAULT = 0
export const PHASE_COMPLETION = 1
export const PHASE_TIMER = 2
export const PHASE_ARRIVAL = 3

export const FAULT = 1
export const COMPLETION = 2
export const REPLY = 3
export const TIMER = 4
export const PERIODIC = 5
export const RESEND = 6
export const WAKE = 7
export const PATIENCE = 8
export const ARRIVAL = 9
export const THINK = 10
export const REQUEST = 11
export const MESSAGE = 12
export const CANCEL = 13
export const STARTED = 14
export const ABANDON = 15
/** Not an event: the outcome digest marks the end of a call and of a message with these. */
export const CALL_END = 20
export const MESSAGE_END = 21

export const KIND_NAMES: Readonly<Record<number, string>> = {
  [FAULT]: 'fault',
  [COMPLETION]: 'completion',
  [REPLY]: 'reply',
  [TIMER]: 'timer',
  [PERIODIC]: 'periodic timer',
  [RESEND]: 'resend',
  [WAKE]: 'wake',
  [PATIENCE]: 'patience',
  [ARRIVAL]: 'arrival',
  [THINK]: 'think',
  [REQUEST]: 'request',
  [MESSAGE]: 'message',
  [CANCEL]: 'cancel',
  [STARTED]: 'started',
  [ABANDON]: 'abandon',
}

/** Periodic timers that a unit may have. */
export const MOST_PERIODIC = 1024
