/** Envoy's outlier detection: an instance that fails time after time is left alone for a while. */
import type { Failure } from './model/failure.ts'
import type { Duration, Time } from './units.ts'

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

  /** Takes an outcome in; answers whether it ejected the host. */
  record(
    host: number,
    failure: Failure | undefined,
    now: Time,
    settings: EjectionSettings,
  ): boolean {
    const health = this.healthOf(host)
    if (failure === undefined || !settings.errors.includes(failure)) {
      health.errorsInARow = 0
      return false
    }
    if (++health.errorsInARow < settings.consecutiveErrors || health.ejected) return false
    health.errorsInARow = 0
    if (!this.mayEject(settings)) return false
    health.ejected = true
    health.ejectedAt = now
    this.ejected++
    if (settings.baseEjectionTime * health.strikes < settings.maxEjectionTime) health.strikes++
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

  /** Makes room for so many hosts. */
  know(hosts: number): void {
    while (this.hosts.length < hosts) this.hosts.push(new HostHealth())
  }

  private mayEject({ maxEjectionPercent, alwaysEjectOne }: EjectionSettings): boolean {
    if (alwaysEjectOne && this.ejected === 0) return true
    return (this.ejected + 1) / this.hosts.length <= maxEjectionPercent
  }

  private healthOf(host: number): HostHealth {
    this.know(host + 1)
    return this.hosts[host]!
  }
}
