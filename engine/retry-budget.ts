/** How many retries a caller may add to its calls. */
import { SECOND } from './units.ts'

/** Settings as the retry component's `budget` group has them. */
export interface BudgetSettings {
  readonly kind: 'none' | 'ratio' | 'grpc' | 'aws'
  readonly ratio: number
  readonly minRetriesPerSecond: number
  readonly ttl: number
  readonly maxTokens: number
  readonly cost: number
}

const PARTS = 10

/**
 * `ratio`: Finagle's RetryBudget, retries up to a share of the calls of the last `ttl` plus a reserve a second.
 * `grpc`: A6 retry throttling, a failure costs a token, a success refunds `ratio`, retries while more than half is left.
 * `aws`: the SDK's retry quota, a retry takes `cost` tokens and its success gives them back, a first-try success gives 1.
 */
export class RetryBudget {
  private readonly settings: BudgetSettings
  private tokens: number
  private readonly calls = new Float64Array(PARTS)
  private readonly retries = new Float64Array(PARTS)
  private part = 0

  constructor(settings: BudgetSettings) {
    this.settings = settings
    this.tokens = settings.maxTokens
  }

  onCall(now: number): void {
    if (this.settings.kind !== 'ratio') return
    this.age(now)
    this.calls[this.part % PARTS]!++
  }

  onSuccess(tries: number): void {
    const { kind, ratio, cost, maxTokens } = this.settings
    if (kind === 'grpc') this.tokens = Math.min(maxTokens, this.tokens + ratio)
    if (kind === 'aws') this.tokens = Math.min(maxTokens, this.tokens + (tries > 1 ? cost : 1))
  }

  onFailure(): void {
    const { kind, cost } = this.settings
    if (kind === 'grpc') this.tokens = Math.max(0, this.tokens - cost)
  }

  /** Whether one more retry may go out now; takes it when it may. */
  allows(now: number): boolean {
    const { kind, cost, maxTokens } = this.settings
    if (kind === 'none') return true
    if (kind === 'grpc') return this.tokens > maxTokens / 2
    if (kind === 'aws') {
      if (this.tokens < cost) return false
      this.tokens -= cost
      return true
    }
    if (this.level(now) < 1) return false
    this.retries[this.part % PARTS]!++
    return true
  }

  /** Tokens left, or retries the ratio still allows. */
  level(now: number): number {
    if (this.settings.kind !== 'ratio') return this.tokens
    this.age(now)
    const { ratio, minRetriesPerSecond, ttl } = this.settings
    return sum(this.calls) * ratio + (minRetriesPerSecond * ttl) / SECOND - sum(this.retries)
  }

  private age(now: number): void {
    const part = Math.floor((now * PARTS) / this.settings.ttl)
    for (let old = Math.max(this.part + 1, part - PARTS + 1); old <= part; old++) this.calls[old % PARTS] = this.retries[old % PARTS] = 0
    if (part > this.part) this.part = part
  }
}

function sum(values: Float64Array): number {
  let total = 0
  for (const value of values) total += value
  return total
}
