import type { Call } from '../../component.ts'
import { component } from '../../component.ts'
import { duration, toggle } from '../../params.ts'
import { counter, gauge } from '../../signals.ts'

/** What clients ask with: which lock, who they are, for how long, and the token they were given. */
export interface LockRequest {
  readonly lock: number
  readonly owner: string
  readonly ttl: number
  readonly token: number
}
interface Lease {
  readonly owner: string
  readonly token: number
  expires: number
}

export default component({
  name: 'lock-service',
  family: 'coordination',
  at: ['server'],
  about: 'Grants locks for a time, each grant with a higher token than all before it.',
  source:
    'etcd leases (create revision as token); Consul sessions (lock-delay); Kleppmann, How to do distributed locking',
  tradeOff: 'one holder at a time vs waiting out the lease of a holder that died',
  order: 980,
  params: {
    exclusive: toggle(true, 'A held lock is refused to others; false: everyone gets it'),
    lockDelay: duration('0s', 'How long a lock stays shut after its lease ran out (Consul 15 s)'),
    durable: toggle(true, 'Leases survive a crash; tokens always do'),
  },
  inert: { exclusive: false },
  signals: {
    held: gauge('Locks that are held', 'locks'),
    token: gauge('The highest token granted'),
    granted: counter('Locks granted'),
    refused: counter('Requests for a lock that another holds'),
    renewed: counter('Leases made longer'),
    lapsed: counter('Leases that ran out before they were given back'),
    lost: counter('Renewals that came too late'),
  },
  durable: () => ({ token: 0, leases: new Map<number, Lease>() }),
  create({ params, durable, signals, clock }) {
    const { leases } = durable

    const grant = ({ lock, owner, ttl }: LockRequest): number => {
      const lease = { owner, token: ++durable.token, expires: clock.now + ttl }
      leases.set(lock, lease)
      signals.granted.add()
      signals.token.set(lease.token)
      return lease.token
    }

    /** The token of a lease on the lock, 0 when another has it. Who asks again is given what it has. */
    const acquire = (asked: LockRequest): number => {
      const lease = leases.get(asked.lock)
      if (lease === undefined) return grant(asked)
      if (lease.owner === asked.owner && clock.now < lease.expires) return lease.token
      if (clock.now < lease.expires + params.lockDelay) return 0
      signals.lapsed.add()
      return grant(asked)
    }

    const renew = ({ lock, token, ttl }: LockRequest): number => {
      const lease = leases.get(lock)
      if (lease?.token !== token || clock.now >= lease.expires) return 0
      lease.expires = clock.now + ttl
      signals.renewed.add()
      return token
    }

    const decide = (op: string, asked: LockRequest): number => {
      if (op === 'acquire') return acquire(asked)
      if (op === 'renew') return renew(asked)
      if (leases.get(asked.lock)?.token === asked.token) leases.delete(asked.lock)
      return asked.token
    }

    return {
      onCrash() {
        if (params.durable) return
        leases.clear()
        signals.held.set(0)
      },
      // The moment of the decision is the end of the service's own work: a quorum's round trip, say.
      onReply(call) {
        if (!params.exclusive || !call.ok || !isLockRequest(call)) return call.pass()
        const token = decide(call.op, call.body as LockRequest)
        signals.held.set(leases.size)
        if (token > 0) return call.answer({ token })
        if (call.op === 'renew') signals.lost.add()
        else signals.refused.add()
        return call.fail('refused')
      },
    }
  },
})

const LOCK_OPERATIONS: readonly string[] = ['acquire', 'renew', 'release']

/** An answer that a layer below has made holds nothing that was asked for. */
function isLockRequest({ op, body }: Call): boolean {
  return LOCK_OPERATIONS.includes(op) && typeof body === 'object' && body !== null && 'lock' in body
}
