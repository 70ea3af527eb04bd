/** `sim diverge A B`: the first event in which two runs differ. */
import type { Command } from 'commander'
import { lineageOf } from '../engine/lineage.ts'
import { failureOf } from '../engine/model/failure.ts'
import { REPLY } from '../engine/model/kinds.ts'
import { patterns } from '../engine/patterns/index.ts'
import type { FiredEvent } from '../engine/replay.ts'
import { Replay } from '../engine/replay.ts'
import { kindName } from '../engine/run.ts'
import type { Described } from './descriptor.ts'
import { describe } from './descriptor.ts'
import { BadInput, EXIT } from './exit.ts'
import { openFile } from './files.ts'
import type { Pair, Parting } from './parting.ts'
import { partingOf } from './parting.ts'
import { table } from './text.ts'

interface Options {
  readonly seed: readonly string[]
  readonly json?: boolean
}

/** Declares the command; `finish` is told the exit code. */
export function divergeCommand(program: Command, finish: (code: number) => void): void {
  program
    .command('diverge')
    .description('find the first event in which two runs differ')
    .argument('<a>', 'a run: file.yaml?seed=7&off=breaker&variant=B')
    .argument('[b]', 'the other run; without it, the first two variants of the file')
    .option(
      '--seed <seed>',
      'seed of both runs; twice: of each',
      (text, all: string[]) => [...all, text],
      [],
    )
    .option('--json', 'print it as JSON')
    .action((a: string, b: string | undefined, options: Options) => finish(diverge(a, b, options)))
}

function diverge(a: string, b: string | undefined, options: Options): number {
  const runs = described(a, b, options.seed)
  const [first, second] = runs.map(
    ({ scenario }) => new Replay(scenario, { seed: scenario.seed, catalogue: patterns }),
  ) as [Replay, Replay]
  const parting = partingOf(first, second)
  const chains = parting?.event && chainsOf(parting.event, first, second)
  const print = options.json ? asJson : asText
  process.stdout.write(print(runs, parting, first, chains))
  return parting ? EXIT.broken : EXIT.fine
}

/** The events that led to the one that differs, it last, in each run. */
interface Chains {
  readonly a: readonly FiredEvent[]
  readonly b: readonly FiredEvent[]
}

function chainsOf({ number, a, b }: Pair, first: Replay, second: Replay): Chains {
  return { a: a ? lineageOf(first, number) : [], b: b ? lineageOf(second, number) : [] }
}

function described(a: string, b: string | undefined, seeds: readonly string[]): Described[] {
  const [seedA, seedB = seedA] = seeds
  if (seeds.length > 2) throw new BadInput('--seed may be given twice at most, once for each run.')
  if (b !== undefined) return [describe(a, seedA), describe(b, seedB)]
  if (seeds.length === 2) return [describe(a, seedA), describe(a, seedB)]
  const variants = Object.keys(openFile(a.split('?')[0]!).scenario.compare)
  if (variants.length < 2)
    throw new BadInput('Name a second run, two seeds, or a file with two variants.')
  return [describe(a, seedA, variants[0]), describe(a, seedA, variants[1])]
}

function asJson(
  runs: readonly Described[],
  parting: Parting | undefined,
  a: Replay,
  chains: Chains | undefined,
): string {
  const labels = runs.map(({ label }) => label)
  const printed = parting
    ? {
        same: false,
        runs: labels,
        event: pairJson(parting.event),
        cause: pairJson(parting.cause),
        chain: chains ? { a: chains.a.map(eventJson), b: chains.b.map(eventJson) } : null,
      }
    : { same: true, runs: labels, events: a.events, digest: a.digests.events }
  return `${JSON.stringify(printed, null, 2)}\n`
}

function pairJson(pair: Pair | undefined): object | null {
  return pair ? { number: pair.number, a: eventJson(pair.a), b: eventJson(pair.b) } : null
}

function eventJson(event: FiredEvent | undefined): object | null {
  if (!event) return null
  const { number, time, place, kind } = event
  return { number, time, place, kind: kindName(kind), outcome: outcomeOf(event) || null }
}

function asText(
  runs: readonly Described[],
  parting: Parting | undefined,
  a: Replay,
  chains: Chains | undefined,
): string {
  const [labelA = '', labelB = ''] = runs.map(({ label }) => label)
  const names = `A  ${labelA}\nB  ${labelB}\n`
  if (!parting)
    return `${names}The runs are the same: ${a.events} events, digest ${a.digests.events}\n`
  const { event, cause } = parting
  const told = event
    ? `The runs differ first at event ${event.number}:\n${pairText(event)}`
    : 'All events are the same.\n'
  const before = cause
    ? `Calls ended differently in event ${cause.number}:\n${pairText(cause)}`
    : ''
  return names + told + before + (chains ? chainText('A', chains.a) + chainText('B', chains.b) : '')
}

function chainText(name: string, chain: readonly FiredEvent[]): string {
  if (chain.length < 2) return ''
  const heads = ['event', 'time', 'place', 'kind', 'outcome']
  const lines = chain.map((event) => [String(event.number), ...cells(event)])
  return `How ${name} came to it, each event planned by the one above it:\n${table([heads, ...lines], 5)}`
}

function pairText({ a, b }: Pair): string {
  const heads = ['', 'time', 'place', 'kind', 'outcome']
  return table([heads, ['A', ...cells(a)], ['B', ...cells(b)]], 5)
}

function cells(event: FiredEvent | undefined): string[] {
  if (!event) return ['the run has no such event', '', '', '']
  return [`${event.time / 1e9} s`, event.place, kindName(event.kind), outcomeOf(event)]
}

/** What a reply carries; other events carry none. */
function outcomeOf({ kind, outcome }: FiredEvent): string {
  return kind === REPLY ? (failureOf(outcome) ?? 'ok') : ''
}
