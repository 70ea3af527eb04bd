/** What signals may say: laws of every signal, and of the families of patterns. */
import type { Unit } from '../../../engine/model/unit.ts'
import type { World } from '../../../engine/model/world.ts'
import type { SignalSummary } from '../../../engine/results/result.ts'
import { SECOND } from '../../../engine/units.ts'

type Summaries = Readonly<Record<string, SignalSummary>>

/** Everything that is wrong with the signals now; `before` keeps what must not sink from look to look. */
export function violationsOfLevels(world: World, before: Map<string, number>): string[] {
  return world.units.flatMap((unit) => {
    const signals = unit.signals.summaries()
    const own = FAMILIES[unit.component.name]?.(unit, signals) ?? []
    const told = own.filter(([, holds]) => !holds).map(([law]) => law)
    return [...general(unit, signals, before), ...told].map((law) => `${unit.site.path}: ${law}`)
  })
}

/** Counters never sink, gauges are numbers, and a state is always one of its words. */
function general(unit: Unit, signals: Summaries, before: Map<string, number>): string[] {
  const declared = unit.component.signals as Record<string, { kind: string }>
  return Object.entries(signals).flatMap(([name, { value, seconds }]) => {
    const key = `${unit.site.path}.${name}`
    if (declared[name]!.kind === 'state') return stateOf(name, seconds, unit.world.now)
    if (declared[name]!.kind === 'histogram') return []
    const number = value as number
    const last = before.get(key) ?? 0
    before.set(key, number)
    if (!Number.isFinite(number)) return [`${name} is ${number}`]
    if (declared[name]!.kind === 'counter' && number < last) return [`${name} sank to ${number}`]
    return []
  })
}

function stateOf(name: string, seconds: Readonly<Record<string, number>>, now: number): string[] {
  const sum = Object.values(seconds).reduce((total, each) => total + each, 0)
  const isWhole = Math.abs(sum - now / SECOND) < 1e-6 * (1 + sum)
  return isWhole ? [] : [`${name} was in its states for ${sum} s of ${now / SECOND} s`]
}

type Holds = readonly [law: string, holds: boolean]
type Family = (unit: Unit, signals: Summaries) => readonly Holds[]

const level = (signals: Summaries, name: string): number => signals[name]!.value as number
const knob = ({ params }: Unit, name: string): number => params[name] as number

/** A pattern whose knobs a fault turns keeps no promise about them. */
function isTurned({ world, site }: Unit): boolean {
  return world.scenario.faults.some(
    ({ verb, target }) => verb === 'config' && target.startsWith(`patterns.${site.pattern}.`),
  )
}

/** What is between nothing and a limit; the limit counts only where no fault turns the knobs. */
function within(unit: Unit, signals: Summaries, name: string, most: number): Holds {
  const value = level(signals, name)
  return [`0 <= ${name} ${value} <= ${most}`, value >= 0 && (value <= most || isTurned(unit))]
}

/** What counts calls that are under way is no more than there are in the stack of the pattern. */
function held({ world, stack }: Unit, signals: Summaries, name: string): Holds {
  let calls = 0
  world.pool.forEachLive((frame) => {
    if (frame.stack === stack) calls++
  })
  return [
    `${name} ${level(signals, name)} <= ${calls} calls under way`,
    level(signals, name) <= calls,
  ]
}

const FAMILIES: Readonly<Record<string, Family>> = {
  bulkhead: (unit, signals) => {
    const isOne = unit.params['partition'] === 'none'
    return [
      within(unit, signals, 'inUse', isOne ? knob(unit, 'maxConcurrentCalls') : Infinity),
      within(unit, signals, 'waiting', isOne ? knob(unit, 'queueCapacity') : Infinity),
      held(unit, signals, 'inUse'),
      held(unit, signals, 'waiting'),
    ]
  },
  cache: (unit, signals) => [within(unit, signals, 'entries', knob(unit, 'capacity'))],
  'circuit-breaker': (_, signals) => {
    const { entered } = signals['circuit']!
    const [open = 0, halfOpen = 0] = [entered['open'], entered['half-open']]
    return [
      [`half-open ${halfOpen} times, open ${open} times`, halfOpen <= open],
      [
        `opened ${level(signals, 'opened')} times, seen ${open} times`,
        level(signals, 'opened') >= open,
      ],
    ]
  },
  'load-balancer': (unit, signals) => [
    within(unit, signals, 'ejected', unit.site.callee!.instances.length),
    within(unit, signals, 'busiest', Infinity),
  ],
  'load-shedder': (unit, signals) => [
    within(unit, signals, 'inflight', Infinity),
    held(unit, signals, 'inflight'),
    ['limit is at least 1', level(signals, 'limit') >= 1 || level(signals, 'limit') === 0],
  ],
  'lock-service': (unit, signals) => [
    within(unit, signals, 'held', Infinity),
    ['every lapsed lock was granted', level(signals, 'lapsed') <= level(signals, 'granted')],
  ],
  'message-queue': messages,
  'rate-limiter': (unit, signals) => [
    within(unit, signals, 'waiting', level(signals, 'delayed')),
    delays(signals),
    admission(unit, signals),
  ],
  'hedged-request': (_, signals) => [
    ['who won was a hedge', level(signals, 'won') <= level(signals, 'hedges')],
  ],
  'saga-orchestrator': (unit, signals) => [within(unit, signals, 'open', Infinity)],
  autoscaler: (unit, signals) => [
    within(unit, signals, 'ready', unit.site.service!.instances.length),
    within(unit, signals, 'desired', unit.site.service!.instances.length),
  ],
}

/** No message is lost: sent = delayed + ready + out + done. Delayed ones have no gauge. */
function messages(unit: Unit, signals: Summaries): readonly Holds[] {
  const counted = ['depth', 'inFlight', 'acked', 'deadLettered', 'dropped']
  const sum = counted.reduce((total, name) => total + level(signals, name), 0)
  const sent = level(signals, 'sent')
  const mayDelay = knob(unit, 'delay') > 0 || isTurned(unit)
  return [
    [`sent ${sent} = ${counted.join(' + ')} = ${sum}`, mayDelay ? sum <= sent : sum === sent],
    [
      'what comes again was delivered',
      level(signals, 'redelivered') <= level(signals, 'delivered'),
    ],
  ]
}

/** Who is made to wait goes in the end, or still waits, or is given up. */
function delays(signals: Summaries): Holds {
  const ends = ['admitted', 'waiting', 'abandoned'].map((name) => level(signals, name))
  const most = ends.reduce((sum, each) => sum + each, 0)
  return [`delayed <= admitted + waiting + abandoned = ${most}`, level(signals, 'delayed') <= most]
}

/** Buckets: in any time no more than the burst and what the rate gives in that time. */
function admission(unit: Unit, signals: Summaries): Holds {
  const { algorithm, key, rate, burst, fillInterval } = unit.params
  const isBucket = algorithm === 'token-bucket' || algorithm === 'gcra'
  const { world } = unit
  // A clock that jumps makes tokens, and a restart fills the bucket.
  const isSteady = world.scenario.faults.length === 0 && key === 'none' && fillInterval === 0
  const most = (burst as number) + ((rate as number) * world.now) / SECOND + 1
  const admitted = level(signals, 'admitted')
  const isRestarted = world.scenario.patterns.some(({ use }) => use === 'autoscaler')
  return [
    `admitted ${admitted} <= ${most}`,
    !isBucket || !isSteady || isRestarted || admitted <= most,
  ]
}
