/** How many retries (or hedges) a caller may add to its calls. */
import { RollingCount } from './rolling-count.ts'
import { SECOND } from '../units.ts'

/** Settings as the retry component's `budget` group has them. */
export interface BudgetSettings {
  readonly kind: 'none' | 'ratio' | 'grpc' | 'aws' | 'bucket' | 'active' | 'failure-ratio'
  readonly ratio: number
  readonly minRetriesPerSecond: number
  readonly ttl: number
  readonly maxTokens: number
  readonly cost: number
  readonly deposit: 'start' | 'success'
  readonly minRetryConcurrency: number
}

/** A sum of tenths must not fall short of the whole number it means. */
const SLACK = 1e-9

/**
 * `ratio`: Finagle's RetryBudget, retries up to a share of the calls of the last `ttl` plus a reserve a second.
 * `grpc`: A6 retry throttling, a failure costs a token, a success refunds `ratio`, retries while more than half is left.
 * `aws`: the SDK's retry quota, a retry takes `cost` tokens and its success gives them back, a first-try success gives 1.
 * `bucket`: Brooker's retry token bucket, every call earns `ratio` tokens, a retry needs more than `cost` and takes it.
 * `active`: Envoy's retry budget, retries under way up to a share of the calls under way, and always a few.
 * `failure-ratio`: Brooker's retry breaker, retries while failed tries of the last `ttl` are at most a share of its calls.
 */
export class RetryBudget {
  private settings: BudgetSettings
  private tokens: number
  private calls: RollingCount
  private retries: RollingCount
  private failures: RollingCount
  private activeCalls = 0
  private activeRetries = 0

  constructor(settings: BudgetSettings) {
    this.settings = { ...settings }
    this.tokens = settings.maxTokens
    this.calls = new RollingCount(settings.ttl)
    this.retries = new RollingCount(settings.ttl)
    this.failures = new RollingCount(settings.ttl)
  }

  /** Other settings from now on: it begins anew, and knows only of the calls that are under way. */
  change(settings: BudgetSettings): void {
    const { activeCalls, activeRetries } = this
    Object.assign(this, new RetryBudget(settings), { activeCalls, activeRetries })
  }

  onCall(now: number): void {
    const { kind, deposit, ratio } = this.settings
    this.activeCalls++
    if (kind === 'none') return
    if (kind === 'bucket' && deposit === 'start') this.earn(ratio)
    if (kind === 'ratio' || kind === 'failure-ratio') this.calls.add(now)
  }

  onSuccess(tries: number): void {
    const { kind, ratio, cost, deposit } = this.settings
    if (kind === 'none') return
    if (kind === 'grpc' || (kind === 'bucket' && deposit === 'success')) this.earn(ratio)
    if (kind === 'aws') this.earn(tries > 1 ? cost : 1)
  }

  onFailure(now: number): void {
    const { kind, cost } = this.settings
    if (kind === 'grpc') this.tokens = Math.max(0, this.tokens - cost)
    if (kind === 'failure-ratio') this.failures.add(now)
  }

  /** A call is over, after so many tries. */
  onEnd(tries: number): void {
    this.activeCalls--
    if (tries > 1) this.activeRetries--
  }

  /** Whether a call may be tried again now, after so many tries; takes it when it may. */
  allows(now: number, tries: number): boolean {
    const allowed = this.covers(now, tries)
    if (!allowed) return false
    const { kind, cost } = this.settings
    if (kind === 'aws' || kind === 'bucket') this.tokens -= cost
    if (kind === 'ratio') this.retries.add(now)
    if (tries === 1) this.activeRetries++
    return true
  }

  /** Tokens left, or retries that may still go out, or failures that may still come. */
  level(now: number): number {
    const { kind, ratio, minRetriesPerSecond, ttl, minRetryConcurrency } = this.settings
    if (kind === 'active') {
      return Math.max(minRetryConcurrency, ratio * this.activeCalls) - this.activeRetries
    }
    if (kind === 'failure-ratio') return this.calls.total(now) * ratio - this.failures.total(now)
    if (kind !== 'ratio') return this.tokens
    const reserve = (minRetriesPerSecond * ttl) / SECOND
    return this.calls.total(now) * ratio + reserve - this.retries.total(now)
  }

  /** Whether a call that has been tried so often could be tried again now. */
  covers(now: number, tries: number): boolean {
    const { kind, cost, maxTokens } = this.settings
    switch (kind) {
      case 'none':
        return true
      case 'grpc':
        return this.tokens - SLACK > maxTokens / 2
      case 'aws':
        return this.tokens >= cost
      case 'bucket':
        return this.tokens - SLACK > cost
      case 'ratio':
        return this.level(now) + SLACK >= 1
      case 'failure-ratio':
        return this.level(now) + SLACK >= 0
      case 'active':
        // A call that is being retried goes on holding its place.
        return tries > 1 || this.level(now) > 0
    }
  }

  private earn(tokens: number): void {
    this.tokens = Math.min(this.settings.maxTokens, this.tokens + tokens)
  }
}
