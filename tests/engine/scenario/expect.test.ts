import { describe, expect, it } from 'vitest'
import type { VariantResult } from '../../../engine/results/result.ts'
import { needsSeries } from '../../../engine/scenario/expect/ast.ts'
import { evaluateExpectation } from '../../../engine/scenario/expect/evaluate.ts'
import { parseExpectation } from '../../../engine/scenario/expect/parse.ts'
import { BASE, wrong } from './support.ts'
import { resultOf } from '../results/support.ts'

const treeOf = (text: string) => {
  const parsed = parseExpectation(text)
  if (!parsed.ok) throw new Error(parsed.problem.says)
  return parsed.tree
}
const problemOf = (text: string) => {
  const parsed = parseExpectation(text)
  return parsed.ok ? undefined : parsed.problem
}
const served = (ok: number): VariantResult =>
  resultOf({
    requests: { offered: 100, ok, degraded: 0, failedFast: 0, failed: 100 - ok, unfinished: 0 },
  })
const seeds = (...pairs: [number, number][]) =>
  pairs.map(
    ([a, b]) =>
      new Map([
        ['A', served(a)],
        ['B', served(b)],
      ]),
  )

describe('an expectation', () => {
  it.each([
    'share(served(B) - served(A) > 20%) >= 60% over 20 seeds',
    'mean(served(B)) > 90%                      over 20 seeds',
    'share(recovered(B, 45s, 10s)) >= 95% over 20 seeds',
    'p50(p99(B)) < 500ms and p99(max(B)) <= 2s over 1 seed',
    'mean(served(B, 30s..60s)) - mean(served(A, 30s..60s)) > 5% over 3 seeds',
    "mean(attempts(B, 'a -> b') / attempts(A, a -> b)) < 2.5 over 3 seeds",
    'mean((queue(B, ledger-db) + 1) * 2) != 0 over 3 seeds',
    'share(served(B) > 90% and p99(B) < 100ms) == 100% over 3 seeds',
    'mean(-served(B)) < 0 over 3 seeds',
    "mean(seconds(B, 'breaker.circuit', open)) > 5 over 3 seeds",
  ])('is read: %s', (text) => {
    expect(treeOf(text).text).toBe(text)
  })

  it.each([
    ['mean(served(B)) > 90%', 22, 'E_SYNTAX', 'over how many seeds'],
    ['mean(served(B)) > 90% over 0 seeds', 28, 'E_RANGE', 'seeds must be 1 to 10000'],
    ['mean(served(B)) > 90% over 2.5 seeds', 28, 'E_RANGE', 'seeds must be'],
    ['mean(served(B)) > 90% over 20', 30, 'E_SYNTAX', '"seeds" is missing'],
    ['mean(served(B)) > 90% over 20 seeds or more', 37, 'E_SYNTAX', 'behind the end'],
    ['served(B) > 90% over 20 seeds', 1, 'E_ENUM', 'it must start with one of'],
    ['men(served(B)) > 90% over 20 seeds', 1, 'E_ENUM', 'it must start with one of'],
    ['mean(srved(B)) > 90% over 20 seeds', 6, 'E_ENUM', 'no metric "srved"'],
    ['mean(served()) > 90% over 20 seeds', 6, 'E_SYNTAX', 'needs a variant'],
    ['mean(served) > 90% over 20 seeds', 12, 'E_SYNTAX', 'served needs a ('],
    ['mean(served(B) > 90% over 20 seeds', 16, 'E_SYNTAX', 'a ) is missing'],
    ['mean(served(B) > 90%) > 1 over 2 seeds', 16, 'E_SYNTAX', 'a ) is missing'],
    ['mean(served(B)) 90% over 20 seeds', 17, 'E_SYNTAX', 'a comparison is missing'],
    ['mean(served(B)) > 90x over 20 seeds', 19, 'E_UNIT', '"90x" is no number'],
    [`mean(served(B)) > 9${'x'.repeat(99)}`, 19, 'E_UNIT', `"9${'x'.repeat(39)}" is no number`],
    ['mean(p99(B)) > 90 over 20 seeds', 14, 'E_UNIT', 'do not go together'],
    ['mean(p99(B)) > 90% over 20 seeds', 14, 'E_UNIT', 'do not go together'],
    ['mean(served(B) + p99(B)) > 0 over 20 seeds', 16, 'E_UNIT', 'do not go together'],
    ['mean(utilisation(B)) > 0 over 2 seeds', 6, 'E_TYPE', 'utilisation takes service'],
    ['mean(recovered(B, 45s)) > 0 over 2 seeds', 6, 'E_TYPE', 'recovered takes after, within'],
    ['mean(recovered(B, 45, 10s)) > 0 over 2 seeds', 19, 'E_UNIT', '"45" is no time'],
    ['mean(recovered(B, "45", 10s)) > 0 over 2 seeds', 20, 'E_UNIT', '"45" is no time'],
    ['mean(served(B, 60s..30s)) > 0 over 2 seeds', 16, 'E_UNIT', 'is no window'],
    ['mean(attempts(B, "a -> b)) > 0 over 2 seeds', 18, 'E_SYNTAX', 'a quote is not closed'],
    [`mean(${'('.repeat(40)}1`, 21, 'E_SYNTAX', 'nested too deeply'],
    [`mean(${'-'.repeat(40)}1)`, 21, 'E_SYNTAX', 'too many minus signs'],
    ['', 1, 'E_ENUM', 'it must start with'],
  ])('is refused: %s', (text, column, code, says) => {
    expect(problemOf(text)).toMatchObject({ column, code, says: expect.stringContaining(says) })
  })

  it('takes what is in quotes as it stands', () => {
    const said = JSON.stringify(treeOf("mean(attempts(B, 'a, (b) -> c')) > 0 over 2 seeds"))
    expect(said).toContain('"a, (b) -> c"')
  })

  it('holds, or does not, over its seeds', () => {
    const results = seeds([50, 80], [70, 80], [20, 90], [60, 95])
    const check = (text: string) => evaluateExpectation(treeOf(text), results)
    expect(check('mean(served(B)) > 86% over 4 seeds')).toEqual({
      held: true,
      value: 0.8625,
      bound: 0.86,
      perSeed: [0.8, 0.8, 0.9, 0.95],
    })
    expect(check('share(served(B) - served(A) > 20%) >= 75% over 4 seeds')).toEqual({
      held: true,
      value: 0.75,
      bound: 0.75,
      perSeed: [1, 0, 1, 1],
    })
    expect(check('p50(served(B)) == 80% over 4 seeds').held).toBe(true)
    expect(check('p99(served(B)) >= 95% over 4 seeds').held).toBe(true)
    expect(check('mean(served(B)) > 80% and mean(served(A)) > 80% over 4 seeds').held).toBe(false)
    expect(check('mean(served(B)) - mean(served(A)) > 30% over 4 seeds').perSeed).toEqual([
      0.8 - 0.5,
      0.8 - 0.7,
      0.9 - 0.2,
      0.95 - 0.6,
    ])
  })

  it('never holds without results', () => {
    const tree = treeOf('mean(served(B)) != 50% over 4 seeds')
    expect(evaluateExpectation(tree, []).held).toBe(false)
    expect(evaluateExpectation(treeOf('mean(served(C)) > 0 over 1 seed'), seeds([1, 1])).held).toBe(
      false,
    )
  })

  it('says whether its runs must keep their time buckets', () => {
    expect(needsSeries(treeOf('share(recovered(B, 45s, 10s)) > 0 over 2 seeds'))).toBe(true)
    expect(needsSeries(treeOf('mean(served(B, 1s..2s)) > 0 over 2 seeds'))).toBe(true)
    expect(needsSeries(treeOf('mean(served(B) - served(A)) > 0 over 2 seeds'))).toBe(false)
  })

  it('does not hold when its metric is not a number', () => {
    const tree = treeOf('share(recovered(B, 45s, 10s)) > 0 over 1 seed')
    expect(evaluateExpectation(tree, seeds([1, 1])).held).toBe(false)
  })

  it('counts a verdict as true when it is not zero', () => {
    const tree = treeOf('share(offered(B)) >= 100% over 1 seed')
    expect(evaluateExpectation(tree, seeds([1, 1])).held).toBe(true)
  })
})

describe('an expectation in a file', () => {
  const inFile = (text: string): string =>
    `${BASE}patterns: { waits: { use: patience } }\nexpect:\n  - ${text}\n`

  it.each([
    ['mean(served(run)) > 0 over 2 seeds', ''],
    [
      'mean(served(B)) > 0 over 2 seeds',
      '9:17 E_REF expect[0]: No variant called "B". There are: run.',
    ],
    [
      'mean(utilisation(run, dbb)) > 0 over 2 seeds',
      '9:27 E_REF expect[0]: No service called "dbb"',
    ],
    [
      'mean(attempts(run, api -> dbb)) > 0 over 2 seeds',
      '9:24 E_REF expect[0]: No service called "dbb"',
    ],
    ['mean(attempts(run, db)) > 0 over 2 seeds', 'is no edge'],
    ['mean(signal(run, waits.expired)) > 0 over 2 seeds', ''],
    ['mean(signal(run, wait.expired)) > 0 over 2 seeds', 'No pattern called "wait"'],
    [
      'mean(signal(run, waits.expird)) > 0 over 2 seeds',
      'patience has no signal "expird". Did you mean expired?',
    ],
    ['mean(seconds(run, waits.mood, cross)) > 0 over 2 seeds', ''],
    [
      'mean(seconds(run, waits.mood, cros)) > 0 over 2 seeds',
      'has no state "cros". Did you mean cross?',
    ],
    [
      'mean(srved(run)) > 0 over 2 seeds',
      '9:10 E_ENUM expect[0]: there is no metric "srved". Did you mean served?',
    ],
  ])('%s', (text, says) => {
    const found = wrong(inFile(text)).join('\n')
    if (says === '') expect(found).toBe('')
    else expect(found).toContain(says)
  })
})
