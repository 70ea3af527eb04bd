import type { ServiceHandle } from '../component.ts'
import type { Duration } from '../units.ts'
import type { UnitSite } from './unit-site.ts'
import type { World } from './world.ts'

/** The service a unit sits on, and its levers. */
export class Handle implements ServiceHandle {
  private readonly world: World
  private readonly site: UnitSite

  constructor(world: World, site: UnitSite) {
    this.world = world
    this.site = site
  }
  get name(): string {
    return this.site.service?.name ?? this.site.place
  }
  get instance(): number {
    return this.site.instance?.index ?? -1
  }
  get zone(): string {
    return this.site.service?.spec.zone ?? ''
  }
  get ready(): number {
    return this.site.service?.listed ?? 0
  }
  get desired(): number {
    return this.site.service?.desired ?? 0
  }
  get concurrency(): number {
    return this.site.service?.spec.concurrency ?? 0
  }
  get busy(): number {
    return Math.min(this.site.instance?.busy ?? 0, this.concurrency)
  }
  get waiting(): number {
    return this.site.instance?.waiting ?? 0
  }
  scaleTo(instances: number, startup: Duration): void {
    if (!this.world.muted) this.site.service?.scaleTo(instances, startup)
  }
}
