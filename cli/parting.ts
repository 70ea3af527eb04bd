/** Where two runs part: the first event that differs, and the first whose consequences do. */
import type { FiredEvent, Replay } from '../engine/replay.ts'

/** An event of each run; undefined where a run has no more. */
export interface Pair {
  readonly number: number
  readonly a: FiredEvent | undefined
  readonly b: FiredEvent | undefined
}

/** How two runs differ. */
export interface Parting {
  /** The first event that differs in time, place, kind or outcome; undefined when only calls end differently. */
  readonly event: Pair | undefined
  /** The first event that ended calls differently, where that came before. */
  readonly cause: Pair | undefined
}

/** Events that both runs go on before they are compared. */
const STRIDE = 4096

/** Undefined when the runs are the same to the end. Both go on side by side and are compared by their digests. */
export function partingOf(a: Replay, b: Replay): Parting | undefined {
  const first = firstDifference(a, b, 0, ({ digests }) => digests.events + digests.outcomes)
  if (!first) return undefined
  if (a.digests.events !== b.digests.events) return { event: first, cause: undefined }
  return { event: firstDifference(a, b, first.number, (run) => run.digests.events), cause: first }
}

type Look = (run: Replay) => string

/** Goes on from an event up to which both are the same; where they differ, back a little, and event by event. */
function firstDifference(a: Replay, b: Replay, from: number, look: Look): Pair | undefined {
  for (let same = from; ; same += STRIDE) {
    const next = same + STRIDE
    const endA = a.seekEvent(next)
    const endB = b.seekEvent(next)
    if (endA !== endB || look(a) !== look(b)) return stepFrom(same, a, b, look)
    if (endA < next) return undefined
  }
}

function stepFrom(same: number, a: Replay, b: Replay, look: Look): Pair | undefined {
  a.seekEvent(same)
  b.seekEvent(same)
  for (let number = same + 1; ; number++) {
    const pair = { number, a: a.fire(), b: b.fire() }
    if (!pair.a && !pair.b) return undefined
    if (look(a) !== look(b)) return pair
  }
}
