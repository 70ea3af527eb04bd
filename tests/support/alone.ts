/**
 * One component between a caller and a scripted neighbour:
 *
 *   const world = alone(circuitBreaker, { minimumNumberOfCalls: 2 })
 *   world.neighbour('error', 'error')
 *   world.call(2)
 *   world.run('1s')
 *   expect(world.signal('circuit')).toBe('open')
 */
import type { AnyComponent, Call, Place } from '../../engine/component.ts'
import { component } from '../../engine/component.ts'
import type { Failure } from '../../engine/model/failure.ts'
import type { World } from '../../engine/model/world.ts'
import { defaultsOf } from '../../engine/params.ts'
import type { VariantResult } from '../../engine/results/result.ts'
import { summarise } from '../../engine/results/summary.ts'
import type { Built } from '../../engine/scenario/build.ts'
import { build } from '../../engine/scenario/build.ts'
import type { LoadSpec, Scenario, ServiceSpec } from '../../engine/scenario/scenario.ts'
import { parseDuration, SECOND } from '../../engine/units.ts'

/** What the neighbour does with a call: an outcome, after a delay (default 1ms); `silent` never answers. */
export type Reply =
  'ok' | 'silent' | Failure | { outcome: 'ok' | Failure; after?: string; body?: unknown }

/** What came back to the caller. */
export interface Ended {
  readonly ok: boolean
  readonly failure: Failure | undefined
  readonly degraded: boolean
  readonly body: unknown
  /** ns from sending to end, and time of the end. */
  readonly took: number
  readonly at: number
}

export interface Alone {
  readonly world: World
  /** Ends in order. */
  readonly ended: readonly Ended[]
  /** Calls that reached the neighbour: time, instance, operation, attempt, body. */
  readonly reached: readonly {
    at: number
    instance: number
    op: string
    attempt: number
    key: number
    body: unknown
  }[]
  /** Outcomes of the next calls that reach the neighbour; after the last one it answers `ok`. */
  neighbour(...replies: Reply[]): void
  /** Sends calls now. */
  call(count?: number): void
  /** Lets a span of time pass. */
  run(span: string): void
  /** Total of a counter, value of a gauge, word of a state. */
  signal(name: string): number | string
  result(): VariantResult
}

interface Options {
  /** Instances of the neighbour. */
  readonly instances?: number
  readonly service?: Partial<ServiceSpec>
  readonly load?: Partial<LoadSpec>
  readonly seed?: string
  readonly place?: Place
  /** Further services, plain and fast (`instances` 1). */
  readonly others?: readonly string[]
  readonly scenario?: Partial<Scenario>
}

/** A world with a caller, the component, and a neighbour that follows a script. Params are in engine units (ns). */
export function alone(
  subject: AnyComponent,
  params: Record<string, unknown> = {},
  options: Options = {},
): Alone {
  const ended: Ended[] = []
  const reached: {
    at: number
    instance: number
    op: string
    attempt: number
    key: number
    body: unknown
  }[] = []
  const script: Reply[] = []
  const probe = probeOf(ended)
  const actor = actorOf(script, reached)
  const catalogue = new Map([subject, probe, actor].map((each) => [each.name, each]))
  const place = options.place ?? subject.at[0]!
  const built = build(
    scenarioOf(subject, params, place, options),
    options.seed ?? '1',
    false,
    catalogue,
  )
  return harness(built, ended, reached, script)
}

function harness(built: Built, ended: Ended[], reached: Alone['reached'], script: Reply[]): Alone {
  const { world } = built
  return {
    world,
    ended,
    reached,
    neighbour: (...replies) => void script.push(...replies),
    call(count = 1) {
      for (let n = 0; n < count; n++) world.loads[0]!.sendNow()
    },
    run(span) {
      world.run(world.now + parseDuration(span)!)
    },
    signal(name) {
      const unit = world.units.find((each) => each.site.pattern === 'subject')!
      return unit.signals.summaries()[name]!.value
    },
    result: () => summarise(built, 'alone', 'alone'),
  }
}

/** The caller's own ear: the outermost layer. */
function probeOf(ended: Ended[]): AnyComponent {
  return component({
    name: 'probe',
    family: 'style',
    at: ['client'],
    about: 'Hears every end.',
    source: 'test',
    tradeOff: 'none',
    order: -1000,
    params: {},
    signals: {},
    create: ({ clock }) => ({
      onReply(call) {
        const { ok, failure, degraded, body, startedAt } = call
        ended.push({ ok, failure, degraded, body, took: clock.now - startedAt, at: clock.now })
        return call.pass()
      },
    }),
  })
}

/** The neighbour: holds each call and ends it as the script says. Innermost server layer. */
function actorOf(
  script: Reply[],
  reached: {
    at: number
    instance: number
    op: string
    attempt: number
    key: number
    body: unknown
  }[],
): AnyComponent {
  return component({
    name: 'actor',
    family: 'style',
    at: ['server'],
    about: 'Follows a script.',
    source: 'test',
    tradeOff: 'none',
    order: 1_000_000,
    params: {},
    signals: {},
    create({ clock, after, node }) {
      const replies = new Map<Call, { outcome: 'ok' | Failure; body?: unknown }>()
      return {
        onCall(call) {
          const { op, attempt, key, body } = call
          reached.push({ at: clock.now, instance: node.instance, op, attempt, key, body })
          const next = script.shift() ?? 'ok'
          if (next === 'silent') return call.hold()
          const reply = typeof next === 'string' ? { outcome: next } : next
          replies.set(call, reply)
          after(
            parseDuration((typeof next === 'string' ? undefined : next.after) ?? '1ms')!,
            'reply',
            call,
          )
          return call.hold()
        },
        onTimer({ call }) {
          const { outcome, body } = replies.get(call!)!
          return outcome === 'ok' ? call!.answer(body) : call!.fail(outcome)
        },
      }
    },
  })
}

/** A service that works at once. */
export const PLAIN_SERVICE: ServiceSpec = {
  instances: 1,
  concurrency: 1000,
  queue: 1000,
  discipline: 'fifo',
  patience: undefined,
  slots: 'held',
  work: { '*': { kind: 'constant', value: 0 } },
  errors: 0,
  calls: {},
  zone: '',
  region: '',
  domain: '',
  version: 1,
  replyBytes: 0,
  at: undefined,
}

/** A load that sends nothing by itself. */
export const PLAIN_LOAD: LoadSpec = {
  to: 'neighbour',
  arrivals: { kind: 'trace', times: [] },
  users: 0,
  think: undefined,
  mix: { '*': 1 },
  timeout: Infinity,
  keys: { kind: 'uniform', items: 1 },
  tenants: [{ name: 'all', share: 1, work: 1 }],
  priorities: [1],
  bytes: { kind: 'constant', value: 0 },
  from: 0,
  until: Infinity,
  requests: Infinity,
  zone: '',
}

/** The parts of a scenario that a test does not care about. */
export const PLAIN_SCENARIO: Scenario = {
  name: 'test',
  schema: 1,
  title: 'test',
  question: '',
  about: '',
  tags: { patterns: [], problem: '', difficulty: 'beginner' },
  duration: 1e6 * SECOND,
  warmup: 0,
  seed: '1',
  services: { neighbour: PLAIN_SERVICE },
  links: {},
  load: { caller: PLAIN_LOAD },
  patterns: [],
  order: [],
  faults: [],
  objective: { served: undefined, p99: undefined },
  compare: {},
  expect: [],
  expectViolation: [],
  budget: { events: 1e9, memory: 1e9 },
}

function scenarioOf(
  subject: AnyComponent,
  params: Record<string, unknown>,
  place: Place,
  options: Options,
): Scenario {
  const client = place === 'client' || place === 'router'
  const values = { ...defaultsOf(subject.params), ...params }
  const others = Object.fromEntries(
    (options.others ?? []).map((name) => [
      name,
      { ...PLAIN_SERVICE, work: { '*': { kind: 'constant', value: 1_000_000 } } },
    ]),
  )
  return {
    ...PLAIN_SCENARIO,
    services: {
      neighbour: { ...PLAIN_SERVICE, instances: options.instances ?? 1, ...options.service },
      ...others,
    },
    load: { caller: { ...PLAIN_LOAD, ...options.load } },
    patterns: [
      {
        id: 'probe',
        use: 'probe',
        where: [{ selector: 'caller -> neighbour', values: {} }],
        values: {},
      },
      {
        id: 'subject',
        use: subject.name,
        where: [{ selector: client ? 'caller -> neighbour' : 'neighbour', values: {} }],
        values,
      },
      {
        id: 'actor',
        use: 'actor',
        where: ['neighbour', ...(options.others ?? [])].map((selector) => ({
          selector,
          values: {},
        })),
        values: {},
      },
    ],
    ...options.scenario,
  }
}
