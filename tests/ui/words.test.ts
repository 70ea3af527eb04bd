import { describe, expect, it } from 'vitest'
import circuitBreaker from '../../engine/patterns/resilience/circuit-breaker.ts'
import { patterns } from '../../engine/patterns/index.ts'
import type { Param, Params } from '../../engine/params.ts'
import { readScenario } from '../../engine/scenario/read.ts'
import { withPattern } from '../../ui/add-pattern.ts'
import {
  count,
  digits,
  listed,
  moment,
  percent,
  span,
  wholePercent,
  withArticle,
  words,
} from '../../ui/format.ts'
import { loadLibrary } from '../../ui/library.ts'
import { nextSeed } from '../../ui/next-seed.ts'
import { numberOf, rangeText, textOf } from '../../ui/param-text.ts'
import { unchanged, type Opened } from '../../ui/state.ts'
import { differenceOf, differences, switchesOf, variantName } from '../../ui/switches.ts'
import { retryStorm } from './run-of.ts'

const library = await loadLibrary()

/** With plain spaces. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

describe('numbers', () => {
  it.each([
    [span(26e6), '26 ms'],
    [span(24.55e6), '24.6 ms'],
    [span(2.4e9), '2.4 s'],
    [span(0), '0 s'],
    [span(8192), '8.2 µs'],
    [span(Infinity), 'never'],
    [span(120e9), '120 s'],
    [moment(62e9), '62.0 s'],
    [percent(0.5459), '54.6 %'],
    [percent(0.9999), '99.9 %'],
    [percent(1), '100 %'],
    [percent(0.0001), '< 0.1 %'],
    [wholePercent(0.996), '99 %'],
    [count(36116), '36,116'],
    [count(999), '999'],
    [digits(4.8567, 2), '4.9'],
    [digits(12.3, 2), '12'],
    [digits(1234.5, 2), '1235'],
    [listed(['a', 'b', 'c', 'd']), 'a, b and 2 more'],
    [withArticle('autoscaler'), 'an autoscaler'],
    [withArticle(words('crdt-counter')), 'a CRDT counter'],
    [withArticle('fencing'), 'fencing'],
  ])('%s', (written, expected) => {
    expect(plain(written)).toBe(expected)
  })

  it('has seeds after seeds', () => {
    expect(['7', 'x', 'x-2', '', '9007199254740991'].map(nextSeed)).toEqual([
      '8',
      'x-2',
      'x-3',
      '-2',
      '9007199254740991-2',
    ])
  })
})

describe('values of knobs', () => {
  const knobs = (params: Params): Param<unknown>[] =>
    Object.values(params).flatMap((param) => (param.members ? knobs(param.members) : [param]))
  const all = [...patterns.values()].flatMap(({ name, params }) =>
    knobs(params as Params).map((param) => [name, param] as const),
  )

  it('are read back as they were written', () => {
    for (const [name, param] of all) {
      const { initial } = param
      if (typeof initial !== 'number') continue
      expect(numberOf(param, textOf(param, initial)), `${name}: ${param.help}`).toBeCloseTo(
        initial,
        5,
      )
    }
  })

  it('have a range in words', () => {
    const { failureRateThreshold, minimumNumberOfCalls, waitDurationInOpenState } =
      circuitBreaker.params
    expect(rangeText(failureRateThreshold)).toBe('0% to 100%')
    expect(rangeText(minimumNumberOfCalls)).toBe('at least 1')
    expect(rangeText(waitDurationInOpenState)).toBe('at least 0s')
    expect(rangeText(circuitBreaker.params.scope)).toBe('edge, host or key')
  })
})

describe('switches', () => {
  const open = (text: string): Opened => {
    const read = readScenario(text, 'test')
    if (!read.ok) throw new Error(JSON.stringify(read.errors))
    return read
  }

  it('stand as the file has them, until they are moved', () => {
    const opened = open(retryStorm)
    const document = unchanged('home', retryStorm)
    const stands = switchesOf(opened, document).map(({ attachment, A, B }) => [attachment.id, A, B])
    expect(stands).toEqual([
      ['timeouts', true, true],
      ['retries', true, true],
      ['breaker', false, true],
    ])
    const moved = { ...document, switches: { A: { breaker: true }, B: { retries: false } } }
    const difference = differenceOf(opened, moved)
    expect(difference.patterns.map(({ attachment }) => attachment.id)).toEqual(['retries'])
    expect(differences(difference)).toBe(1)
  })

  it('know patterns that the file keeps switched off', () => {
    const opened = open(retryStorm.replace('{ use: timeout,', '{ use: timeout, enabled: false,'))
    const [last] = switchesOf(opened, unchanged('home', '')).slice(-1)
    expect(last).toMatchObject({ attachment: { id: 'timeouts' }, A: false, B: false })
  })

  it.each([
    [
      ['A', 'B'],
      ['A', 'B'],
    ],
    [
      ['off', 'with'],
      ['off', 'with'],
    ],
    [['A'], ['A', undefined]],
    [
      ['B', 'old'],
      ['old', 'B'],
    ],
    [[], [undefined, undefined]],
  ])('show of the variants %j', (names, shown) => {
    const compare = Object.fromEntries(
      names.map((name) => [name, { title: name, without: [], set: {} }]),
    )
    const scenario = { ...open(retryStorm).scenario, compare }
    expect([variantName(scenario, 'A'), variantName(scenario, 'B')]).toEqual(shown)
  })
})

describe('adding a pattern', () => {
  it.each(library.map(({ name, text }) => [name, text] as const))(
    '%s stays readable',
    (name, text) => {
      const read = readScenario(withPattern(text, 'added', 'timeout'), name)
      expect(read).toMatchObject({ ok: true })
      expect(read.ok && read.scenario.patterns.map(({ id }) => id)).toContain('added')
    },
  )

  it('works with patterns written in one line', () => {
    const text = retryStorm.replace(
      /^patterns:[^]*?^faults:/m,
      'patterns: { t: { use: timeout } }\nfaults:',
    )
    const changed = withPattern(
      text.replace('without: [breaker]', 'without: [t]'),
      'added',
      'retry',
    )
    expect(changed).toContain('patterns: { added: { use: retry }, t:')
  })
})
