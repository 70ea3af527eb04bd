/** What the tests of scenario files share: a small catalogue, a small file, and the contract of every refusal. */
import { expect } from 'vitest'
import { type AnyComponent, component } from '../../../engine/component.ts'
import {
  choice,
  count,
  countOrDuration,
  duration,
  failures,
  group,
  number,
  rate,
  ratio,
  service,
  services,
  size,
  steps,
  toggle,
} from '../../../engine/params.ts'
import type { Scenario } from '../../../engine/scenario/scenario.ts'
import { type Patch, readScenario, type ReadResult } from '../../../engine/scenario/read.ts'
import { counter, state } from '../../../engine/signals.ts'

const words = { family: 'resilience', about: 'A fake.', source: 'none', tradeOff: 'none' } as const

const patience = component({
  ...words,
  name: 'patience',
  at: ['client'],
  order: 1,
  primary: 'timeout',
  inert: { timeout: 'none' },
  params: { timeout: duration('1s', 'Wait', { max: 'none' }) },
  signals: { expired: counter('Gave up'), mood: state(['calm', 'cross'], 'Mood') },
  create: () => ({}),
})

const again = component({
  ...words,
  name: 'again',
  at: ['client'],
  order: 2,
  inert: { attempts: 1 },
  params: {
    attempts: count(3, 'Attempts', { max: 10 }),
    pause: group(
      {
        base: duration('10ms', 'First'),
        cap: duration('1s', 'Longest'),
        kind: choice(['fixed', 'growing'], 'fixed', 'Shape'),
      },
      'Pause',
    ),
    on: failures(['timeout'], 'Failures'),
  },
  check: ({ pause: { base, cap } }) =>
    cap < base ? ['pause.cap must be at least pause.base'] : [],
  signals: {},
  create: () => ({}),
})

const gate = component({
  ...words,
  name: 'gate',
  at: ['server', 'client'],
  order: 3,
  primary: 'limit',
  params: {
    limit: rate('100/s', 'Limit'),
    burst: size('1kB', 'Burst'),
    strict: toggle(true, 'Strict'),
  },
  signals: {},
  create: () => ({}),
})

const keeper = component({
  ...words,
  name: 'keeper',
  at: ['controller'],
  order: 4,
  params: {
    most: count(4, 'Most', { max: 100 }),
    target: ratio(0.7, 'Target'),
    window: countOrDuration(100, 'Window'),
    gain: number(0.5, 'Gain'),
    spare: service('Spare'),
    others: services('Others'),
    plan: steps('Plan'),
  },
  instances: ({ most }) => most,
  signals: {},
  create: () => ({}),
})

/** Four small components, one for each place. */
export const catalogue: ReadonlyMap<string, AnyComponent> = new Map(
  [again, gate, keeper, patience].map((one) => [one.name, one as AnyComponent]),
)

/** The smallest file with two services. */
export const BASE = `schema: 1
services:
  api: { calls: [db] }
  db: {}
load:
  users: { to: api, arrivals: poisson(10/s) }
`

/** Reads a file with the small catalogue. */
export function read(text: string | Uint8Array, patch: Patch = {}): ReadResult {
  return readScenario(text, 'test', patch, catalogue)
}

/** The scenario of a file that must be sound. */
export function sound(text: string | Uint8Array, patch: Patch = {}): Scenario {
  const result = read(text, patch)
  if (!result.ok) throw new Error(result.errors.map((one) => one.message).join('\n'))
  return result.scenario
}

/** What is wrong with a file, as `line:column code message hint`. */
export function wrong(text: string | Uint8Array, patch: Patch = {}): string[] {
  const result = read(text, patch)
  if (result.ok) return []
  expectContract(result)
  return result.errors.map(
    ({ line, column, code, message, hint }) => `${line}:${column} ${code} ${message} ${hint}`,
  )
}

const FORBIDDEN = [/undefined/, /Zod/i, /YAML\w*(Error|Exception)/, /\[object/, / at .*:\d+:\d+/]

/** What every refusal owes its reader; a word that is in the file itself may be quoted. */
export function expectContract(result: ReadResult & { ok: false }, source = ''): void {
  const { errors, more } = result
  const forbidden = FORBIDDEN.filter((pattern) => !pattern.test(source))
  expect(errors.length).toBeGreaterThan(0)
  expect(errors.length).toBeLessThanOrEqual(20)
  expect(more === 0 || errors.length === 20).toBe(true)
  const places = errors.map(({ line, column }) => line * 1e7 + column)
  expect(places).toEqual(places.toSorted((a, b) => a - b))
  for (const one of errors) {
    expect(one.code).toMatch(/^E_[A-Z_]+$/)
    expect(one.line).toBeGreaterThan(0)
    expect(one.column).toBeGreaterThan(0)
    expect(one.message).toContain(one.path)
    expect(one.message.length).toBeLessThan(2500)
    for (const pattern of forbidden) expect(`${one.message} ${one.hint}`).not.toMatch(pattern)
    expect(isPrintable(`${one.message}${one.hint}${one.path}`)).toBe(true)
  }
}

function isPrintable(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0)!
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return false
    if (code >= 0xd800 && code < 0xe000) return false
  }
  return true
}
