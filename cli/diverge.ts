/** `sim diverge A B`: the first event in which two runs differ. */
import type { Command } from 'commander'
import { failureOf } from '../engine/model/failure.ts'
import { patterns } from '../engine/patterns/index.ts'
import type { Digests, FiredEvent } from '../engine/replay.ts'
import { Replay } from '../engine/replay.ts'
import { kindName } from '../engine/run.ts'
import type { Described } from './descriptor.ts'
import { describe } from './descriptor.ts'
import { BadInput, EXIT } from './exit.ts'
import { openFile } from './files.ts'
import { table } from './text.ts'

interface Options {
  readonly seed: readonly string[]
  readonly json?: boolean
}

/** Where two runs part: the event of each, or undefined where one has no more. */
interface Parting {
  readonly number: number
  readonly a: FiredEvent | undefined
  readonly b: FiredEvent | undefined
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
  const parting = part(first, second)
  const print = options.json ? asJson : asText
  process.stdout.write(print(runs, parting, first))
  return parting ? EXIT.broken : EXIT.fine
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

const STRIDE = 4096

/** Both runs go on side by side; where their digests differ, they go back and step event by event. */
function part(a: Replay, b: Replay): Parting | undefined {
  let same = 0
  for (;;) {
    const next = same + STRIDE
    const events = [a.seekEvent(next), b.seekEvent(next)]
    if (!equal(a.digests, b.digests) || events[0] !== events[1]) return stepFrom(same, a, b)
    if (events[0]! < next) return undefined
    same = next
  }
}

function stepFrom(same: number, a: Replay, b: Replay): Parting | undefined {
  a.seekEvent(same)
  b.seekEvent(same)
  for (let number = same + 1; ; number++) {
    const fired = { number, a: a.fire(), b: b.fire() }
    if (!fired.a && !fired.b) return undefined
    if (!equal(a.digests, b.digests)) return fired
  }
}

function equal(a: Digests, b: Digests): boolean {
  return a.events === b.events && a.outcomes === b.outcomes
}

function asJson(runs: readonly Described[], parting: Parting | undefined, a: Replay): string {
  const side = (event: FiredEvent | undefined) =>
    event && {
      time: event.time,
      place: event.place,
      kind: kindName(event.kind),
      outcome: outcomeOf(event),
    }
  const labels = runs.map(({ label }) => label)
  const printed = parting
    ? {
        same: false,
        runs: labels,
        event: parting.number,
        a: side(parting.a) ?? null,
        b: side(parting.b) ?? null,
      }
    : { same: true, runs: labels, events: a.events, digest: a.digests.events }
  return `${JSON.stringify(printed, null, 2)}\n`
}

function asText(runs: readonly Described[], parting: Parting | undefined, a: Replay): string {
  const [labelA = '', labelB = ''] = runs.map(({ label }) => label)
  const names = `A  ${labelA}\nB  ${labelB}\n`
  if (!parting)
    return `${names}The runs are the same: ${a.events} events, digest ${a.digests.events}\n`
  const rows = [
    ['', 'time', 'place', 'kind', 'outcome'],
    ['A', ...cells(parting.a)],
    ['B', ...cells(parting.b)],
  ]
  return `${names}The runs differ first at event ${parting.number}:\n${table(rows, 5)}${hint(parting)}`
}

/** An event may look the same on both sides when it did different things. */
function hint({ a, b }: Parting): string {
  const looksSame = JSON.stringify(cells(a)) === JSON.stringify(cells(b))
  return looksSame ? 'The event is the same; the calls that it ended differ.\n' : ''
}

function cells(event: FiredEvent | undefined): string[] {
  if (!event) return ['the run has no such event', '', '', '']
  return [`${event.time / 1e9} s`, event.place, kindName(event.kind), outcomeOf(event)]
}

function outcomeOf({ outcome }: FiredEvent): string {
  return failureOf(outcome) ?? 'ok'
}
