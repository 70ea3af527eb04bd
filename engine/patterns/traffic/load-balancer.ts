import type { Call, Target } from '../../component.ts'
import { component } from '../../component.ts'
import { exp, pow } from '../../core/math.ts'
import { HashRing } from '../../hash-ring.ts'
import { OutlierEjection } from '../../outlier-ejection.ts'
import type { Values } from '../../params.ts'
import { choice, count, duration, failures, group, number, ratio, toggle } from '../../params.ts'
import { counter, gauge } from '../../signals.ts'

const outlierEjection = {
  enabled: toggle(false, 'Leaves instances alone for a while that fail time after time'),
  consecutiveErrors: count(5, 'Failures in a row that eject an instance'),
  errors: failures(
    ['overload', 'timeout', 'unreachable', 'error'],
    'Failures that count; a timeout is seen when the timeout propagates its deadline',
  ),
  interval: duration('10s', 'How often the ejected are looked at', { min: '1ms' }),
  baseEjectionTime: duration('30s', 'Time outside, multiplied by the number of ejections'),
  maxEjectionTime: duration('300s', 'Nobody is left outside for longer'),
  maxEjectionPercent: ratio(0.1, 'Share of the instances that may be outside'),
  alwaysEjectOne: toggle(true, 'One may be outside even when that is more than this share'),
}
const params = {
  policy: choice(
    ['random', 'round-robin', 'least-request', 'power-of-two', 'peak-ewma', 'key-partitioner'],
    'round-robin',
    'How an instance is chosen; least means calls of this caller under way, peak-ewma weighs them with latency',
  ),
  choiceCount: count(2, 'Instances drawn and compared (least-request)', { max: 100 }),
  fullScan: toggle(false, 'Compares all instances, ties by chance (least-request)'),
  withReplacement: toggle(false, 'One instance may be drawn twice (Envoy); otherwise not (Finagle)'),
  decayTime: duration('10s', 'How fast a latency peak is forgotten (peak-ewma)', { min: '1ms' }),
  partitioner: choice(
    ['mod', 'ring'],
    'ring',
    'Which instance owns a key (key-partitioner): remainder, or consistent hashing',
  ),
  vnodes: count(16, 'Points of each instance on the ring', { max: 10_000 }),
  slowStart: group(
    {
      window: duration('0s', 'A new instance gets its full share after this; 0s: at once'),
      minWeight: ratio(0.1, 'Its share at the start'),
      aggression: number(1, 'Above 1 the share grows faster at first', { min: 0.01, max: 100 }),
    },
    'Spares instances that have just come',
  ),
  healthyPanicThreshold: ratio(0.5, 'When fewer instances than this share are left, all are used'),
  outlierEjection: group(outlierEjection, 'Passive health checks on the calls themselves'),
}
type Settings = Values<typeof params>

/** What this caller knows of one instance. */
class Host {
  outstanding = 0
  /** Moving average of its latency that jumps to every peak, and when it was last brought up to date. */
  cost = 0
  stamp = 0
  /** When it was first seen to take calls; NaN while it takes none. */
  since = -Infinity

  /** Finagle's PeakEwma. */
  observe(latency: number, now: number, decayTime: number): void {
    const weight = exp((this.stamp - now) / decayTime)
    this.cost = latency > this.cost ? latency : this.cost * weight + latency * (1 - weight)
    this.stamp = now
  }
}

/** Load of a host without history but with calls under way: worse than any known one (Finagle's penalty). */
const PENALTY = 140_737_488_355_327

export default component({
  name: 'load-balancer',
  family: 'traffic',
  at: ['router'],
  about: 'Chooses the instance that each call goes to.',
  source:
    'Envoy (round robin, least request, outlier detection, panic, slow start), Finagle (P2C, PeakEwma), Cassandra (ring with 16 vnodes)',
  tradeOff: 'even load vs state per caller, and herding towards who looks idle',
  order: 900,
  params,
  inert: {
    policy: 'random',
    slowStart: { window: '0s' },
    outlierEjection: { enabled: false },
  },
  signals: {
    busiest: gauge('Most calls under way at one instance', 'calls'),
    spread: gauge('Difference between the most and the fewest calls under way', 'calls'),
    ejected: gauge('Instances left alone now', 'instances'),
    ejections: counter('Times an instance was ejected'),
    panics: counter('Choices among all instances because too few were left'),
  },
  check: ({ policy, choiceCount, fullScan, outlierEjection: outlier }) => {
    const found: string[] = []
    if (policy === 'least-request' && choiceCount === 1 && !fullScan)
      found.push('choiceCount: 1 compares nothing: take policy random, or 2 and more')
    if (outlier.enabled && outlier.maxEjectionPercent === 0 && !outlier.alwaysEjectOne)
      found.push('outlierEjection.maxEjectionPercent: 0% never ejects anybody')
    return found
  },
  state: () => ({
    hosts: [] as Host[],
    health: new OutlierEjection(),
    /** Round robin: who comes next; -1 before the first. */
    next: -1,
    /** Scratch: the instances that can be chosen now. */
    usable: new Int32Array(16),
  }),
  create({ params, state, signals, clock, targets, perCall, chance, every }) {
    const { hosts, health } = state
    const chosen = perCall(-1)
    const startedAt = perCall(0)
    const deadline = perCall(Infinity)
    const draws = Array.from({ length: Math.max(2, params.choiceCount) }, (_, n) =>
      chance(`choice ${n + 1}`),
    )
    const start = chance('start')
    const warmth = chance('warm')
    const ring = new HashRing(
      targets.map(({ service, index }) => `${service}#${index}`),
      params.vnodes,
    )

    /** Share of calls that a host may get now: less than 1 while it is new. */
    const weightOf = (host: Host): number => {
      const { window, minWeight, aggression } = params.slowStart
      const age = clock.now - host.since
      if (window === 0 || age >= window) return 1
      return Math.max(minWeight, pow(age / window, 1 / aggression))
    }
    /** Fills `usable` with those that are listed, not left alone, and warm enough; answers how many. */
    const look = (call: Call, inPanic: boolean): number => {
      let size = 0
      let warm = -1
      for (const { index, listed } of targets) {
        const host = hosts[index]!
        if (!listed) host.since = NaN
        else if (Number.isNaN(host.since)) host.since = clock.now
        if (!listed || (!inPanic && health.isEjected(index))) continue
        if (params.slowStart.window > 0) {
          const weight = weightOf(host)
          if (weight < 1 && warm < 0) warm = warmth.forCall(call)
          if (weight < 1 && warm > weight) continue
        }
        state.usable[size++] = index
      }
      return size
    }
    const without = (target: Target | undefined, size: number): number => {
      if (target === undefined || size < 2) return size
      let kept = 0
      for (let at = 0; at < size; at++) {
        if (state.usable[at] !== target.index) state.usable[kept++] = state.usable[at]!
      }
      return kept
    }
    const candidates = (call: Call): number => {
      let size = look(call, false)
      if (health.ejected > 0) {
        let listed = 0
        for (const target of targets) if (target.listed) listed++
        const inPanic = listed - ejectedNow() < params.healthyPanicThreshold * listed
        if (inPanic) {
          signals.panics.add()
          size = look(call, true)
        }
      }
      return without(call.avoided, size)
    }
    const ejectedNow = (): number => {
      let ejected = 0
      for (const { index, listed } of targets) if (listed && health.isEjected(index)) ejected++
      return ejected
    }
    const loadOf = (index: number): number => {
      const host = hosts[index]!
      if (params.policy !== 'peak-ewma') return host.outstanding
      host.observe(0, clock.now, params.decayTime)
      if (host.cost === 0 && host.outstanding > 0) return PENALTY + host.outstanding
      return host.cost * (host.outstanding + 1)
    }
    /** The least loaded of `drawn` instances drawn by chance; of equals the first drawn. */
    const sample = (call: Call, size: number, drawn: number): number => {
      const { usable } = state
      let best = -1
      let least = Infinity
      for (let n = 0; n < drawn && n < draws.length; n++) {
        const from = params.withReplacement ? 0 : n
        if (from >= size) break
        const at = from + Math.floor(draws[n]!.forCall(call) * (size - from))
        const index = usable[at]!
        if (!params.withReplacement) {
          usable[at] = usable[n]!
          usable[n] = index
        }
        const load = loadOf(index)
        if (load < least) [best, least] = [index, load]
      }
      return best
    }
    /** The least loaded of all; among equals by chance. */
    const scan = (call: Call, size: number): number => {
      const { usable } = state
      let least = Infinity
      let equals = 0
      for (let at = 0; at < size; at++) {
        const load = loadOf(usable[at]!)
        if (load < least) [least, equals] = [load, 0]
        if (load === least) usable[equals++] = usable[at]!
      }
      return equals === 0 ? -1 : usable[Math.floor(draws[0]!.forCall(call) * equals)]!
    }
    const roundRobin = (size: number): number => {
      if (state.next < 0) state.next = Math.floor(start.next() * targets.length)
      for (let n = 0; n < targets.length; n++) {
        const index = state.next++ % targets.length
        for (let at = 0; at < size; at++) if (state.usable[at] === index) return index
      }
      return -1
    }
    const ownerOf = (call: Call): number => {
      const size = look(call, false)
      if (params.partitioner === 'mod') return size === 0 ? -1 : state.usable[call.key % size]!
      return ring.owner(call.key, (index) => state.usable.subarray(0, size).includes(index))
    }
    const choose = (call: Call): number => {
      if (params.policy === 'key-partitioner') return ownerOf(call)
      const size = candidates(call)
      switch (params.policy) {
        case 'round-robin':
          return roundRobin(size)
        case 'least-request':
          return params.fullScan ? scan(call, size) : sample(call, size, params.choiceCount)
        case 'random':
          return sample(call, size, 1)
        default:
          return sample(call, size, 2)
      }
    }
    /** Without choosing, any listed instance is drawn, as without a balancer. */
    const leavesIt = (): boolean =>
      params.policy === 'random' && health.ejected === 0 && params.slowStart.window === 0

    const begin = (call: Call, index: number): void => {
      const host = hosts[index]!
      chosen.set(call, index)
      host.outstanding++
      report()
    }
    const end = (call: Call, failure: Call['failure']): void => {
      const index = chosen.get(call) >= 0 ? chosen.get(call) : (call.target?.index ?? -1)
      if (index < 0) return
      if (chosen.get(call) >= 0) {
        hosts[index]!.outstanding--
        chosen.set(call, -1)
        report()
      }
      const { now } = clock
      if (params.policy === 'peak-ewma') {
        hosts[index]!.observe(now - startedAt.get(call), now, params.decayTime)
      }
      const { outlierEjection: outlier } = params
      if (!outlier.enabled || !health.record(index, failure, now, outlier)) return
      signals.ejections.add()
      signals.ejected.set(health.ejected)
    }
    const report = (): void => {
      let most = 0
      let fewest = Infinity
      for (const { index, listed } of targets) {
        if (!listed) continue
        const { outstanding } = hosts[index]!
        if (outstanding > most) most = outstanding
        if (outstanding < fewest) fewest = outstanding
      }
      signals.busiest.set(most)
      signals.spread.set(fewest === Infinity ? 0 : most - fewest)
    }
    return {
      onStart() {
        for (const { index, listed } of targets) {
          hosts[index] = new Host()
          if (!listed) hosts[index]!.since = NaN
        }
        health.know(targets.length)
        if (state.usable.length < targets.length) state.usable = new Int32Array(targets.length)
        const { enabled, interval } = params.outlierEjection
        if (enabled) every(interval, 'outlier sweep')
      },
      onCall(call) {
        startedAt.set(call, clock.now)
        deadline.set(call, call.deadline)
        const already = call.target
        if (already === undefined && leavesIt()) return call.pass()
        const index = already === undefined ? choose(call) : already.index
        if (index < 0) return call.pass()
        begin(call, index)
        return call.passTo(targets[index]!)
      },
      onReply(call) {
        end(call, call.failure)
        return call.pass()
      },
      onCancel(call) {
        // Taken back at its deadline, the instance has kept it too long.
        end(call, clock.now >= deadline.get(call) ? 'timeout' : undefined)
      },
      onTimer() {
        health.sweep(clock.now, params.outlierEjection)
        signals.ejected.set(health.ejected)
      },
    }
  },
})
