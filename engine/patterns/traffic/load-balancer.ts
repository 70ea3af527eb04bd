import type { Call, Target } from '../../component.ts'
import { component } from '../../component.ts'
import { hashText } from '../../core/hash.ts'
import { pow } from '../../core/math.ts'
import { HashRing } from '../../tools/hash-ring.ts'
import { jumpHash, rendezvous, shuffleShard } from '../../tools/partition.ts'
import { HostLoad } from '../../tools/host-load.ts'
import type { Failure } from '../../model/failure.ts'
import { OutlierEjection } from '../../tools/outlier-ejection.ts'
import {
  choice,
  count,
  duration,
  failures,
  fixed,
  group,
  number,
  ratio,
  toggle,
} from '../../params.ts'
import { counter, gauge } from '../../signals.ts'

const outlierEjection = {
  enabled: toggle(false, 'Leaves instances alone for a while that fail time after time'),
  consecutiveErrors: count(5, 'Failures in a row that eject an instance'),
  errors: failures(
    ['overload', 'timeout', 'unreachable', 'error'],
    'Failures that count; a timeout is seen when the timeout propagates its deadline',
  ),
  interval: fixed(duration('10s', 'How often the ejected are looked at', { min: '1ms' })),
  baseEjectionTime: duration('30s', 'Time outside, multiplied by the number of ejections'),
  maxEjectionTime: duration('300s', 'Nobody is left outside for longer'),
  maxEjectionPercent: ratio(0.1, 'Share of the instances that may be outside'),
  alwaysEjectOne: toggle(true, 'One may be outside even when that is more than this share'),
}
const params = {
  policy: choice(
    [
      'random',
      'round-robin',
      'least-request',
      'power-of-two',
      'peak-ewma',
      'key-partitioner',
      'join-idle-queue',
      'least-work',
    ],
    'round-robin',
    'How an instance is chosen; least means calls of this caller under way, peak-ewma weighs them with latency; join-idle-queue takes any without one; least-work knows the work that is left, which nobody does outside of a simulation',
  ),
  choiceCount: fixed(count(2, 'Instances drawn and compared (least-request)', { max: 100 })),
  fullScan: toggle(false, 'Compares all instances, ties by chance (least-request)'),
  withReplacement: toggle(
    false,
    'One instance may be drawn twice (Envoy); otherwise not (Finagle)',
  ),
  decayTime: duration('10s', 'How fast a latency peak is forgotten (peak-ewma)', { min: '1ms' }),
  partitioner: choice(
    ['mod', 'ring', 'jump', 'rendezvous', 'shuffle'],
    'ring',
    'Which instance owns a key (key-partitioner): remainder, consistent hashing of three kinds, or one of a few (shuffle sharding)',
  ),
  shardSize: count(2, 'Instances that a key may go to (shuffle)', { max: 100 }),
  vnodes: fixed(count(16, 'Points of each instance on the ring', { max: 10_000 })),
  slowStart: group(
    {
      window: fixed(duration('0s', 'A new instance gets its full share after this; 0s: at once')),
      minWeight: ratio(0.1, 'Its share at the start'),
      aggression: number(1, 'Above 1 the share grows faster at first', { min: 0.01, max: 100 }),
    },
    'Spares instances that have just come',
  ),
  healthyPanicThreshold: ratio(0.5, 'When fewer instances than this share are left, all are used'),
  outlierEjection: group(outlierEjection, 'Passive health checks on the calls themselves'),
}
export default component({
  name: 'load-balancer',
  family: 'traffic',
  at: ['router'],
  about: 'Chooses the instance that each call goes to.',
  source:
    'Envoy (round robin, least request, outlier detection, panic, slow start), Finagle (P2C, PeakEwma), Cassandra (ring with 16 vnodes), Lu et al. 2011 (join-idle-queue)',
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
    ejected: gauge('Instances left alone now', 'instances'),
    ejections: counter('Times an instance was ejected'),
    unevenness: gauge('Standard deviation of the shares of keys, over their mean (ring)'),
    largestShare: gauge('Largest share of the keys, over the mean (ring)'),
    smallestShare: gauge('Smallest share of the keys, over the mean (ring)'),
    panics: counter('Choices among all instances because too few were left'),
  },
  check: ({ policy, choiceCount, fullScan, slowStart, outlierEjection: outlier }) => {
    const found: string[] = []
    if (policy === 'least-request' && choiceCount === 1 && !fullScan)
      found.push('choiceCount: 1 compares nothing: take policy random, or 2 and more')
    if (policy === 'key-partitioner' && slowStart.window > 0)
      found.push('a key has one owner, new or not: slowStart.window must be 0s (key-partitioner)')
    if (outlier.enabled && outlier.maxEjectionPercent === 0 && !outlier.alwaysEjectOne)
      found.push('outlierEjection.maxEjectionPercent: 0% never ejects anybody')
    return found
  },
  state: () => ({
    hosts: [] as HostLoad[],
    health: new OutlierEjection(),
    /** Round robin: who comes next; -1 before the first. */
    next: -1,
    /** Scratch: the instances among which a choice is made. */
    usable: [] as number[],
    /** Whether the shares of the ring have been told. */
    isRingTold: false,
  }),
  create({ params, state, signals, clock, targets, perCall, chance, every }) {
    const { hosts, health, usable } = state
    const chosen = perCall(-1)
    const startedAt = perCall(0)
    const deadline = perCall(Infinity)
    const start = chance('start')
    const warmth = chance('warm')
    const drawn = Math.max(2, params.choiceCount)
    const draws = Array.from({ length: drawn }, (_, n) => chance(`choice ${n + 1}`))
    const names = targets.map(({ service, index }) => `${service}#${index}`)
    /** Made when it is first needed; it follows from the names alone. */
    let ring: HashRing | undefined
    let hashes: readonly number[] | undefined
    const takesCalls = (index: number): boolean =>
      targets[index]!.listed && !health.isEjected(index)

    /** Share of calls that an instance may get now: less than 1 while it is new (Envoy's slow start). */
    const weightOf = ({ since }: HostLoad): number => {
      const { window, minWeight, aggression } = params.slowStart
      const age = clock.now - since
      return age >= window ? 1 : Math.max(minWeight, pow(age / window, 1 / aggression))
    }
    const notice = ({ index, listed }: Target): void => {
      const host = hosts[index]!
      if (!listed) host.since = NaN
      else if (Number.isNaN(host.since)) host.since = clock.now
    }
    const leaveOutNew = (call: Call): void => {
      for (const target of targets) notice(target)
      const warmEnough = warmth.forCall(call)
      let kept = 0
      for (const index of usable) if (weightOf(hosts[index]!) >= warmEnough) usable[kept++] = index
      if (kept > 0) usable.length = kept
    }
    /** Collects who may be chosen: listed and, unless all must do, not ejected. */
    const look = (withEjected: boolean): void => {
      const all = withEjected || health.ejected === 0
      usable.length = 0
      for (let index = 0; index < targets.length; index++) {
        if (targets[index]!.listed && (all || !health.isEjected(index))) usable.push(index)
      }
    }
    const isPanic = (): boolean => {
      let listed = 0
      let healthy = 0
      for (const target of targets) {
        if (target.listed) listed++
        if (takesCalls(target.index)) healthy++
      }
      return healthy < params.healthyPanicThreshold * listed
    }
    const collect = (call: Call): void => {
      const inPanic = health.ejected > 0 && isPanic()
      if (inPanic) signals.panics.add()
      look(inPanic)
      if (params.slowStart.window > 0) leaveOutNew(call)
      const { avoided } = call
      const at = avoided === undefined ? -1 : usable.indexOf(avoided.index)
      if (at >= 0 && usable.length > 1) usable.splice(at, 1)
    }
    const loadOf = (index: number): number => {
      const host = hosts[index]!
      if (params.policy === 'least-work') return targets[index]!.unfinished
      if (params.policy !== 'peak-ewma') return host.outstanding
      return host.peakEwma(clock.now, params.decayTime)
    }
    /** The least loaded of `number` instances drawn by chance; of equals the first drawn. */
    const sample = (call: Call, number: number): number => {
      let best = -1
      let least = Infinity
      for (let n = 0; n < number; n++) {
        const from = params.withReplacement ? 0 : n
        if (from >= usable.length) break
        const at = from + Math.floor(draws[n]!.forCall(call) * (usable.length - from))
        const index = usable[at]!
        usable[at] = usable[from]!
        usable[from] = index
        const load = loadOf(index)
        if (best >= 0 && load >= least) continue
        best = index
        least = load
      }
      return best
    }
    /** The least loaded of all; among equals by chance. */
    const scan = (call: Call): number => {
      let least = Infinity
      let equals = 0
      for (const index of usable) {
        const load = loadOf(index)
        if (load > least) continue
        equals = load < least ? 0 : equals
        least = load
        usable[equals++] = index
      }
      return equals === 0 ? -1 : usable[Math.floor(draws[0]!.forCall(call) * equals)]!
    }
    /** Any without a call of this caller; when there is none, anyone. */
    const anyIdle = (call: Call): number => {
      let idle = 0
      for (const index of usable) if (hosts[index]!.outstanding === 0) usable[idle++] = index
      const among = idle > 0 ? idle : usable.length
      return among === 0 ? -1 : usable[Math.floor(draws[0]!.forCall(call) * among)]!
    }
    const roundRobin = (): number => {
      if (state.next < 0) state.next = Math.floor(start.next() * targets.length)
      for (let n = 0; n < targets.length; n++) {
        const index = state.next
        state.next = (index + 1) % targets.length
        if (usable.includes(index)) return index
      }
      return -1
    }
    const tellShares = (made: HashRing): void => {
      const shares = made.shares(names.length).map((share) => share * names.length)
      const squares = shares.reduce((sum, share) => sum + (share - 1) * (share - 1), 0)
      signals.unevenness.set(Math.sqrt(squares / names.length))
      signals.largestShare.set(Math.max(...shares))
      signals.smallestShare.set(Math.min(...shares))
    }
    /** The ring may be there already when the run has gone back to before it was told of. */
    const ringNow = (): HashRing => {
      ring ??= new HashRing(names, params.vnodes)
      if (!state.isRingTold) tellShares(ring)
      state.isRingTold = true
      return ring
    }
    /** One of the few instances of a key that may be used. */
    const shardOf = (call: Call): number => {
      const shard = shuffleShard(call.key, targets.length, params.shardSize).filter(takesCalls)
      return shard[Math.floor(draws[0]!.forCall(call) * shard.length)] ?? -1
    }
    const ownerOf = (call: Call): number => {
      const { key } = call
      if (params.partitioner === 'ring') return ringNow().owner(key, takesCalls)
      if (params.partitioner === 'shuffle') return shardOf(call)
      look(false)
      if (usable.length === 0) return -1
      if (params.partitioner === 'jump') return usable[jumpHash(key, usable.length)]!
      if (params.partitioner === 'mod') return usable[key % usable.length]!
      hashes ??= names.map(hashText)
      return rendezvous(key, usable, hashes)
    }
    const choose = (call: Call): number => {
      if (params.policy === 'key-partitioner') return ownerOf(call)
      collect(call)
      if (params.policy === 'round-robin') return roundRobin()
      if (params.policy === 'random') return sample(call, 1)
      if (params.policy === 'join-idle-queue') return anyIdle(call)
      if (params.policy === 'least-work') return scan(call)
      if (params.policy !== 'least-request') return sample(call, 2)
      return params.fullScan ? scan(call) : sample(call, Math.min(params.choiceCount, draws.length))
    }
    /** Nobody to choose from but all: any listed instance is drawn, as without a balancer. */
    const leavesIt = (): boolean =>
      params.policy === 'random' && health.ejected === 0 && params.slowStart.window === 0

    const begin = (call: Call, index: number): void => {
      chosen.set(call, index)
      hosts[index]!.outstanding++
      let most = 0
      for (const { outstanding } of hosts) if (outstanding > most) most = outstanding
      signals.busiest.set(most)
    }
    /** Settles the books of the instance that the call went to; answers which that was. */
    const end = (call: Call): number => {
      const index = chosen.get(call)
      if (index < 0) return call.target?.index ?? -1
      chosen.set(call, -1)
      const host = hosts[index]!
      host.outstanding--
      if (params.policy === 'peak-ewma') {
        host.observe(clock.now - startedAt.get(call), clock.now, params.decayTime)
      }
      return index
    }
    const judge = (index: number, failure: Failure | undefined): void => {
      const { outlierEjection: rules } = params
      if (!rules.enabled || index < 0 || !health.record(index, failure, rules)) return
      let listed = 0
      for (const target of targets) if (target.listed) listed++
      if (!health.eject(index, listed, clock.now, rules)) return
      signals.ejections.add()
      signals.ejected.set(health.ejected)
    }
    const startSweeping = (): void => {
      const { enabled, interval } = params.outlierEjection
      if (enabled) every(interval, 'outlier sweep')
    }
    return {
      onStart() {
        for (const { index, listed } of targets) {
          hosts[index] = new HostLoad()
          if (!listed) hosts[index].since = NaN
        }
        startSweeping()
      },
      onCall(call) {
        startedAt.set(call, clock.now)
        deadline.set(call, call.deadline)
        const { target } = call
        if (target === undefined && leavesIt()) return call.pass()
        const index = target === undefined ? choose(call) : target.index
        if (index < 0) return call.pass()
        begin(call, index)
        return call.passTo(targets[index]!)
      },
      onReply(call) {
        judge(end(call), call.failure)
        return call.pass()
      },
      onCancel(call) {
        const index = end(call)
        // Given up at its deadline: the instance has kept it too long. Given up earlier: nobody's fault.
        if (clock.now >= deadline.get(call)) judge(index, 'timeout')
      },
      onTimer() {
        health.sweep(clock.now, params.outlierEjection)
        signals.ejected.set(health.ejected)
      },
      onFault: startSweeping,
    }
  },
})
