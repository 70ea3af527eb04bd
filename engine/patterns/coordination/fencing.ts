import type { Call } from '../../component.ts'
import { component } from '../../component.ts'
import { Lru } from '../../tools/lru.ts'
import { choice } from '../../params.ts'
import { counter, gauge } from '../../signals.ts'

/** One protected thing: its version, the highest token it has seen, and the version that open requests have read. */
interface Item {
  version: number
  highest: number
  readonly readers: Lru<number>
}
/** Requests that read and have not written yet; older ones are forgotten. */
const MOST_READERS = 1000

export default component({
  name: 'fencing',
  family: 'coordination',
  at: ['server'],
  about:
    'Turns away whoever comes with an older lock token than one it has seen, or would write over what it has not read; counts writes that destroyed another.',
  source:
    'Kleppmann, How to do distributed locking (fencing tokens); Chubby sequencers; Kung and Robinson 1981 (optimistic: versions compared, gRPC code aborted)',
  tradeOff: 'no write of a former holder vs its finished work thrown away',
  order: 970,
  params: {
    mode: choice(
      ['reject', 'compare', 'observe'],
      'reject',
      'Turn away older tokens; or abort a write over a version that its request has not read (optimistic locking); or accept everything and only count what that destroys',
    ),
  },
  primary: 'mode',
  inert: { mode: 'observe' },
  signals: {
    writes: counter('Writes that were accepted'),
    rejected: counter('Calls turned away because a higher token had been seen'),
    conflicts: counter('Writes aborted because another had come since the read of their request'),
    corrupted: counter(
      'Accepted writes that destroyed another: over a version their request had not read (without a read: by an older token)',
    ),
    token: gauge('The highest token seen'),
  },
  durable: () => ({ items: new Map<number, Item>() }),
  create({ params, durable: { items }, signals, perCall }) {
    const tokens = perCall(0)

    const itemOf = (key: number): Item => {
      let item = items.get(key)
      if (item === undefined)
        items.set(key, (item = { version: 0, highest: 0, readers: new Lru() }))
      return item
    }

    const versionRead = (item: Item, call: Call): number | undefined =>
      item.readers.get(String(call.request))

    /** Optimistic locking: a request that has read may write only over what it read. */
    const conflicts = (item: Item, call: Call): boolean => {
      if (params.mode !== 'compare' || call.op === 'read') return false
      const read = versionRead(item, call)
      return read !== undefined && read !== item.version
    }

    /** A write takes effect: what did it destroy? */
    const write = (item: Item, call: Call, isOlder: boolean): void => {
      const read = versionRead(item, call)
      signals.writes.add()
      if (read === undefined ? isOlder : read !== item.version) signals.corrupted.add()
      item.version++
      item.readers.set(String(call.request), item.version, MOST_READERS)
    }

    return {
      onCall(call) {
        tokens.set(call, (call.body as { token?: number } | undefined)?.token ?? 0)
        return call.pass()
      },
      // The store decides in the moment the change takes effect, not when the request comes in.
      onReply(call) {
        if (!call.ok) return call.pass()
        const item = itemOf(call.key)
        const token = tokens.get(call)
        const isOlder = token > 0 && token < item.highest
        if (isOlder && params.mode === 'reject') {
          signals.rejected.add()
          return call.fail('refused')
        }
        if (conflicts(item, call)) {
          signals.conflicts.add()
          return call.fail('aborted')
        }
        item.highest = Math.max(item.highest, token)
        signals.token.set(item.highest)
        if (call.op === 'read') item.readers.set(String(call.request), item.version, MOST_READERS)
        else write(item, call, isOlder)
        return call.pass()
      },
    }
  },
})
