/** Services and edges of a world by number, for columns of measurements. */
import type { Service } from '../model/service.ts'
import type { EdgeColumns } from '../results/edge-columns.ts'
import type { Built } from '../scenario/build.ts'

/** An edge and its ends. */
export interface EdgeEnds {
  /** `checkout -> payments` */
  readonly name: string
  readonly from: string
  readonly to: string
}

/** Where each service and edge stands. */
export class Positions {
  readonly services: readonly Service[]
  readonly edges: readonly EdgeEnds[]
  readonly serviceAt: ReadonlyMap<Service, number>
  readonly edgeAt: ReadonlyMap<EdgeColumns, number>

  constructor({ world, edgeColumns }: Built) {
    this.services = [...world.services.values()]
    this.edges = [...edgeColumns.keys()].map((name) => {
      const [from = '', to = ''] = name.split(' -> ')
      return { name, from, to }
    })
    this.serviceAt = new Map(this.services.map((service, at) => [service, at]))
    this.edgeAt = new Map([...edgeColumns.values()].map((columns, at) => [columns, at]))
  }

  /** Position of a service; -1 for a load. */
  named(service: string): number {
    return this.services.findIndex(({ name }) => name === service)
  }
}
