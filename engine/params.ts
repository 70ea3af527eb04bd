/**
 * The knobs of a component, said once. Default, bounds, unit and help of a knob live here; the scenario
 * schema, the controls of the page, the help of the command line and the catalogue are derived from it.
 */
import type { Duration } from './units.ts'
import { parseDuration, parseRate, parseSize } from './units.ts'
import type { Failure } from './model/failure.ts'

/** What kind of value a knob holds; decides how it is read from a file and drawn as a control. */
export type ParamKind =
  | 'ratio'
  | 'count'
  | 'number'
  | 'duration'
  | 'rate'
  | 'size'
  | 'choice'
  | 'toggle'
  | 'count-or-duration'
  | 'service'
  | 'services'
  | 'failures'
  | 'steps'
  | 'group'

/** One knob: its kind, its default (`initial`), its range and one sentence of help. */
export interface Param<T> {
  readonly kind: ParamKind
  /** Default in engine units: ns, 1/s, bytes, share 0..1. */
  readonly initial: T
  readonly help: string
  /** Inclusive bounds in engine units, where the kind is numeric. */
  readonly min?: number
  readonly max?: number
  readonly choices?: readonly string[]
  /** Knobs of a group, shown together and written as a nested mapping. */
  readonly members?: Params
  /** Laid down when an instance starts: no push of configuration can turn it. */
  readonly fixed?: true
}
export type Params = { readonly [name: string]: Param<unknown> }

/** The values of a set of knobs, as a component reads them. */
export type Values<P extends Params> = {
  readonly [K in keyof P]: P[K] extends Param<infer T> ? T : never
}

/** One action of a workflow and how to undo it. */
export interface WorkflowStep {
  readonly service: string
  readonly act: string
  readonly undo: string | undefined
}

interface Bounds {
  readonly min?: number
  readonly max?: number
}

/** A share between 0 and 1, written `50%` or `0.5`. */
export function ratio(initial: number, help: string, bounds: Bounds = {}): Param<number> {
  return { kind: 'ratio', initial, help, min: 0, max: 1, ...bounds }
}

/** A whole number, by default at least 1. */
export function count(initial: number, help: string, bounds: Bounds = {}): Param<number> {
  return { kind: 'count', initial, help, min: 1, max: 1_000_000_000, ...bounds }
}

/** A plain number without a unit. */
export function number(initial: number, help: string, bounds: Bounds = {}): Param<number> {
  return { kind: 'number', initial, help, min: 0, max: 1e15, ...bounds }
}

/** A span of time, written `250ms`; `none` (Infinity) where `max` allows it. */
export function duration(
  initial: string,
  help: string,
  bounds: { min?: string; max?: string } = {},
): Param<Duration> {
  const limits = { min: span(bounds.min ?? '0s'), max: span(bounds.max ?? '100d') }
  return { kind: 'duration', initial: span(initial), help, ...limits }
}

/** Events per second, written `300/s`. */
export function rate(initial: string, help: string, bounds: Bounds = {}): Param<number> {
  return {
    kind: 'rate',
    initial: parseRate(initial) ?? Number.NaN,
    help,
    min: 1e-9,
    max: 1e9,
    ...bounds,
  }
}

/** Bytes, written `20kB`. */
export function size(initial: string, help: string, bounds: Bounds = {}): Param<number> {
  return {
    kind: 'size',
    initial: parseSize(initial) ?? Number.NaN,
    help,
    min: 0,
    max: 1e15,
    ...bounds,
  }
}

/** One word of a fixed list. */
export function choice<const C extends readonly string[]>(
  choices: C,
  initial: C[number],
  help: string,
): Param<C[number]> {
  return { kind: 'choice', initial, help, choices }
}

/** True or false. */
export function toggle(initial: boolean, help: string): Param<boolean> {
  return { kind: 'toggle', initial, help }
}

/** A whole number of things or a span of time, whichever the author writes (`100` or `10s`, in ns). */
export function countOrDuration(initial: number, help: string): Param<number> {
  return { kind: 'count-or-duration', initial, help, min: 1, max: 1e15 }
}

/** The name of one service of the scenario; the component may call it. Empty: none. */
export function service(help: string): Param<string> {
  return { kind: 'service', initial: '', help }
}

/** Names of services of the scenario; the component may call or message them. */
export function services(help: string): Param<readonly string[]> {
  return { kind: 'services', initial: [], help }
}

/** The kinds of failure a rule applies to. */
export function failures(initial: readonly Failure[], help: string): Param<readonly Failure[]> {
  return { kind: 'failures', initial, help }
}

/** The steps of a workflow, in order: service, action, and the action that undoes it. */
export function steps(help: string): Param<readonly WorkflowStep[]> {
  return { kind: 'steps', initial: [], help }
}

/** Knobs that belong together, written as a nested mapping. */
export function group<P extends Params>(members: P, help: string): Param<Values<P>> {
  return { kind: 'group', initial: defaultsOf(members), help, members }
}

/** A knob that is read when an instance starts and never again; a file that pushes it later is refused. */
export function fixed<T>(param: Param<T>): Param<T> {
  return { ...param, fixed: true }
}

/** The default of every knob. */
export function defaultsOf<P extends Params>(params: P): Values<P> {
  const values = Object.entries(params).map(([name, param]) => [name, param.initial])
  return Object.fromEntries(values) as Values<P>
}

/** The services a set of values names: edges that exist because a pattern needs them. */
export function servicesNamed(params: Params, values: Readonly<Record<string, unknown>>): string[] {
  const named: string[] = []
  for (const [name, param] of Object.entries(params)) {
    const value = values[name]
    if (param.kind === 'service' && value) named.push(value as string)
    if (param.kind === 'services') named.push(...(value as string[]))
    if (param.kind === 'steps') named.push(...(value as WorkflowStep[]).map((step) => step.service))
    if (param.kind === 'group')
      named.push(...servicesNamed(param.members!, value as Record<string, unknown>))
  }
  return [...new Set(named)]
}

function span(text: string): Duration {
  if (text === 'none') return Infinity
  return parseDuration(text) ?? Number.NaN
}

/** The values of a component's `inert` form in engine units: its durations, rates and sizes are written as in a file. */
export function inertValues(component: {
  readonly params: Params
  readonly inert?: Readonly<Record<string, unknown>> | undefined
}): Record<string, unknown> {
  return inUnits(component.params, component.inert ?? {})
}

function inUnits(
  params: Params,
  written: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(written).map(([name, value]) => [name, inUnit(params[name]!, value)]),
  )
}

function inUnit(param: Param<unknown>, value: unknown): unknown {
  if (param.kind === 'group')
    return {
      ...(param.initial as object),
      ...inUnits(param.members!, value as Record<string, unknown>),
    }
  if (typeof value !== 'string') return value
  if (param.kind === 'duration' || param.kind === 'count-or-duration') return span(value)
  if (param.kind === 'rate') return parseRate(value)
  if (param.kind === 'size') return parseSize(value)
  return value
}
