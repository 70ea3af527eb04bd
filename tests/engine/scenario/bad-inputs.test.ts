import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { formatProblem, readScenario } from '../../../engine/scenario/read.ts'
import { BASE, expectContract } from './support.ts'

const folder = new URL('../../fixtures/bad-inputs/', import.meta.url)
const bytesOf = (name: string): Uint8Array => readFileSync(new URL(`${name}.txt`, folder))

/** File, code, place where it matters, and what the reader is told. */
const refused: readonly (readonly [name: string, code: string, place: string, told: string])[] = [
  ['B01', 'E_EMPTY', '1:1', 'The file is empty. Start with the smallest scenario'],
  ['B02', 'E_EMPTY', '1:1', 'The file is empty.'],
  ['B03', 'E_SYNTAX', '1:11', '"[" is never closed.'],
  ['B04', 'E_SYNTAX', '2:1', 'A tab is used for indentation.'],
  ['B05', 'E_SYNTAX', '1:1', 'found 2 documents (one scenario per file)'],
  ['B06', 'E_ENCODING', '1:1', 'UTF-16, not UTF-8. Save it as UTF-8.'],
  ['B07', 'E_ENCODING', '1:1', 'not valid UTF-8 at byte 21'],
  ['B09', 'E_NAME', '5:3', 'control character U+0000'],
  ['B10', 'E_NAME', '5:3', 'half of a surrogate pair, U+D800'],
  ['B11', 'E_TYPE', '1:1', '$ is a list: expected a mapping, got a list.'],
  ['B12', 'E_DUP_KEY', '8:1', 'in line 7 and in line 8'],
  ['B13', 'E_DUP_KEY', '2:13', 'The key "seed" is there twice: in line 2 and in line 2'],
  ['B14', 'E_UNKNOWN_KEY', '2:1', 'Did you mean services?'],
  ['B15', 'E_UNKNOWN_KEY', '7:34', 'Did you mean maxAttempts?'],
  ['B16', 'E_TYPE', '2:11', 'services is empty: expected a mapping, got nothing.'],
  ['B17', 'E_RANGE', '2:11', 'at least 1 service'],
  ['B17-list', 'E_RANGE', '2:11', 'at least 1'],
  ['B18', 'E_ENUM', '7:12', 'Did you mean circuit-breaker?'],
  ['B18-mapping', 'E_ENUM', '7:29', 'Did you mean circuit-breaker?'],
  ['B19', 'E_TYPE', '3:7', 'load is 5: expected a mapping, got a number.'],
  ['B20', 'E_VERSION', '1:9', 'made by a newer version; this build reads 0..1'],
  ['B21', 'E_VERSION', '1:1', 'Add the line `schema: 1` at the top.'],
  ['B22', 'E_RANGE', '6:31', '> 0/s'],
  ['B23', 'E_RANGE', '6:31', '> 0/s'],
  ['B24', 'E_RANGE', '6:31', 'not finite'],
  ['B24-number', 'E_RANGE', '4:22', 'not finite'],
  ['B25', 'E_RANGE', '6:31', 'not a number'],
  ['B26', 'E_TYPE', '4:22', 'a whole number from 1 to 1000000. Write 100 without quotes'],
  ['B27', 'E_TYPE', '4:20', 'a whole number'],
  ['B28', 'E_LIMIT', '4:20', 'from 1 to 1000.'],
  ['B29', 'E_RANGE', '4:17', 'from 0% (0) to 100% (1)'],
  ['B30', 'E_RANGE', '6:51', 'shares sum to 90%, must be 100%'],
  ['B31', 'E_SEED', '7:7', 'seed is 9007199254740993; that is beyond 2^53-1. Write it as a quoted'],
  ['B32', 'E_SEED', '7:7', 'seed is 1.5; it must be a whole number'],
  ['B33', 'E_SEED', '7:6', 'seed is empty'],
  ['B34', 'E_UNIT', '6:55', '5 what? Write 5ms, 5s, 5min or 5h.'],
  ['B35', 'E_UNIT', '6:55', 'Did you mean 5min?'],
  ['B36', 'E_RANGE', '6:55', 'finite'],
  ['B37', 'E_RANGE', '6:55', 'smaller than the clock tick'],
  ['B38', 'E_RANGE', '7:11', 'from 1ms to 100d'],
  ['B39', 'E_TYPE', '7:43', 'Write true or false.'],
  ['B40', 'E_UNIT', '6:55', 'there is no unit ":30:45"'],
  ['B40-octal', 'E_TYPE', '4:22', 'is "017"'],
  ['B41', 'E_ALIAS', '1:5', 'Anchors are not allowed; found &a0.'],
  ['B42', 'E_ALIAS', '1:4', 'Anchors are not allowed; found &a.'],
  ['B43', 'E_TAG', '1:4', 'found !!js/function'],
  ['B43-python', 'E_TAG', '1:4', 'found !!python/object/apply:os.system'],
  ['B44', 'E_ALIAS', '8:1', 'Merge keys (<<) are not allowed.'],
  ['B47', 'E_REF', '3:18', 'No service called "dbb". Did you mean db?'],
  ['B48', 'E_DUP_ID', '5:3', 'in line 4 and in line 5'],
  ['B49', 'E_DUP_ID', '6:3', 'services.é'],
  ['B49-case', 'E_DUP_ID', '5:3', 'can hardly be told from "db" (services.db)'],
  ['B50', 'E_CYCLE', '3:10', 'api -> db -> api'],
  ['B51', 'E_CYCLE', '3:10', 'api -> api'],
  ['B52', 'E_RANGE', '3:58', 'need is 5; it must be at most 3, the number of calls'],
  ['B53', 'E_RANGE', '7:13', 'backoff.cap must be at least backoff.base'],
  ['B55', 'E_RANGE', '11:57', 'maxAttempts is 1000000; it must be a whole number from 1 to 1000'],
  ['B56', 'E_RANGE', '11:57', 'maxAttempts is 1000000; it must be a whole number from 1 to 1000'],
  ['B57', 'E_LIMIT', '5:1', 'events (63 days of computing)'],
  ['B59', 'E_NAME', '5:3', 'holds a'],
  ['B60', 'E_UNKNOWN_KEY', '8:1', 'url is not known'],
  ['B61', 'E_UNKNOWN_KEY', '4:9', 'services.db.color is not known'],
  ['B62', 'E_UNKNOWN_KEY', '7:1', '__proto__ is not known'],
  ['B62-nested', 'E_UNKNOWN_KEY', '4:9', 'services.db.__proto__ is not known'],
  ['B63-proto', 'E_NAME', '5:3', 'JavaScript'],
]

const warned: readonly (readonly [name: string, code: string, told: string])[] = [
  ['B54', 'E_RANGE', 'Every call over api -> db will time out'],
  ['B58', 'E_UNSTABLE', 'its queue grows without bound'],
]

const ownKeys = (): PropertyKey[][] => [
  Reflect.ownKeys(Object.prototype),
  Reflect.ownKeys(Array.prototype),
]

/** What a file comes to, and that reading it left no trace and took no time. */
function judge(source: string | Uint8Array, most = 1000) {
  const before = ownKeys()
  const started = process.cpuUsage()
  const result = readScenario(source, 'bad')
  const took = process.cpuUsage(started).user / 1000
  expect(ownKeys()).toEqual(before)
  expect(Object.getOwnPropertyNames({})).toEqual([])
  expect(took).toBeLessThan(most)
  return result
}

describe('a bad file', () => {
  it.each(refused)('%s is refused with %s', (name, code, place, told) => {
    const result = judge(bytesOf(name))
    if (result.ok) throw new Error('must be refused')
    expectContract(result)
    const found = result.errors.filter((one) => one.code === code)
    expect(found.map(({ line, column }) => `${line}:${column}`)).toContain(place)
    expect(found.map((one) => formatProblem('bad.yaml', one)).join('\n')).toContain(told)
  })

  it('is refused in the same words when it comes as text', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    for (const [name] of refused.filter(([one]) => one !== 'B06' && one !== 'B07')) {
      expect(judge(decoder.decode(bytesOf(name)))).toEqual(judge(bytesOf(name)))
    }
  })

  it.each(warned)('%s is read, with the warning %s', (name, code, told) => {
    const result = judge(bytesOf(name))
    if (!result.ok) throw new Error('must be read')
    expect(result.warnings.map((one) => one.code)).toContain(code)
    expect(result.warnings.map((one) => one.message).join('\n')).toContain(told)
  })

  it('B08 is read, and is the same as without its marks', () => {
    expect(judge(bytesOf('B08'))).toEqual(judge(BASE))
  })

  it('B63 is read', () => {
    expect(judge(bytesOf('B63'))).toMatchObject({ ok: true, warnings: [] })
  })

  it.each([
    ['lists', '['.repeat(20_000) + ']'.repeat(20_000)],
    ['mappings', '{a: '.repeat(20_000) + '}'.repeat(20_000)],
    ['list entries', '- '.repeat(20_000)],
    ['keys in question', '? '.repeat(20_000)],
    ['indentation', Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')],
  ])('B45: %s that are nested too deeply are refused at once', (_, text) => {
    const result = judge(text, 200)
    expect(result).toMatchObject({ ok: false, errors: [{ code: 'E_TOO_DEEP' }] })
    expect(result.ok ? '' : result.errors[0]?.message).toContain('limit is 64')
  })

  it.each(['[a, b]', '{ a: b }'])(
    'a key that is no word (%s) is refused where it stands',
    (key) => {
      const result = judge(`schema: 1\nservices: { db: {} }\n? ${key}\n: 1\n`)
      const found = result.ok
        ? []
        : result.errors.map(({ code, line, message }) => [code, line, message])
      expect(found).toContainEqual([
        'E_SYNTAX',
        3,
        '$: A key must be a word, not a list or a mapping.',
      ])
    },
  )

  it('B46: a file that is too large is refused by its size', () => {
    const text = `a:\n${'- 1\n'.repeat(524_288)}`
    const expected = {
      code: 'E_TOO_LARGE',
      message: '$: The file is too large: 2.1 MiB, limit 1 MiB.',
    }
    expect(judge(text)).toMatchObject({ ok: false, errors: [expected] })
    expect(judge(new TextEncoder().encode(text))).toMatchObject({ ok: false, errors: [expected] })
  })

  it.each([
    ['numbers', `a: [${'1,'.repeat(500_000)}]`],
    ['empty lines', `a: 1\n${'\n'.repeat(1_000_000)}`],
    ['keys', Array.from({ length: 90_000 }, (_, i) => `k${i}: 1\n`).join('')],
    ['documents', '---\n'.repeat(260_000)],
    ['directives', '%a\n'.repeat(340_000)],
    ['brackets', `[${']'.repeat(1_000_000)}`],
    ['quotes', `a: "${'x '.repeat(500_000)}`],
    ['colons', 'a:'.repeat(500_000)],
    ['tabs', '\t'.repeat(1_000_000)],
  ])('a megabyte of %s is refused soon', (_, text) => {
    const result = judge(text)
    expect(result.ok).toBe(false)
    if (!result.ok) expectContract(result)
  })
})
