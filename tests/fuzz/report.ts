/** What is printed of a batch, and how a failure is told: the file, how to run it again, and a link that opens it. */
import { packText } from '../../ui/pack.ts'
import { readScenario } from '../../engine/scenario/read.ts'
import type { Quarry } from './hunt.ts'
import { runOf } from './laws/law.ts'
import type { Tally } from './tally.ts'

/** The figures of a batch, as text. */
export function summary(
  tally: Tally,
  {
    cpuSeconds,
    names,
    sometimes,
  }: { cpuSeconds: number; names: readonly string[]; sometimes: readonly string[] },
): string {
  const share = (part: number): string => `${((100 * part) / Math.max(1, tally.runs)).toFixed(1)} %`
  const patterns = names.map((name) => `  ${name} ${share(tally.patterns[name] ?? 0)}`)
  const [pair, least] = rarest(tally, names)
  const never = sometimes.filter((what) => tally.happened[what] === undefined)
  const seen = sometimes.map((what) => `${what} ${tally.happened[what] ?? 0}`)
  return [
    `${tally.runs} scenarios, ${(tally.runs / cpuSeconds).toFixed(1)} a second of processor time, ` +
      `${Math.round(tally.events / Math.max(1, tally.runs))} events each`,
    `refused by the reader: ${share(tally.refused)}`,
    ...top(tally.refusals),
    'patterns:',
    ...patterns,
    `rarest pair: ${pair}, ${least} times`,
    `sometimes: ${seen.join(', ')}`,
    `never: ${never.length === 0 ? 'nothing' : never.join(', ')}`,
  ].join('\n')
}

/** The two patterns that were in together least often. All of them can sit in one file. */
export function rarest(tally: Tally, names: readonly string[]): readonly [string, number] {
  const pairs = names.flatMap((name, at) =>
    names.slice(at + 1).map((other) => `${name} + ${other}`),
  )
  const counted = pairs.map((pair) => [pair, tally.pairs[pair] ?? 0] as const)
  return counted.reduce((least, each) => (each[1] < least[1] ? each : least), ['none', Infinity])
}

function top(counts: Readonly<Record<string, number>>): string[] {
  const sorted = Object.entries(counts).toSorted(([, a], [, b]) => b - a)
  return sorted.slice(0, 5).map(([what, times]) => `  ${times} × ${what}`)
}

/** How large a failing scenario is: `2 services, 1 patterns, 34 events`. */
function sizeOf(text: string): string {
  const read = readScenario(text, 'fuzz')
  if (!read.ok) return 'not read'
  const { services, patterns } = read.scenario
  const sizes = `${Object.keys(services).length} services, ${patterns.length} patterns`
  try {
    return `${sizes}, ${runOf(read.scenario).finish().events} events`
  } catch {
    return `${sizes}, 0 events before it breaks`
  }
}

/** A failure in words; `file` is where its scenario was written. */
export async function told(
  { text, law, complaints, tried, seconds }: Quarry,
  file: string,
): Promise<string> {
  return [
    `Broken: ${law}`,
    ...complaints.map((complaint) => `  ${complaint}`),
    '',
    text.trimEnd(),
    '',
    `Smallest of ${tried} tried in ${seconds.toFixed(1)} s; kept as ${file}`,
    `Size: ${sizeOf(text)}`,
    `Again: npm run -s fuzz -- --file ${file}`,
    `On the page: #s=${await packText(text)}&n=fuzz`,
  ].join('\n')
}
