import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { escaped } from '../../../engine/scenario/problem.ts'
import { formatProblem, readScenario } from '../../../engine/scenario/read.ts'
import { MILLISECOND, SECOND } from '../../../engine/units.ts'
import { BASE, read, sound, wrong } from './support.ts'

const home = readFileSync(new URL('../../../scenarios/retry-storm.yaml', import.meta.url), 'utf8')

describe('the home scenario', () => {
  const result = readScenario(home, 'retry-storm')

  it('is read as it is written', () => {
    expect(result).toMatchObject({ ok: true, warnings: [], off: [] })
    if (!result.ok) return
    const { scenario } = result
    expect(Object.keys(scenario.services)).toHaveLength(13)
    expect(scenario).toMatchObject({
      name: 'retry-storm',
      title: 'Retry storm at checkout',
      seed: '7',
      duration: 120 * SECOND,
      objective: { served: 0.99, p99: 500 * MILLISECOND },
      compare: { A: { without: ['breaker'] }, B: { without: [] } },
    })
    expect(scenario.services['ledger-db']).toMatchObject({
      concurrency: 5,
      queue: 900,
      at: [880, 300],
      work: { '*': { kind: 'lognormal', mean: 14 * MILLISECOND, sigma: 0.55 } },
    })
    expect(scenario.patterns.map(({ id, use }) => [id, use])).toEqual([
      ['timeouts', 'timeout'],
      ['retries', 'retry'],
      ['breaker', 'circuit-breaker'],
    ])
    expect(scenario.faults[0]).toMatchObject({ verb: 'slow', target: 'ledger-db', by: 2.7 })
  })

  it('says where a name is wrong, and what was meant', () => {
    const text = home.replace('payments -> ledger-db: 350ms', 'payments -> leger-db: 350ms')
    const line = text.split('\n').findIndex((one) => one.includes('leger-db')) + 1
    const column = text.split('\n')[line - 1]!.indexOf('leger-db') + 1
    const broken = readScenario(text, 'retry-storm')
    expect(
      broken.ok ? [] : broken.errors.map((one) => formatProblem('retry-storm.yaml', one)),
    ).toEqual([
      `retry-storm.yaml:${line}:${column}  No service called "leger-db". Did you mean ledger-db?`,
    ])
  })
})

describe('a small file', () => {
  it('gets defaults for everything it leaves out', () => {
    const scenario = sound(BASE)
    expect(scenario).toMatchObject({
      schema: 1,
      title: 'test',
      question: '',
      tags: { patterns: [], problem: '', difficulty: '' },
      duration: 60 * SECOND,
      warmup: 0,
      seed: '1',
      order: [],
      faults: [],
      compare: {},
      expect: [],
      budget: { events: 1e9, memory: 1e9 },
      links: { default: { latency: { kind: 'constant', value: 500_000 }, bandwidth: Infinity } },
    })
    expect(scenario.services['db']).toEqual({
      instances: 1,
      concurrency: 16,
      queue: 100,
      discipline: 'fifo',
      slots: 'held',
      work: { '*': { kind: 'constant', value: MILLISECOND } },
      errors: 0,
      calls: { '*': [] },
      zone: '',
      region: '',
      domain: '',
      version: 1,
      replyBytes: 1000,
      at: undefined,
    })
    expect(scenario.load['users']).toMatchObject({
      users: 0,
      think: undefined,
      mix: { request: 1 },
      timeout: Infinity,
      keys: { kind: 'uniform', items: 1000 },
      tenants: [{ name: 'everyone', share: 1, work: 1 }],
      priorities: [1],
      until: Infinity,
      requests: Infinity,
    })
  })

  it('may be bytes with a byte order mark and carriage returns', () => {
    const bytes = new TextEncoder().encode(`\uFEFF${BASE.replaceAll('\n', '\r\n')}`)
    expect(sound(bytes)).toEqual(sound(BASE))
  })

  it('may be JSON', () => {
    const json = {
      schema: 1,
      services: { api: { calls: ['db'] }, db: {} },
      load: { users: { to: 'api', arrivals: 'poisson(10/s)' } },
    }
    expect(sound(JSON.stringify(json, undefined, '\t'))).toEqual(sound(BASE))
  })

  it('takes 7 and "7" for the same seed', () => {
    expect(sound(`${BASE}seed: 7`)).toEqual(sound(`${BASE}seed: '7'`))
    expect(sound(`${BASE}seed: storm`).seed).toBe('storm')
    expect(sound(`${BASE}seed: -3`).seed).toBe('-3')
  })

  it.each(['seed:', 'seed: ~', 'seed: 1.5', 'seed: 9007199254740993', 'seed: true', 'seed: []'])(
    'refuses the seed of "%s"',
    (line) => {
      expect(wrong(BASE + line)[0]).toMatch(/^7:\d+ E_SEED seed/)
    },
  )

  it('may have services with the names of things that every object has', () => {
    const text = `schema: 1
services:
  constructor: { calls: [toString] }
  toString: { calls: { hasOwnProperty: [valueOf], '*': [] } }
  valueOf: {}
load: { hasOwnProperty: { to: constructor, arrivals: poisson(1/s), mix: { constructor: 100% } } }
patterns: { toString: { use: patience, where: { constructor -> toString: 1s } } }
compare: { valueOf: { without: [toString] } }
`
    const { services, load, patterns, compare } = sound(text)
    expect(Object.keys(services)).toEqual(['constructor', 'toString', 'valueOf'])
    expect(load['hasOwnProperty']?.mix).toEqual({ constructor: 1 })
    expect(patterns[0]?.id).toBe('toString')
    expect(compare['valueOf']?.title).toBe('valueOf')
    expect(services['hasOwnProperty']).toBe(undefined)
  })
})

describe('an older file', () => {
  it('is brought up to date', () => {
    const old = BASE.replace('schema: 1', 'schema: 0').replace('services:', 'nodes:')
    expect(sound(`${old}length: 5s`)).toEqual(sound(`${BASE}duration: 5s`))
  })

  it('is told of its mistakes where they are', () => {
    const old = BASE.replace('schema: 1', 'schema: 0').replace('services:', 'nodes:')
    expect(wrong(`${old}length: 5`)).toEqual([
      '7:9 E_UNIT duration is 5; 5 what? Write 5ms, 5s, 5min or 5h.',
    ])
  })
})

describe('mistakes', () => {
  it('are told in the order of the file, twenty at once', () => {
    const services = Array.from({ length: 25 }, (_, index) => `  s${index}: { queue: x }`)
    const result = read(BASE.replace('load:', `${services.join('\n')}\nload:`))
    if (result.ok) throw new Error('must not be read')
    expect(result.errors).toHaveLength(20)
    expect(result.more).toBe(5)
    expect(result.errors.map(({ line }) => line)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 5),
    )
  })

  it('of different kinds are told together', () => {
    const text = `${BASE}duration: 5\nfaults: [{ at: 1s, slow: dbb, by: 2 }]\ncolour: red\n`
    expect(wrong(text)).toEqual([
      '7:11 E_UNIT duration is 5; 5 what? Write 5ms, 5s, 5min or 5h.',
      '8:26 E_REF faults[0].slow: No service called "dbb". Did you mean db?',
      expect.stringMatching(
        /^9:1 E_UNKNOWN_KEY colour is not known: a scenario has no key "colour"/,
      ),
    ])
  })

  it('name a spike that could change nothing: users who think and given times have no rate', () => {
    const loads =
      'load: { u: { to: a, users: 3 }, t: { to: a, arrivals: trace(1s 2s) }, r: { to: a, arrivals: poisson(1/s) } }'
    const spikes = ['u', 't', 'r'].map((load) => `  - { at: 1s, spike: ${load}, by: 2 }`)
    const text = `schema: 1\nduration: 5s\nservices: { a: {} }\n${loads}\nfaults:\n${spikes.join('\n')}\n`
    const hint = 'Add a load that comes `from` its beginning `until` its end, or aim at "r".'
    expect(wrong(text)).toEqual([
      `6:22 E_REF faults[0].spike: "u" is not a load whose arrivals have a rate. ${hint}`,
      `7:22 E_REF faults[1].spike: "t" is not a load whose arrivals have a rate. ${hint}`,
    ])
  })

  it('quote values in one line, at most eighty characters of them', () => {
    const [first] = wrong(`${BASE}title: { a: 1 }\nduration: "${'x\\e[31m'.repeat(40)}"`)
    expect(first).toContain('title')
    const result = wrong(`${BASE}duration: "${'x\\e[31m'.repeat(40)}"`)
    expect(result[0]!.length).toBeLessThan(400)
    expect(result[0]).toContain('U+001B')
  })

  it('cut nothing off that has room', () => {
    expect(escaped('abc', 3)).toBe('abc')
    expect(escaped('abcd', 3)).toBe('abc…')
  })

  it.each([
    [11, 's0 -> s1 -> s2 -> s3 -> s4 -> s5 -> s6 -> s7 -> s8 -> s9 -> s10 -> s0.'],
    [12, 's0 -> s1 -> s2 -> s3 -> s4 -> … 3 more … -> s8 -> s9 -> s10 -> s11 -> s0.'],
  ])('leave out the middle of a circle of %d calls where that is shorter', (size, says) => {
    const one = (at: number): string => `s${at}: { calls: [s${(at + 1) % size}] }`
    const services = Array.from({ length: size }, (_, at) => one(at)).join(', ')
    const load = 'load: { u: { to: s0, arrivals: poisson(1/s) } }'
    const [first] = wrong(`schema: 1\nduration: 5s\nservices: { ${services} }\n${load}\n`)
    expect(first).toContain(`Calls go in a circle: ${says}`)
  })

  it('point at quoted and unquoted words alike', () => {
    const plain = wrong(`${BASE}faults:\n  - { at: 1s, delay: api -> dbb, by: 1ms }`)
    const quoted = wrong(`${BASE}faults:\n  - { at: 1s, delay: 'api -> dbb', by: 1ms }`)
    expect(plain[0]).toMatch(/^8:29 E_REF/)
    expect(quoted[0]).toMatch(/^8:30 E_REF/)
  })

  it('point at the beginning of a quoted text in which something is escaped, and of a block', () => {
    const expected = (text: string): string => wrong(`${BASE}expect:\n  - ${text}`)[0]!
    expect(expected('"mean(srved(B)) > 0 over 2 seeds"')).toMatch(/^8:11 E_ENUM/)
    expect(expected('"mean(srved(B)) > 0 over 2 s\\x65eds"')).toMatch(/^8:5 E_ENUM/)
    expect(expected('>-\n    mean(srved(B)) > 0 over 2 seeds')).toMatch(/^8:5 E_ENUM/)
  })
})

describe('warnings', () => {
  const warned = (text: string): string[] => {
    const result = read(text)
    return result.ok ? result.warnings.map((one) => formatProblem('test.yaml', one)) : ['refused']
  }

  it('tell of queues that grow without bound', () => {
    const text = BASE.replace('db: {}', 'db: { queue: unbounded, concurrency: 1, work: 200ms }')
    expect(warned(text)).toEqual([
      'test.yaml:4:3  Warning: Work for 2 slots arrives and there are 1: its queue grows without bound. ' +
        'Add slots, lower the load, or bound the queue.',
    ])
  })

  it('tell of timeouts that nothing can meet', () => {
    const text = `${BASE}links: { default: { latency: 100ms } }\npatterns: { t: { use: patience, timeout: 150ms } }`
    expect(warned(text)[0]).toContain('Every call over api -> db will time out')
  })

  it('tell of places where nothing happens', () => {
    const text = `${BASE}links: { db -> api: { loss: 1% } }\npatterns: { t: { use: patience, where: [db -> api] } }`
    expect(warned(text)).toEqual([
      'test.yaml:7:10  Warning: No call goes over db -> api.',
      'test.yaml:8:33  Warning: No call goes over db -> api.',
    ])
  })

  it('tell of faults after the end, and of tags that are no patterns', () => {
    const text = `${BASE}faults: [{ at: 90s, pause: db }]\ntags: { patterns: [patienc] }`
    expect(warned(text)).toEqual([
      'test.yaml:7:12  Warning: This is after the end of the run.',
      'test.yaml:8:20  Warning: There is no pattern "patienc". Did you mean patience?',
    ])
  })
})
