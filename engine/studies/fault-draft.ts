/** Faults that a search makes up: their verbs, how strong they get, how they are written, and how large they are. */
import type { FaultSpec, FaultVerb, Scenario } from '../scenario/scenario.ts'
import { loadsWithRate } from '../scenario/rates.ts'
import { MILLISECOND, SECOND } from '../units.ts'

/** A fault that can be made shorter and milder. */
export interface FaultDraft {
  readonly verb: FaultVerb
  readonly target: string
  /** Nanoseconds, whole milliseconds. */
  readonly at: number
  readonly for: number
  /** Factor, share or added ns, by verb; undefined where a fault is there or not. */
  readonly by: number | undefined
}

interface Strength {
  /** At which it does nothing. */
  readonly mildest: number
  /** Which a search starts from. */
  readonly strongest: number
  readonly write: (by: number) => string | number
}

const plain = (by: number): number => Number(by.toPrecision(4))
const percent = (by: number): string => `${plain(by * 100)}%`
const factor = (strongest: number): Strength => ({ mildest: 1, strongest, write: plain })
const share: Strength = { mildest: 0, strongest: 1, write: percent }

/** Verbs that are tried, and how strong. */
const STRENGTHS: Readonly<Partial<Record<FaultVerb, Strength | undefined>>> = {
  crash: undefined,
  pause: undefined,
  slow: factor(20),
  errors: share,
  delay: { mildest: 0, strongest: SECOND, write: (by) => `${plain(by / MILLISECOND)}ms` },
  loss: share,
  spike: factor(5),
}

/** Every single fault that is tried: each verb at full strength at everything it can hit. */
export function candidatesOf(scenario: Scenario, at: number, span: number): FaultDraft[] {
  const services = Object.keys(scenario.services)
  const edges = edgesOf(scenario)
  const drafts = (verbs: readonly FaultVerb[], targets: readonly string[]): FaultDraft[] =>
    verbs.flatMap((verb) =>
      targets.map((target) => ({ verb, target, at, for: span, by: full(verb) })),
    )
  return [
    ...drafts(['slow', 'errors', 'pause', 'crash'], services),
    ...drafts(['delay', 'loss'], edges),
    ...drafts(['spike'], loadsWithRate(scenario.load)),
  ]
}

function full(verb: FaultVerb): number | undefined {
  return STRENGTHS[verb]?.strongest
}

/** Edges between services, by the calls of each. */
function edgesOf({ services }: Scenario): string[] {
  const edges = new Set<string>()
  const walk = (from: string, steps: (typeof services)[string]['calls'][string]): void => {
    for (const step of steps) {
      if (step.kind === 'call') edges.add(`${from} -> ${step.to}`)
      else if (step.kind === 'parallel') walk(from, step.calls)
      else for (const branch of step.branches) walk(from, branch.steps)
    }
  }
  for (const [name, { calls }] of Object.entries(services)) {
    for (const steps of Object.values(calls)) walk(name, steps)
  }
  return [...edges]
}

/** A fault of a file as a draft; undefined for what cannot be made smaller here. */
export function draftOf(spec: FaultSpec, duration: number): FaultDraft | undefined {
  const { verb, target, at, by, options } = spec
  if (!(verb in STRENGTHS) || at === undefined || Object.keys(options).length > 0) return undefined
  const span = Math.min(spec.for, duration - at)
  return { verb, target, at, for: span, by: STRENGTHS[verb] ? by : undefined }
}

/** A fault as a file writes it. */
export function written({
  verb,
  target,
  at,
  for: span,
  by,
}: FaultDraft): Record<string, string | number> {
  const strength = by === undefined ? {} : { by: STRENGTHS[verb]!.write(by) }
  return { at: time(at), for: time(span), [verb]: target, ...strength }
}

/** `{ at: 30s, for: 1.5s, slow: db, by: 2.1 }` */
export function lineOf(fault: FaultDraft): string {
  const words = Object.entries(written(fault)).map(([key, value]) => `${key}: ${value}`)
  return `{ ${words.join(', ')} }`
}

function time(span: number): string {
  return span % SECOND === 0 ? `${span / SECOND}s` : `${Math.round(span / MILLISECOND)}ms`
}

/** The same for a part of its time; at least a millisecond. */
export function shorter(fault: FaultDraft, part: number): FaultDraft {
  const span = Math.max(1, Math.round((fault.for * part) / MILLISECOND)) * MILLISECOND
  return { ...fault, for: span }
}

/** The same with a part of its strength. */
export function milder(fault: FaultDraft, part: number): FaultDraft {
  const { verb, by } = fault
  if (by === undefined) return fault
  const { mildest, write } = STRENGTHS[verb]!
  const next = mildest + (by - mildest) * part
  // As it is written, so that what is told is what was run.
  return write(next) === write(by) ? fault : { ...fault, by: next }
}

/** Time by strength, both as parts of the most that is tried: what faults are compared by. */
export function sizeOf({ verb, for: span, by }: FaultDraft, duration: number): number {
  const strength = STRENGTHS[verb]
  if (by === undefined || !strength) return span / duration
  return ((span / duration) * (by - strength.mildest)) / (strength.strongest - strength.mildest)
}
