/** What `npm run bench` may ask of a benchmark. */
export interface BenchOptions {
  /** How many requests the model is to serve. */
  readonly requests?: number
}

/** What a rate is made of: `mm1` and `chain` return it. */
export interface RateResult {
  readonly requests: number
  /** Of the whole process, V8's own threads included, without warm-up. */
  readonly cpuSeconds: number
  /** What happened in the model, to be held against the reference. */
  readonly counts: Readonly<Record<string, number>>
}

/** A benchmark runs by itself in a process with `gc()`, and returns what it measured. */
export type Bench = (options: BenchOptions) => RateResult | Readonly<Record<string, number>>

/** A file `tests/bench/*.bench.ts` exports these as `benches`; names are unique over all files. */
export type Benches = Readonly<Record<string, Bench>>

/** Runs it, and says how many seconds of processor time that took. */
export function cpuSeconds(run: () => void): number {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}
