/** Envoy's outlier detection: an instance that fails time after time is left alone for a while. */
import type { Failure } from '../model/failure.ts'
import type { Duration, Time } from '../units.ts'

/** Settings as the load balancer's `outlierEjection` group has them. */
export interface EjectionSettings {
  readonly enabled: boolean
  readonly consecutiveErrors: number
  readonly errors: readonly Failure[]
  readonly baseEjectionTime: Duration
  readonly maxEjectionTime: Duration
  readonly maxEjectionPercent: number
  readonly alwaysEjectOne: boolean
}

/** What is known of one instance. */
export class HostHealth {
  errorsInARow = 0
  ejected = false
  ejectedAt: Time = 0
  /** Ejections, less one for every sweep in health since. */
  strikes = 0
}

/** Who is ejected. Plain data. */
export class OutlierEjection {
  readonly hosts: HostHealth[] = []
  ejected = 0

  isEjected(host: number): boolean {
    return this.ejected > 0 && this.healthOf(host).ejected
  }

  /** Takes an outcome in; answers whether the host has failed often enough to be ejected. */
  record(host: number, failure: Failure | undefined, settings: EjectionSettings): boolean {
    const health = this.healthOf(host)
    if (failure === undefined || !settings.errors.includes(failure)) {
      health.errorsInARow = 0
      return false
    }
    if (++health.errorsInARow < settings.consecutiveErrors || health.ejected) return false
    health.errorsInARow = 0
    return true
  }

  /** Ejects a host if that leaves enough of those there are; answers whether it did. */
  eject(host: number, hosts: number, now: Time, settings: EjectionSettings): boolean {
    const { maxEjectionPercent, alwaysEjectOne, baseEjectionTime, maxEjectionTime } = settings
    const isFirst = alwaysEjectOne && this.ejected === 0
    if (!isFirst && (this.ejected + 1) / hosts > maxEjectionPercent) return false
    const health = this.healthOf(host)
    health.ejected = true
    health.ejectedAt = now
    this.ejected++
    if (baseEjectionTime * health.strikes < maxEjectionTime) health.strikes++
    return true
  }

  /** Lets those back in whose time is over; a healthy host works off its strikes. */
  sweep(now: Time, { baseEjectionTime, maxEjectionTime }: EjectionSettings): void {
    for (const health of this.hosts) {
      if (!health.ejected) {
        if (health.strikes > 0) health.strikes--
        continue
      }
      const time = Math.min(baseEjectionTime * health.strikes, maxEjectionTime)
      if (now - health.ejectedAt < time) continue
      health.ejected = false
      health.errorsInARow = 0
      this.ejected--
    }
  }

  private healthOf(host: number): HostHealth {
    while (this.hosts.length <= host) this.hosts.push(new HostHealth())
    return this.hosts[host]!
  }
}
