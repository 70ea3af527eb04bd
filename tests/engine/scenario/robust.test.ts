import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseExpectation } from '../../../engine/scenario/expect/parse.ts'
import { readScenario } from '../../../engine/scenario/read.ts'
import { readDistribution } from '../../../engine/scenario/schema/distribution.ts'
import { distance, nearest } from '../../../engine/scenario/text/suggest.ts'
import { BASE, expectContract } from './support.ts'

const everything = readFileSync(
  new URL('../../../scenarios/everything.yaml', import.meta.url),
  'utf8',
)

/** Reads whatever comes; the result keeps the contract. */
function survives(source: string | Uint8Array): void {
  const result = readScenario(source, 'any')
  if (!result.ok) expectContract(result, typeof source === 'string' ? source : '')
}

/** Words and signs that mean something somewhere. */
const words = fc.constantFrom(
  ...'{ } [ ] : - ? " \' # , &a *a !t << | > % @ ` \\u0000 \\ \uFEFF \0 \u202e 💥 \ud800'.split(
    ' ',
  ),
  ...'null true .nan 1e999 -1 0x1f 017 5 5ms 5% 1e-9 99999999999 poisson(1/s) lognormal(5ms'.split(
    ' ',
  ),
  ...'services load patterns faults use where calls __proto__ constructor über'.split(' '),
)
const spaces = fc.constantFrom(': ', '- ', '? ', ' #', '\n', '\n  ', '\t', '\r', '---\n', '* -> *')
const pieces = fc.oneof(words, spaces)

/** A text with some parts taken out, put in, or doubled. */
const mutated = (text: string) =>
  fc
    .array(fc.tuple(fc.nat(text.length), fc.nat(30), fc.oneof(pieces, fc.constant(''))), {
      minLength: 1,
      maxLength: 4,
    })
    .map((edits) => {
      let result = text
      for (const [at, length, piece] of edits) {
        result = result.slice(0, at) + piece + result.slice(at + length)
      }
      return result
    })

describe('reading never throws', () => {
  it('on any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), survives), { numRuns: 100 })
  })

  it('on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), survives), {
      numRuns: 100,
    })
  })

  it('on any words and signs', () => {
    const text = fc.array(pieces, { maxLength: 40 }).map((all) => all.join(''))
    fc.assert(fc.property(text, survives), { numRuns: 150 })
  })

  it('on any JSON', () => {
    fc.assert(fc.property(fc.json(), survives), { numRuns: 80 })
  })

  it('on any values at the places where values stand', () => {
    const sections =
      'services load patterns faults links compare seed expect order tags objective budget'
    const place = fc.constantFrom(...sections.split(' '))
    const file = fc
      .tuple(place, fc.json({ maxDepth: 2 }))
      .map(([key, text]) => `${BASE}${key}: ${text}\n`)
    fc.assert(fc.property(file, survives), { numRuns: 120 })
  })

  it('on a small scenario with scratches', () => {
    fc.assert(fc.property(mutated(BASE), survives), { numRuns: 150 })
  })

  it('on everything with scratches', () => {
    fc.assert(fc.property(mutated(everything), survives), { numRuns: 15 })
  })

  it('on any expectation and any distribution', () => {
    const words = fc.constantFrom(
      ..."mean share ( ) served B , > 5% over 20 seeds - / ' 30s..60s and".split(' '),
    )
    const text = fc.oneof(
      fc.string(),
      fc.array(words, { maxLength: 20 }).map((all) => all.join(' ')),
    )
    const property = fc.property(text, (one) => {
      parseExpectation(one)
      readDistribution(one, 'duration')
    })
    fc.assert(property, { numRuns: 300 })
  })

  it('and says the same twice', () => {
    const property = fc.property(mutated(BASE), (text) => {
      expect(readScenario(text, 'any')).toEqual(readScenario(text, 'any'))
    })
    fc.assert(property, { numRuns: 25 })
  })
})

describe('the distance of words', () => {
  it.each([
    ['', '', 0],
    ['abc', 'abc', 0],
    ['abc', 'acb', 1],
    ['abc', 'abcd', 1],
    ['kitten', 'sitting', 3],
    ['leger-db', 'ledger-db', 1],
  ])('from %j to %j is %d', (from, to, far) => {
    expect(distance(from, to)).toBe(far)
    expect(distance(to, from)).toBe(far)
  })

  it('suggests the nearest word, or none', () => {
    const words = ['services', 'service', 'load', 'x']
    expect(nearest('sevices', words)).toBe('services')
    expect(nearest('LOAD', words)).toBe('load')
    expect(nearest('completely', words)).toBe(undefined)
    expect(nearest('y', words)).toBe(undefined)
  })
})
