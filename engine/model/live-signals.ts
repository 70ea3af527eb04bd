import type { LiveCounter, LiveGauge, LiveHistogram, LiveState, Signal } from '../signals.ts'
import { Histogram } from '../results/histogram.ts'
import type { SignalSummary } from '../results/result.ts'
import { SECOND } from '../units.ts'
import type { Unit } from './unit.ts'
import type { World } from './world.ts'

type LiveSignal = StateSignal | CounterSignal | GaugeSignal | HistogramSignal

/** The signals of one unit while it runs: totals always, columns when recording. */
export class LiveSignals {
  readonly live: Readonly<Record<string, LiveSignal>>
  readonly list: readonly (readonly [string, LiveSignal])[]

  constructor(unit: Unit) {
    const { world } = unit
    this.list = Object.entries(unit.component.signals as Record<string, Signal>).map(
      ([name, signal]) => {
        const index = world.recorder.series(unit.site.path, name, signal)
        return [name, make(world, signal, index)] as const
      },
    )
    this.live = Object.fromEntries(this.list)
  }

  summaries(): Record<string, SignalSummary> {
    return Object.fromEntries(this.list.map(([name, signal]) => [name, signal.summary()]))
  }

  /** What is forgotten is seen no more: gauges read nothing, states are where they began. */
  rest(): void {
    for (const [, signal] of this.list)
      if (signal instanceof GaugeSignal) signal.set(0)
      else if (signal instanceof StateSignal) signal.rest()
  }

  save(): unknown {
    return this.list.map(([, signal]) => signal.save())
  }
  load(saved: unknown): void {
    this.list.forEach(([, signal], at) => signal.load((saved as never[])[at]!))
  }
}

function make(world: World, signal: Signal, index: number): LiveSignal {
  if (signal.kind === 'state') return new StateSignal(world, signal.states, index)
  if (signal.kind === 'counter') return new CounterSignal(world, index)
  if (signal.kind === 'gauge') return new GaugeSignal(world, index)
  return new HistogramSignal()
}

class StateSignal implements LiveState {
  current: string
  private since = 0
  private readonly world: World
  private readonly words: readonly string[]
  private readonly lane: number
  private spent: number[]
  private entered: number[]

  constructor(world: World, words: readonly string[], lane: number) {
    this.world = world
    this.words = words
    this.lane = lane
    this.current = words[0]!
    this.spent = words.map(() => 0)
    this.entered = words.map(() => 0)
  }
  enter(word: string): void {
    if (word === this.current || this.world.muted) return
    const { now } = this.world
    this.spent[this.words.indexOf(this.current)]! += now - this.since
    this.current = word
    this.since = now
    const code = this.words.indexOf(word)
    this.entered[code]!++
    this.world.recorder.transition(this.lane, code)
  }
  rest(): void {
    this.enter(this.words[0]!)
  }
  is(word: string): boolean {
    return this.current === word
  }
  get age(): number {
    return this.world.now - this.since
  }
  summary(): SignalSummary {
    const open = this.words.indexOf(this.current)
    const seconds = this.words.map((word, at) => {
      const running = at === open ? this.world.now - this.since : 0
      return [word, (this.spent[at]! + running) / SECOND] as const
    })
    const entered = this.words.map((word, at) => [word, this.entered[at]!] as const)
    return {
      value: this.current,
      seconds: Object.fromEntries(seconds),
      entered: Object.fromEntries(entered),
    }
  }
  save(): unknown {
    return {
      current: this.current,
      since: this.since,
      spent: this.spent.slice(),
      entered: this.entered.slice(),
    }
  }
  load(saved: unknown): void {
    const from = saved as { current: string; since: number; spent: number[]; entered: number[] }
    Object.assign(this, from, { spent: from.spent.slice(), entered: from.entered.slice() })
  }
}

class CounterSignal implements LiveCounter {
  total = 0
  private readonly world: World
  private readonly column: number

  constructor(world: World, column: number) {
    this.world = world
    this.column = column
  }
  add(amount = 1): void {
    if (this.world.muted) return
    this.total += amount
    this.world.recorder.count(this.column, amount)
  }
  summary(): SignalSummary {
    return { value: this.total, seconds: {}, entered: {} }
  }
  save(): unknown {
    return this.total
  }
  load(saved: unknown): void {
    this.total = saved as number
  }
}

class GaugeSignal implements LiveGauge {
  value = 0
  private readonly world: World
  private readonly column: number

  constructor(world: World, column: number) {
    this.world = world
    this.column = column
  }
  set(value: number): void {
    if (this.world.muted) return
    this.value = value
    this.world.recorder.level(this.column, value)
  }
  summary(): SignalSummary {
    return { value: this.value, seconds: {}, entered: {} }
  }
  save(): unknown {
    return this.value
  }
  load(saved: unknown): void {
    this.value = saved as number
  }
}

class HistogramSignal implements LiveHistogram {
  private readonly values = new Histogram()

  record(value: number): void {
    this.values.record(value)
  }
  summary(): SignalSummary {
    const { count, mean } = this.values
    return {
      value: mean,
      seconds: {},
      entered: { count, p50: this.values.quantile(0.5), p99: this.values.quantile(0.99) },
    }
  }
  save(): unknown {
    return this.values.save()
  }
  load(saved: unknown): void {
    this.values.load(saved as never)
  }
}
