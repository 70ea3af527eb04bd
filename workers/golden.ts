/** Runs whose digests are known: `golden-runs.json` has them, made by `UPDATE=1 npx vitest run --project node tests/workers/self-test.test.ts`. */
import type { RunTask } from '../engine/run.ts'

/** One run, and what it must come to on every machine. */
export interface GoldenRun {
  /** Name of a scenario of the library. */
  readonly name: string
  /** Undefined: the file as it stands. */
  readonly variant: string | undefined
  readonly seed: string
  /** Simulated time, as a file writes it. */
  readonly duration: string
  readonly events: number
  /** Event digest and outcome digest. */
  readonly digest: string
  readonly outcomes: string
}

/** The generated file. A run is one line of text, so that a change of one is a change of one line. */
export interface GoldenFile {
  readonly engine: string
  /** Many runs, up to some hundred thousand events each. */
  readonly runs: readonly string[]
  /** Few runs of ten million events and more: some differences show only after a long time. */
  readonly large: readonly string[]
}

/** Reads a line of the file. */
export function goldenRun(line: string): GoldenRun {
  const [name, variant, seed, duration, events, digest, outcomes] = line.split(' ')
  if (name === undefined || outcomes === undefined) throw new Error(`Not a golden run: ${line}`)
  return {
    name,
    variant: variant === '-' ? undefined : variant,
    seed: decodeURIComponent(seed!),
    duration: duration!,
    events: Number(events),
    digest: digest!,
    outcomes,
  }
}

/** Writes a line of the file. */
export function goldenLine(run: GoldenRun): string {
  const { name, variant = '-', seed, duration, events, digest, outcomes } = run
  return [name, variant, encodeURIComponent(seed), duration, events, digest, outcomes].join(' ')
}

/** Most events of a golden run: more than any scenario may ask for by itself. */
const MOST_EVENTS = 1e9

/** The task of a golden run. */
export function goldenTask(
  { name, variant, seed, duration }: Pick<GoldenRun, 'name' | 'variant' | 'seed' | 'duration'>,
  text: string,
  recording: RunTask['recording'],
): RunTask {
  const set = { duration, 'budget.events': MOST_EVENTS }
  return { text, name, variant, seed, off: [], on: [], inert: [], set, recording }
}

/**
 * So many runs of all: one of every scenario, then another of every scenario, and so on. Each scenario begins with
 * another of its runs, so that few runs have seeds of every kind.
 */
export function spread(all: readonly GoldenRun[], count: number): readonly GoldenRun[] {
  const byName = new Map<string, GoldenRun[]>()
  for (const run of all) byName.set(run.name, [...(byName.get(run.name) ?? []), run])
  const turned = [...byName.values()].flatMap((runs, scenario) =>
    runs.map((_, rank) => ({ run: runs[(rank + scenario) % runs.length]!, rank })),
  )
  const inTurn = turned.toSorted((a, b) => a.rank - b.rank)
  return inTurn.slice(0, count).map(({ run }) => run)
}
