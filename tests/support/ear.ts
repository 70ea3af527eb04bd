/**
 * Components that only listen: an ear hears how calls end at their maker, an eye sees them reach a server.
 *
 *   const heard: Heard[] = []
 *   smallWorld({ …, patterns: { ear: { use: ear(heard), where: ['users -> a'] } } })
 */
import type { AnyComponent, Call } from '../../engine/component.ts'
import { component } from '../../engine/component.ts'
import type { Failure } from '../../engine/model/failure.ts'

/** What is known of a call at one moment; times in ms. */
export interface Heard {
  readonly at: number
  /** From the start of the call, or of the visit. */
  readonly took: number
  readonly outcome: 'ok' | 'degraded' | Failure
  readonly request: number
  readonly attempt: number
  readonly instance: number
  readonly op: string
  readonly key: number
  readonly tenant: number
  readonly priority: number
  readonly bytes: number
  readonly deadline: number
}

const common = {
  family: 'style',
  source: 'test',
  tradeOff: 'none',
  params: {},
  signals: {},
} as const
const MS = 1e6

/** Hears the end of every call over an edge, outside all other layers. */
export function ear(heard: Heard[], name = 'ear'): AnyComponent {
  return component({
    ...common,
    name,
    at: ['client'],
    about: 'Hears every end.',
    order: -1000,
    create: ({ clock, node }) => ({
      onReply(call) {
        heard.push(note(call, clock.now, node.instance))
        return call.pass()
      },
    }),
  })
}

/** Sees every call that reaches an instance, before its queue. */
export function eye(seen: Heard[], name = 'eye'): AnyComponent {
  return component({
    ...common,
    name,
    at: ['server'],
    about: 'Sees every call.',
    order: 1_000_000,
    create: ({ clock, node }) => ({
      onCall(call) {
        seen.push(note(call, clock.now, node.instance))
        return call.pass()
      },
    }),
  })
}

function note(call: Call, now: number, instance: number): Heard {
  const { request, attempt, op, key, tenant, priority, bytes, failure, degraded } = call
  const outcome = failure ?? (degraded ? 'degraded' : 'ok')
  const times = { at: now / MS, took: (now - call.startedAt) / MS, deadline: call.deadline / MS }
  return { ...times, outcome, request, attempt, instance, op, key, tenant, priority, bytes }
}
