/**
 * The dots of an edge as they left their caller, along the whole run: one for so many calls, when so many have been
 * sent. Where a dot is follows from the time alone, so the same moment always shows the same picture, and a burst of
 * failures is seen travelling.
 */
import type { Time } from '../../engine/units.ts'
import { edgeColumns, type EdgeColumns } from '../facts/edges.ts'
import type { VariantRun } from '../runs.ts'
import { DOT_HUES, NEAREST, SPEED, type DotHue } from './dots.ts'

/** Dots in the order in which they left. */
export interface Train {
  /** Nanoseconds. */
  readonly times: readonly Time[]
  readonly hues: readonly DotHue[]
}

/** Dots may not leave sooner after one another than this, ns: they would overlap. */
const SOONEST = (NEAREST / SPEED) * 1e9

type Amounts = Record<DotHue, number>

/** A train that grows with its run. */
class Growing implements Train {
  readonly times: Time[] = []
  readonly hues: DotHue[] = []
  private readonly columns: EdgeColumns
  private readonly width: number
  private readonly calls: number
  /** Calls that no dot stands for yet, by how they end. */
  private readonly owed: Amounts = { ok: 0, fast: 0, fail: 0, blocked: 0 }
  /** How calls ended when some did last. */
  private shares: Omit<Amounts, 'blocked'> = { ok: 1, fast: 0, fail: 0 }
  private to = 0

  constructor(run: VariantRun, name: string, calls: number) {
    this.columns = edgeColumns(run, name)
    this.width = run.layout.bucket
    this.calls = calls
  }

  growTo(bucket: number): void {
    for (; this.to < bucket; this.to++) this.take(this.to)
  }

  /** Sends the dots of a bucket, its calls spread evenly over it. */
  private take(bucket: number): void {
    const amounts = this.amountsOf(bucket)
    const total = amounts.ok + amounts.fast + amounts.fail + amounts.blocked
    let at = 0
    for (let next = this.next(bucket, at, total); next < 1; next = this.next(bucket, at, total)) {
      this.owe(amounts, next - at)
      this.send((bucket + next) * this.width)
      at = next
    }
    this.owe(amounts, 1 - at)
  }

  /** The share of a bucket after which the next dot is full and may go; Infinity when nothing is called. */
  private next(bucket: number, at: number, total: number): number {
    if (total <= 0) return Infinity
    const filled = at + Math.max(0, (this.calls - this.sum()) / total)
    const rested = (this.last() + SOONEST) / this.width - bucket
    return Math.max(filled, rested, at)
  }

  private last(): Time {
    return this.times.at(-1) ?? -Infinity
  }

  private sum(): number {
    const { ok, fast, fail, blocked } = this.owed
    return ok + fast + fail + blocked
  }

  private owe(amounts: Amounts, share: number): void {
    for (const hue of DOT_HUES) this.owed[hue] += amounts[hue] * share
  }

  /** The dot is of what is owed most, and stands for all that is owed. */
  private send(time: Time): void {
    const { owed } = this
    const hue = DOT_HUES.reduce((best, one) => (owed[one] > owed[best] ? one : best))
    owed[hue] -= this.sum()
    this.times.push(time)
    this.hues.push(hue)
  }

  private amountsOf(bucket: number): Amounts {
    const { ok, failed, refused, attempts, blocked } = this.columns
    const stopped = blocked.reduce((sum, column) => sum + column[bucket]!, 0)
    const fast = Math.max(0, refused[bucket]! - stopped)
    const ended = ok[bucket]! + failed[bucket]! + fast
    if (ended > 0) {
      this.shares = { ok: ok[bucket]! / ended, fail: failed[bucket]! / ended, fast: fast / ended }
    }
    const sent = attempts[bucket]!
    const { shares } = this
    return {
      ok: sent * shares.ok,
      fast: sent * shares.fast,
      fail: sent * shares.fail,
      blocked: stopped,
    }
  }
}

const known = new WeakMap<VariantRun, Map<string, Growing>>()

/** The dots of an edge as far as the run has come; each stands for so many calls. */
export function trainOf(run: VariantRun, name: string, calls: number): Train {
  let trains = known.get(run)
  if (!trains) known.set(run, (trains = new Map<string, Growing>()))
  const key = `${calls} ${name}`
  const train = trains.get(key) ?? new Growing(run, name, calls)
  trains.set(key, train)
  train.growTo(run.filled)
  return train
}

/** Position of the first dot that left after a moment. */
export function firstAfter(times: readonly Time[], time: Time): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! > time) high = middle
    else low = middle + 1
  }
  return low
}
