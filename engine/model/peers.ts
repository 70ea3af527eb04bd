/** The other instances of a service, as one of them sees them. */
import type { Instance } from './instance.ts'
import type { Service } from './service.ts'

/**
 * Answers who else is listed. The list is made anew only after somebody came or went: where a thousand gossip, looking
 * at all of them for every message would cost more than the gossip.
 */
export function peersOf(service: Service | null, self: Instance | null) {
  let made = -1
  let list: readonly Instance[] = []
  return (): readonly Instance[] => {
    if (service && made !== service.lists) {
      made = service.lists
      list = service.instances.filter((each) => each.listed && each !== self)
    }
    return list
  }
}
