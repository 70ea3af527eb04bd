import { component } from '../../component.ts'
import type { Values } from '../../params.ts'
import { choice, count, duration, fixed, group, number, ratio } from '../../params.ts'
import { counter, gauge } from '../../signals.ts'
import { SECOND } from '../../units.ts'

/** How fast a size may change: the larger of a share and a number of instances per period. */
const policy = (share: number, instances: number, stabilisation: string, help: string) =>
  group(
    {
      share: ratio(share, 'Share of the instances by which it may change within a period', {
        max: 100,
      }),
      instances: count(
        instances,
        'Number of instances by which it may change within a period, where that is more',
        { min: 0 },
      ),
      period: duration('15s', 'The period', { min: '1s' }),
      stabilisation: duration(stabilisation, 'The most careful recommendation of so long counts'),
    },
    help,
  )

const params = {
  max: count(10, 'Most instances', { max: 1000 }),
  min: count(1, 'Fewest instances', { max: 1000 }),
  metric: fixed(
    choice(['utilisation', 'arrivals', 'queue'], 'utilisation', 'What is kept at its target'),
  ),
  targetUtilisation: ratio(0.5, 'Busy share of the slots that is aimed at', { min: 0.01 }),
  targetPerInstance: number(
    100,
    'Arrivals per second, or calls waiting, that one instance should have',
    { min: 1e-6, max: 1e9 },
  ),
  tolerance: ratio(0.1, 'A metric this close to its target changes nothing'),
  interval: fixed(duration('15s', 'Time from decision to decision', { min: '1s' })),
  scrapeInterval: fixed(
    duration('15s', 'How often the monitoring reads the service', { min: '1s' }),
  ),
  scrapeDelay: fixed(duration('0s', 'How long it takes until a reading is seen')),
  scaleUp: policy(1, 4, '0s', 'How fast it grows'),
  scaleDown: policy(1, 0, '300s', 'How fast it shrinks'),
  startup: duration('30s', 'How long a new instance takes to be ready'),
  notReady: choice(
    ['zero', 'ignored'],
    'zero',
    'Instances that are starting count as idle, or are not thought of: then more are asked for',
  ),
  mode: choice(['act', 'observe'], 'act', 'Scale, or only show what would be done'),
}
type Settings = Values<typeof params>

/** A moment and the size that was recommended, or the number of instances that came or went. */
interface Mark {
  readonly at: number
  readonly count: number
}

export default component({
  name: 'autoscaler',
  family: 'scaling',
  at: ['controller'],
  about:
    'Adds instances when the service is busier than wanted and takes them away when it is not.',
  source:
    'Kubernetes HorizontalPodAutoscaler v2 (15 s, tolerance 0.1, up max(100 %, 4)/15 s, down stabilised over 300 s)',
  tradeOff: 'instances paid for vs time without enough of them',
  order: 0,
  params,
  primary: 'max',
  inert: { mode: 'observe' },
  signals: {
    desired: gauge('Instances asked for', 'instances'),
    ready: gauge('Instances that take calls', 'instances'),
    wanted: gauge('What the metric alone would ask for', 'instances'),
    metric: gauge('The metric as the controller sees it'),
    scaledUp: counter('Decisions to grow'),
    scaledDown: counter('Decisions to shrink'),
    cost: counter('Instance-seconds paid for'),
  },
  check: ({ min, max }) => (max < min ? ['max must be at least min'] : []),
  instances: ({ max }) => max,
  state: () => ({ recommended: [] as Mark[], grown: [] as Mark[], shrunk: [] as Mark[] }),
  create({ params, state, signals, node, clock, every, metrics }) {
    const watched = metrics(node.name, params.metric, {
      every: params.scrapeInterval,
      late: params.scrapeDelay,
    })

    const decide = (value: number): void => {
      const { now } = clock
      const { desired: current } = node
      const wanted = recommendation(value, current, node.ready, params)
      if (state.recommended.length === 0) state.recommended.push({ at: now, count: current })
      const steady = stabilised(wanted, current, state.recommended, now, params)
      state.recommended.push({ at: now, count: wanted })
      const next = withinLimits(steady, current, changes(state, now, params), params)
      signals.wanted.set(wanted)
      if (params.mode === 'observe' || next === current) return
      ;(next > current ? state.grown : state.shrunk).push({
        at: now,
        count: Math.abs(next - current),
      })
      ;(next > current ? signals.scaledUp : signals.scaledDown).add()
      node.scaleTo(next, params.startup)
    }

    const report = (): void => {
      signals.desired.set(node.desired)
      signals.ready.set(node.ready)
    }

    return {
      onStart() {
        every(params.interval, 'decide')
        report()
      },
      onTimer() {
        signals.cost.add((node.desired * params.interval) / SECOND)
        const { value } = watched
        if (value !== undefined) {
          signals.metric.set(value)
          decide(value)
        }
        forget(state, clock.now, params)
        report()
      },
    }
  },
})

/** The size that would bring the metric to its target: ⌈current · metric / target⌉, unless it is close enough. */
function recommendation(value: number, current: number, ready: number, settings: Settings): number {
  const { metric, tolerance, targetUtilisation, targetPerInstance, notReady } = settings
  const isClose = (share: number): boolean => Math.abs(share - 1) <= tolerance
  if (metric !== 'utilisation') {
    const share = value / (targetPerInstance * current)
    return isClose(share) ? current : Math.ceil(value / targetPerInstance)
  }
  const share = value / targetUtilisation
  if (notReady === 'ignored' || ready === current)
    return isClose(share) ? current : Math.ceil(share * current)
  if (share <= 1) return isClose(share) ? current : Math.ceil(share * ready)
  // Instances that start count as idle: with them the need may be met, and they never turn a need into a surplus.
  const withThem = (share * ready) / current
  return isClose(withThem) || withThem < 1 ? current : Math.ceil(withThem * current)
}

/** Grows by the least and shrinks by the most that was recommended lately. */
function stabilised(
  wanted: number,
  current: number,
  recommended: readonly Mark[],
  now: number,
  { scaleUp, scaleDown }: Settings,
): number {
  let least = wanted
  let most = wanted
  for (const { at, count } of recommended) {
    if (at > now - scaleUp.stabilisation) least = Math.min(least, count)
    if (at > now - scaleDown.stabilisation) most = Math.max(most, count)
  }
  return Math.min(Math.max(current, least), most)
}

interface Changes {
  readonly grown: number
  readonly shrunk: number
}

function changes(
  state: { grown: readonly Mark[]; shrunk: readonly Mark[] },
  now: number,
  { scaleUp, scaleDown }: Settings,
): Record<'up' | 'down', Changes> {
  const since = (period: number): Changes => ({
    grown: sumSince(state.grown, now - period),
    shrunk: sumSince(state.shrunk, now - period),
  })
  return { up: since(scaleUp.period), down: since(scaleDown.period) }
}

/** Keeps to the speed limits, counted from the size at the start of the period, and to min and max. */
function withinLimits(
  size: number,
  current: number,
  { up, down }: Record<'up' | 'down', Changes>,
  settings: Settings,
): number {
  const { scaleUp, scaleDown, min, max } = settings
  const beforeUp = current - up.grown + up.shrunk
  const beforeDown = current - down.grown + down.shrunk
  const most = Math.max(
    Math.ceil(beforeUp * (1 + scaleUp.share)),
    beforeUp + scaleUp.instances,
    current,
  )
  const least = Math.min(
    Math.floor(beforeDown * (1 - scaleDown.share)),
    beforeDown - scaleDown.instances,
    current,
  )
  return Math.max(min, Math.min(max, Math.max(least, Math.min(most, size))))
}

function sumSince(marks: readonly Mark[], since: number): number {
  return marks.reduce((sum, { at, count }) => (at > since ? sum + count : sum), 0)
}

function forget(
  state: { recommended: Mark[]; grown: Mark[]; shrunk: Mark[] },
  now: number,
  { scaleUp, scaleDown }: Settings,
): void {
  const window = Math.max(scaleUp.stabilisation, scaleDown.stabilisation)
  const period = Math.max(scaleUp.period, scaleDown.period)
  state.recommended = state.recommended.filter(({ at }) => at > now - window)
  state.grown = state.grown.filter(({ at }) => at > now - period)
  state.shrunk = state.shrunk.filter(({ at }) => at > now - period)
}
