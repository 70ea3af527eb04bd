/** `sim patterns [NAME]`: the catalogue. */
import type { Command } from 'commander'
import type { AnyComponent } from '../engine/component.ts'
import { patterns } from '../engine/patterns/index.ts'
import { didYouMean } from '../engine/scenario/text/suggest.ts'
import type { Signal } from '../engine/signals.ts'
import { BadInput, EXIT } from './exit.ts'
import type { Knob } from './knobs.ts'
import { knobsOf, rangeOf } from './knobs.ts'
import { table } from './text.ts'

/** Declares the command; `finish` is told the exit code. */
export function patternsCommand(program: Command, finish: (code: number) => void): void {
  program
    .command('patterns')
    .description('list the patterns, or tell all about one: what it does, its knobs, its price')
    .argument('[name]', 'name of a pattern, such as circuit-breaker')
    .option('--json', 'print it as JSON')
    .action((name: string | undefined, options: { json?: boolean }) => {
      const entry = name === undefined ? undefined : entryOf(patternCalled(name))
      const entries = [...patterns.values()].map(entryOf)
      const text = entry ? entryText(entry) : listText(entries)
      const json = `${JSON.stringify(entry ?? entries, null, 2)}\n`
      process.stdout.write(options.json ? json : text)
      finish(EXIT.fine)
    })
}

function patternCalled(name: string): AnyComponent {
  const found = patterns.get(name)
  if (found) return found
  const hint = didYouMean(name, [...patterns.keys()], 'There are')
  throw new BadInput(`There is no pattern called "${name}". ${hint}`)
}

interface Entry {
  readonly name: string
  readonly family: string
  readonly at: readonly string[]
  readonly about: string
  readonly source: string
  readonly tradeOff: string
  /** Whether it can run without effect, to tell its benefit from its presence. */
  readonly inert: boolean
  readonly params: readonly Knob[]
  readonly signals: readonly {
    readonly name: string
    readonly kind: string
    readonly unit: string
    readonly states: readonly string[]
    readonly help: string
  }[]
}

function entryOf(component: AnyComponent): Entry {
  const { name, family, at, about, source, tradeOff, inert, params } = component
  const signals = Object.entries(component.signals as Record<string, Signal>).map(
    ([signal, { kind, unit, states, help }]) => ({ name: signal, kind, unit, states, help }),
  )
  const knobs = knobsOf(params)
  return { name, family, at, about, source, tradeOff, inert: !!inert, params: knobs, signals }
}

function listText(entries: readonly Entry[]): string {
  const byFamily = entries.toSorted((a, b) =>
    a.family < b.family ? -1 : a.family > b.family ? 1 : 0,
  )
  const rows = byFamily.map(({ name, family, about }) => [name, family, about])
  return table([['pattern', 'family', 'what it does'], ...rows], 3)
}

function entryText(entry: Entry): string {
  const { name, family, at, about, source, tradeOff, inert, params, signals } = entry
  const facts = [
    ['family', family],
    ['sits at', at.join(', ')],
    ['source', source],
    ['trade-off', tradeOff],
    ['without effect', inert ? 'possible' : 'the same as absent'],
  ]
  const knobs = params.map((knob) => [knob.name, knob.default, rangeOf(knob), knob.help])
  const reports = signals.map(({ name, kind, states, unit, help }) => [
    name,
    kind,
    states.join(', ') || unit,
    help,
  ])
  const parts = [`${name}: ${about}\n`, table(facts, 2)]
  if (knobs.length > 0) parts.push(table([['knob', 'default', 'range', 'what it is'], ...knobs], 4))
  if (reports.length > 0) parts.push(table([['signal', 'kind', '', 'what it is'], ...reports], 4))
  return parts.join('\n')
}
