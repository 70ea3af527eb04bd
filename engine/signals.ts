/** What a component reports while it runs. The recorder keeps it; the view of a signal follows from its kind. */

export type SignalKind = 'state' | 'counter' | 'gauge' | 'histogram'

/** A signal as declared: its kind and one sentence of help. */
export interface Signal<K extends SignalKind = SignalKind, S extends string = string> {
  readonly kind: K
  readonly help: string
  /** The words of a state signal; the first is where it starts. */
  readonly states: readonly S[]
  /** Unit of a gauge or histogram: `ns`, `requests`, `bytes` … */
  readonly unit: string
}
export type Signals = { readonly [name: string]: Signal }

/** A state signal while it runs: drawn as a swimlane. */
export interface LiveState<S extends string = string> {
  /** Moves to a state at the current moment; staying in it is no transition. */
  enter(state: S): void
  is(state: S): boolean
  readonly current: S
  /** Nanoseconds since the current state was entered. */
  readonly age: number
}
/** A counter while it runs: drawn as a rate. */
export interface LiveCounter {
  add(amount?: number): void
  readonly total: number
}
/** A gauge while it runs: drawn as a line. */
export interface LiveGauge {
  set(value: number): void
  readonly value: number
}
/** A histogram while it runs: drawn as a heat map. */
export interface LiveHistogram {
  record(value: number): void
}

/** The signals of a component as its handlers see them. */
export type Live<S extends Signals> = {
  readonly [K in keyof S]: S[K] extends Signal<infer Kind, infer Word>
    ? Kind extends 'state'
      ? LiveState<Word>
      : Kind extends 'counter'
        ? LiveCounter
        : Kind extends 'gauge'
          ? LiveGauge
          : LiveHistogram
    : never
}

/** What the component is doing, as one word out of a few. */
export function state<const W extends readonly string[]>(
  states: W,
  help: string,
): Signal<'state', W[number]> {
  return { kind: 'state', help, states, unit: '' }
}

/** How often something happened. */
export function counter(help: string): Signal<'counter', never> {
  return { kind: 'counter', help, states: [], unit: '' }
}

/** A level that rises and falls. */
export function gauge(help: string, unit = ''): Signal<'gauge', never> {
  return { kind: 'gauge', help, states: [], unit }
}

/** A distribution of values. */
export function histogram(help: string, unit = 'ns'): Signal<'histogram', never> {
  return { kind: 'histogram', help, states: [], unit }
}
