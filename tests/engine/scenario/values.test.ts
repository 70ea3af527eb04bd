import { describe, expect, it } from 'vitest'
import { meanOf } from '../../../engine/core/moments.ts'
import {
  DISTRIBUTION_EXAMPLES,
  readDistribution,
} from '../../../engine/scenario/schema/distribution.ts'
import { paramSchema } from '../../../engine/scenario/schema/params.ts'
import {
  plainNumber,
  quantity,
  share,
  truth,
  whole,
  word,
} from '../../../engine/scenario/schema/values.ts'
import { written } from '../../../engine/scenario/schema/written.ts'
import { countOrDuration } from '../../../engine/params.ts'
import { patterns } from '../../../engine/patterns/index.ts'
import { formatDuration, MILLISECOND } from '../../../engine/units.ts'
import { BASE, sound, wrong } from './support.ts'

const ms = (value: number): number => value * MILLISECOND

describe('a distribution', () => {
  it.each([
    ['5ms', { kind: 'constant', value: ms(5) }],
    ['constant(5ms)', { kind: 'constant', value: ms(5) }],
    ['exponential(8ms)', { kind: 'exponential', mean: ms(8) }],
    ['uniform(1ms 3ms)', { kind: 'uniform', from: ms(1), to: ms(3) }],
    [' lognormal( 5ms   0.5 ) ', { kind: 'lognormal', mean: ms(5), sigma: 0.5 }],
    ['normal(20ms 4ms)', { kind: 'normal', mean: ms(20), deviation: ms(4) }],
    ['gamma(8ms 2)', { kind: 'gamma', mean: ms(8), shape: 2 }],
    ['erlang(8ms 3)', { kind: 'erlang', mean: ms(8), stages: 3 }],
    ['pareto(2ms 1.5)', { kind: 'pareto', minimum: ms(2), alpha: 1.5 }],
    ['weibull(8ms 1.5)', { kind: 'weibull', scale: ms(8), shape: 1.5 }],
    [
      'hyperexponential(90% 5ms 50ms)',
      { kind: 'hyperexponential', probability: 0.9, mean: ms(5), otherMean: ms(50) },
    ],
    ['empirical(1ms 2ms 5ms)', { kind: 'empirical', values: [ms(1), ms(2), ms(5)] }],
    [
      { empirical: { '1ms': 3, '2ms': '50%' } },
      { kind: 'empirical', values: [ms(1), ms(2)], weights: [3, 0.5] },
    ],
    [
      'mixture(90% exponential(5ms) 10% 50ms)',
      {
        kind: 'mixture',
        weights: [0.9, 0.1],
        parts: [
          { kind: 'exponential', mean: ms(5) },
          { kind: 'constant', value: ms(50) },
        ],
      },
    ],
  ])('%j is read', (text, value) => {
    expect(readDistribution(text, 'duration')).toEqual({ ok: true, value })
  })

  it('can be given by its median and its 99th percentile', () => {
    const reading = readDistribution('p50=20ms p99=90ms', 'duration')
    expect(reading).toMatchObject({ ok: true, value: { kind: 'lognormal' } })
    expect(reading.ok && meanOf(reading.value) / MILLISECOND).toBeCloseTo(24.65, 2)
  })

  it('of sizes has sizes', () => {
    expect(readDistribution('exponential(2kB)', 'size')).toMatchObject({ value: { mean: 2000 } })
    expect(readDistribution('exponential(2ms)', 'size')).toMatchObject({
      ok: false,
      code: 'E_UNIT',
    })
  })

  it.each(DISTRIBUTION_EXAMPLES)('is read like the example %s', (example) => {
    expect(readDistribution(example, 'duration').ok).toBe(true)
  })

  it.each([
    [5, 'E_UNIT', '5 what?'],
    ['5', 'E_UNIT', '5 what?'],
    ['exponential(8)', 'E_UNIT', '8 what?'],
    ['exponential(8ms 2ms)', 'E_TYPE', 'takes 1 value'],
    ['exponential', 'E_TYPE', 'takes 1 value'],
    ['exponential(8 ms)', 'E_TYPE', 'Write 8ms, without a blank'],
    ['exponental(8ms)', 'E_ENUM', 'exponential'],
    ['exponential(0ms)', 'E_RANGE', 'from 1ns'],
    ['exponential(-1ms)', 'E_RANGE', 'from 1ns'],
    ['lognormal(5ms, 0.5)', 'E_SYNTAX', 'not commas'],
    ['lognormal(5ms 0.5', 'E_SYNTAX', ') is missing'],
    ['lognormal(5ms 0.5))', 'E_SYNTAX', ') too many'],
    ['lognormal(5ms 9)', 'E_RANGE', 'sigma'],
    ['(5ms)', 'E_SYNTAX', '( too many'],
    ['uniform(3ms 1ms)', 'E_RANGE', 'first value'],
    ['erlang(8ms 2.5)', 'E_TYPE', 'whole number'],
    ['5ms 6ms', 'E_SYNTAX', 'one distribution'],
    ['p50=20ms p99=10ms', 'E_RANGE', 'below'],
    ['mixture(90% 5ms 20% 6ms)', 'E_RANGE', 'sum to 110%'],
    ['mixture(90% 5ms 10%)', 'E_TYPE', 'pairs'],
    ['0.1ns', 'E_RANGE', 'smaller than the clock tick'],
    ['', 'E_TYPE', 'distribution'],
    [null, 'E_TYPE', 'distribution'],
    [['5ms'], 'E_TYPE', 'distribution'],
    [{ empirical: { '1ms': 0 } }, 'E_RANGE', 'more than 0'],
    [{ empirical: { '1ms': 'x' } }, 'E_TYPE', 'weight of 1ms'],
    [{ empirical: {} }, 'E_RANGE', 'more than 0'],
  ])('%j is refused', (text, code, says) => {
    const reading = readDistribution(text, 'duration')
    expect(reading).toMatchObject({ ok: false, code })
    expect(JSON.stringify(reading)).toContain(says)
  })
})

describe('a value', () => {
  it.each([
    [quantity('duration'), '250ms', ms(250)],
    [quantity('duration', { max: Infinity }), 'none', Infinity],
    [quantity('rate'), '120/min', 2],
    [quantity('size'), '1MiB', 1_048_576],
    [quantity('bandwidth'), '10MB/s', 10e6],
    [share(), '50%', 0.5],
    [share(), 0.5, 0.5],
    [whole(), 3, 3],
    [plainNumber(), 2.5, 2.5],
    [word(['a', 'b']), 'b', 'b'],
    [truth, true, true],
  ])('is read: %#', (read, text, value) => {
    expect(read(text)).toEqual({ ok: true, value })
  })

  it.each([
    [quantity('duration'), 'none', 'E_TYPE'],
    [quantity('duration'), '5 minuets', 'E_UNIT'],
    [quantity('duration'), '12:30:45', 'E_UNIT'],
    [quantity('duration', { max: ms(10) }), '11ms', 'E_RANGE'],
    [quantity('duration'), '1e400s', 'E_RANGE'],
    [quantity('rate'), '5', 'E_UNIT'],
    [quantity('rate'), '5/x', 'E_UNIT'],
    [share(), '50', 'E_TYPE'],
    [share(), 50, 'E_RANGE'],
    [share(), '50ms', 'E_UNIT'],
    [whole(), '3', 'E_TYPE'],
    [whole(), 2.5, 'E_TYPE'],
    [whole({ min: 1 }), 0, 'E_RANGE'],
    [whole({ max: 5 }, 'E_LIMIT'), 6, 'E_LIMIT'],
    [plainNumber(), '3', 'E_TYPE'],
    [plainNumber(), Number.NaN, 'E_RANGE'],
    [word(['apple', 'pear']), 'aple', 'E_ENUM'],
    [truth, 'yes', 'E_TYPE'],
    [truth, 1, 'E_TYPE'],
  ])('is refused: %#', (read, text, code) => {
    expect(read(text)).toMatchObject({ ok: false, code })
  })
})

describe('the knobs of every pattern', () => {
  const knobs = [...patterns.values()].flatMap((one) =>
    Object.entries(one.params as Parameters<typeof Object.entries>[0]).map(
      ([name, param]) => [`${one.name}.${name}`, param as Parameters<typeof written>[0]] as const,
    ),
  )

  it.each(knobs)('%s: its default, as an author writes it, is read as its default', (_, param) => {
    expect(paramSchema(param).parse(written(param, param.initial))).toEqual(param.initial)
  })
})

describe('a count or a span', () => {
  it('may be as long as a million seconds', () => {
    const knob = paramSchema(countOrDuration(100, 'whichever'))
    expect(knob.parse('1000000s')).toBe(1e15)
    expect(knob.safeParse('1000001s').success).toBe(false)
  })
})

describe('a value that is written', () => {
  it('as a count or as a span is a span from a millisecond on', () => {
    const knob = countOrDuration(100, 'whichever')
    expect(written(knob, 999_999)).toBe(999_999)
    expect(written(knob, MILLISECOND)).toBe('1ms')
  })

  it('as a span has six digits at most', () => {
    expect(formatDuration(1_234_567)).toBe('1.23457ms')
    expect(formatDuration(123_456)).toBe('123.456us')
  })
})

describe('words that other readers take for true and false', () => {
  it.each(['yes', 'no', 'on', 'off', 'True', 'NO'])(
    '%s is refused where a truth is wanted',
    (text) => {
      const found = wrong(`${BASE}patterns: { g: { use: gate, strict: ${text} } }`)
      expect(found[0]).toMatch(/^7:37 E_TYPE patterns\.g\.strict is .*Write true or false\./)
    },
  )

  it('are words where a word is wanted', () => {
    expect(sound(`${BASE}title: no`).title).toBe('no')
  })
})
