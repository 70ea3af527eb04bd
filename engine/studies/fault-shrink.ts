/** Makes faults that break something as few, as short and as mild as they can be while they still break it. */
import { type FaultDraft, milder, shorter } from './fault-draft.ts'
import type { Study } from './study.ts'

/** How far the search is. */
export interface FaultProgress {
  readonly phase: 'alone' | 'one fault' | 'two faults' | 'shrinking'
  readonly tried: number
  /** Sets of faults that break the line so far. */
  readonly breaking: number
}

/** A set of faults, and whether further ones of the file stay beside them. */
export type Faults = readonly FaultDraft[]

/** Asks whether sets of faults break the line; undefined when it was cancelled. */
export type Breaks = (sets: readonly Faults[]) => Study<FaultProgress, boolean[] | undefined>

/** A part that was not enough, and one that was, are this close in the end. */
const CLOSE = 1 / 16
/** Time and strength pull at each other: what is milder may have to last longer. */
const PASSES = 2

type Smaller = (fault: FaultDraft, part: number) => FaultDraft

/** First fewer, then shorter, then milder, then once more. Undefined when it was cancelled. */
export function* shrunk(faults: Faults, breaks: Breaks): Study<FaultProgress, Faults | undefined> {
  let now: Faults | undefined = yield* fewer(faults, breaks)
  for (let pass = 0; now && pass < PASSES; pass++) {
    for (const [at] of faults.entries()) {
      if (now && at < now.length) now = yield* smaller(now, at, shorter, breaks)
      if (now && at < now.length) now = yield* smaller(now, at, milder, breaks)
    }
  }
  return now
}

/** Leaves out one after the other, as long as the rest breaks it (1-minimal, Zeller 2002). */
function* fewer(faults: Faults, breaks: Breaks): Study<FaultProgress, Faults | undefined> {
  let now = faults
  for (let at = 0; now.length > 1 && at < now.length;) {
    const rest = now.filter((_, other) => other !== at)
    const broken = yield* breaks([rest])
    if (!broken) return undefined
    if (broken[0]) now = rest
    else at++
  }
  return now
}

/** Bisects the part of one fault that is needed. */
function* smaller(
  faults: Faults,
  at: number,
  make: Smaller,
  breaks: Breaks,
): Study<FaultProgress, Faults | undefined> {
  const withPart = (part: number): Faults =>
    faults.map((fault, other) => (other === at ? make(fault, part) : fault))
  let [best, enough, tooLittle] = [faults, 1, 0]
  while (enough - tooLittle > CLOSE * enough && enough > 1e-3) {
    const part = (enough + tooLittle) / 2
    const next = withPart(part)
    if (isSame(next, best)) break
    const broken = yield* breaks([next])
    if (!broken) return undefined
    if (broken[0]) [best, enough] = [next, part]
    else tooLittle = part
  }
  return best
}

function isSame(a: Faults, b: Faults): boolean {
  return a.every((fault, at) => fault.for === b[at]!.for && fault.by === b[at]!.by)
}
