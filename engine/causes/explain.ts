/** What a service was in trouble for: the parts of its trouble, the largest first. */
import type { Health } from '../results/trouble.ts'
import type { EndKind, Part, Parts, Question } from './parts.ts'

/** A part of trouble with its weight: weights add up to 1 at most. */
export interface Reason extends Part {
  readonly weight: number
}

/**
 * Failures are taken apart by what failed them; those for want of room, and slowness, by what the slots were used for
 * beyond the usual. Where two parts have one thing behind them, they are one; its words are those of the larger.
 */
export function reasonsOf(
  parts: Parts,
  service: number,
  health: Health,
  question: Question,
): Reason[] {
  if (question.about === 'edge') return [{ ...parts.ofEdge(question.edge), weight: 1 }]
  if (question.about === 'arrivals') return weighed(parts.arrivals(service))
  const time = parts.ofTime(service)
  const kind = kindOf(health) ?? question.ends
  if (kind === undefined) return weighed(time)
  const { parts: ends, crowded } = parts.ofEnds(service, kind)
  const isBad = kindOf(health) !== undefined
  if (ends.length === 0 && crowded === 0)
    return weighed(time.length === 0 && isBad ? [parts.ofRoom(service, kind, 1)] : time)
  if (crowded === 0) return weighed(ends)
  if (time.length === 0) return weighed([...ends, parts.ofRoom(service, kind, crowded)])
  return weighed([...ends, ...scaled(time, crowded)])
}

function kindOf(health: Health): EndKind | undefined {
  return health === 'failing' ? 'failed' : health === 'refusing' ? 'refused' : undefined
}

/** The same parts, adding up to an amount. */
function scaled(parts: readonly Part[], amount: number): Part[] {
  const total = parts.reduce((sum, part) => sum + part.amount, 0)
  return parts.map((part) => ({ ...part, amount: (part.amount / total) * amount }))
}

function weighed(parts: readonly Part[]): Reason[] {
  const total = parts.reduce((sum, part) => sum + part.amount, 0)
  const reasons = new Map<string, Reason>()
  for (const part of parts.toSorted((a, b) => b.amount - a.amount)) {
    const weight = total > 0 ? part.amount / total : 0
    const { fault, edge, service } = part.because
    // What a service waits for and what its calls fail of is one reason when it is the same service.
    const key = `${fault ?? ''} ${service ?? edge ?? ''} ${part.question.about}`
    const known = reasons.get(key)
    reasons.set(key, { ...(known ?? part), weight: weight + (known?.weight ?? 0) })
  }
  return [...reasons.values()].toSorted(
    (a, b) => Number(a.isEcho) - Number(b.isEcho) || b.weight - a.weight,
  )
}
