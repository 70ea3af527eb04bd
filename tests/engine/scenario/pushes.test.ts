/** Pushes of configuration that the reader takes, and those that it refuses. */
import { describe, expect, it } from 'vitest'
import { readScenario } from '../../../engine/scenario/read.ts'

const text = (pattern: string, faults: readonly string[]): string => `
schema: 1
duration: 60s
services: { api: { calls: [db] }, db: {} }
load: { users: { to: api, arrivals: poisson(10/s) } }
patterns: { it: { ${pattern} } }
faults: [${faults.join(', ')}]
`

function problems(pattern: string, ...faults: string[]): string {
  const read = readScenario(text(pattern, faults), 'pushes')
  return read.ok ? '' : read.errors.map(({ message }) => message).join('\n')
}

const limiter = 'use: rate-limiter, algorithm: sliding-log, rate: 10/s, window: 1s'

describe('a push', () => {
  it.each([
    [limiter, '{ at: 1s, config: patterns.it.rate, value: 1/s }'],
    [limiter, '{ at: 1s, config: patterns.it.window, value: 10s }'],
    ['use: hedged-request', '{ at: 1s, config: patterns.it.delay, value: { least: 5ms } }'],
    ['use: circuit-breaker', '{ at: 1s, config: patterns.it.minimumNumberOfCalls, value: 5 }'],
  ])('on %s is taken: %s', (pattern, fault) => {
    expect(problems(pattern, fault)).toBe('')
  })

  it.each([
    [
      'use: circuit-breaker',
      '{ at: 1s, config: patterns.it.slidingWindow.size, value: 5 }',
      'faults[0].config: slidingWindow of circuit-breaker is laid down when an instance starts; a push cannot change it.',
    ],
    [
      'use: hedged-request',
      '{ at: 1s, config: patterns.it.delay, value: { least: 5ms, window: 1s } }',
      'faults[0].config: delay.window of hedged-request is laid down',
    ],
    [
      limiter,
      '{ at: 1s, config: patterns.it.rate, value: 0.5/s }',
      'faults[0].value: Then rate × window is less than one call: nothing could pass.',
    ],
    [
      'use: load-shedder, where: { "api -> db": { minLimit: 5, initialLimit: 10 } }',
      '{ at: 1s, config: patterns.it.initialLimit, value: 4 }',
      'faults[0].value: Then initialLimit must lie between minLimit and maxLimit.',
    ],
  ])('on %s is refused: %s', (pattern, fault, says) => {
    expect(problems(pattern, fault)).toContain(says)
  })

  it('is not blamed for what the file says wrong without it', () => {
    const wrong = 'use: rate-limiter, algorithm: sliding-log, rate: 0.5/s, window: 1s'
    const said = problems(wrong, '{ at: 1s, config: patterns.it.maxWait, value: 1s }')
    expect(said).toContain('rate × window is less than one call')
    expect(said).not.toContain('faults[0]')
  })

  it('is refused beside another that it contradicts, when both may hold at one moment', () => {
    const rate = (when: string) => `{ ${when}, config: patterns.it.rate, value: 2/s }`
    const window = (when: string) => `{ ${when}, config: patterns.it.window, value: 400ms }`
    const both = (a: string, b: string) => problems(limiter, rate(a), window(b))
    expect(both('at: 1s, for: 5s', 'at: 5s')).toContain(
      'faults[1].value: Then rate × window is less than one call: nothing could pass (beside faults[0]).',
    )
    expect(both('mtbf: 10s, mttr: 1s', 'at: 5s')).toContain('(beside faults[0])')
    expect(both('at: 1s, for: 4s', 'at: 5s')).toBe('')
  })

  it('lets a fault name an instance that only it allows', () => {
    const scaler = 'use: autoscaler, where: [db], max: 2'
    const crash = '{ at: 50s, crash: db#4 }'
    expect(problems(scaler, crash)).toContain('There is no instance db#4')
    expect(problems(scaler, '{ at: 1s, config: patterns.it.max, value: 5 }', crash)).toBe('')
  })
})
