/** Latencies of the last while, as a histogram that forgets a tenth at a time. Plain data. */
import { Tenths, TENTHS } from './tenths.ts'

/** Buckets to an octave of microseconds: 3 % wide. */
const FINE = 32
const OCTAVES = 31
const BUCKETS = (OCTAVES - 4) * FINE

/** Answers which latency a share of the recent calls stayed below. */
export class RecentLatencies {
  private readonly tenths: Tenths
  private readonly parts = new Int32Array(TENTHS * BUCKETS)
  private readonly all = new Int32Array(BUCKETS)
  private known = -1
  private isStale = false
  count = 0

  /** @param span how long a latency is remembered, ns */
  constructor(span: number) {
    this.tenths = new Tenths(span)
  }

  add(now: number, latency: number): void {
    this.age(now)
    const at = bucketOf(latency)
    this.parts[this.tenths.place * BUCKETS + at]!++
    this.all[at]!++
    this.count++
  }

  /** The latency that `share` of them stayed below, as of the last tenth of the span that was complete; -1 at first. */
  quantile(now: number, share: number): number {
    this.age(now)
    if (this.isStale) this.known = this.find(share)
    this.isStale = false
    return this.known
  }

  private find(share: number): number {
    const wanted = share * this.count
    let seen = 0
    for (let at = 0; at < BUCKETS; at++) {
      seen += this.all[at]!
      if (seen > 0 && seen >= wanted) return upperEdge(at)
    }
    return -1
  }

  private age(now: number): void {
    const anew = this.tenths.advance(now)
    for (let place = anew - 1; place >= 0; place--) this.forget(this.tenths.before(place) * BUCKETS)
    if (anew > 0) this.isStale = true
  }

  private forget(from: number): void {
    const { parts, all } = this
    for (let at = 0; at < BUCKETS; at++) {
      const calls = parts[from + at]!
      all[at]! -= calls
      this.count -= calls
    }
    parts.fill(0, from, from + BUCKETS)
  }
}

/** Linear below 32 µs, then 32 equal steps to every octave. */
function bucketOf(latency: number): number {
  const micros = Math.min(0x7fff_ffff, Math.floor(latency / 1000))
  const octave = Math.max(0, 27 - Math.clz32(micros))
  return Math.min(
    BUCKETS - 1,
    octave === 0 ? micros : octave * FINE + ((micros >>> (octave - 1)) & (FINE - 1)),
  )
}

function upperEdge(bucket: number): number {
  const octave = Math.floor(bucket / FINE)
  if (octave === 0) return (bucket + 1) * 1000
  let step = 1
  for (let n = 1; n < octave; n++) step *= 2
  return (FINE + (bucket % FINE) + 1) * step * 1000
}
