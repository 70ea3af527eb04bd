import { describe, expect, it } from 'vitest'
import { MILLISECOND, SECOND } from '../../../engine/units.ts'
import { BASE, sound, wrong } from './support.ts'

const ms = (value: number): number => value * MILLISECOND
const withCalls = (calls: string): string => BASE.replace('calls: [db]', `calls: ${calls}`)
const call = { kind: 'call', to: 'db', op: undefined, required: true, times: 1 }

describe('what a service calls', () => {
  it.each([
    ['[]', []],
    ['[db]', [call]],
    [
      '[{ call: db, op: get, optional: true, times: 3 }]',
      [{ ...call, op: 'get', required: false, times: 3 }],
    ],
    ['[{ parallel: [db, db], need: 1 }]', [{ kind: 'parallel', calls: [call, call], need: 1 }]],
    ['[{ parallel: [db] }]', [{ kind: 'parallel', calls: [call], need: undefined }]],
    [
      '[{ 35%: db, 55%: [db, db], 10%: [] }]',
      [
        {
          kind: 'choose',
          branches: [
            { share: 0.35, steps: [call] },
            { share: 0.55, steps: [call, call] },
            { share: 0.1, steps: [] },
          ],
        },
      ],
    ],
  ])('is read from %s', (calls, steps) => {
    expect(sound(withCalls(calls)).services['api']?.calls).toEqual({ '*': steps })
  })

  it('can differ by operation', () => {
    const { services } = sound(withCalls("{ buy: [db], '*': [] }"))
    expect(services['api']?.calls).toEqual({ buy: [call], '*': [] })
  })

  it.each([
    ['db', 'E_TYPE', '[0]', 'expected a list'],
    ['[dbb]', 'E_REF', 'calls[0]', 'Did you mean db?'],
    ['[{ cal: db }]', 'E_TYPE', 'calls[0].call is missing', ''],
    ['[{ call: db, time: 3 }]', 'E_UNKNOWN_KEY', 'calls[0].time', 'Did you mean times?'],
    ['[{ call: db, times: 0 }]', 'E_RANGE', 'calls[0].times is 0', ''],
    ['[{ 50%: db, 40%: [] }]', 'E_RANGE', 'calls[0]', 'shares sum to 90%, must be 100%'],
    ['[{ 50%: dbb, 50%: [] }]', 'E_REF', 'calls[0].50%', 'Did you mean db?'],
    ['[{ 50%: db, half: [] }]', 'E_TYPE', 'calls[0]', '"half" is no share'],
    ['[{ parallel: [] }]', 'E_RANGE', 'calls[0].parallel', 'at least 1'],
    ['[{ parallel: [db], need: 2 }]', 'E_RANGE', 'calls[0].need is 2', 'at most 1'],
    ['[{ parallel: [{ 50%: db, 50%: [] }] }]', 'E_TYPE', 'parallel[0]', ''],
    ['[5]', 'E_TYPE', 'calls[0] is 5', ''],
    ['{ buy: [dbb] }', 'E_REF', 'calls.buy[0]', 'Did you mean db?'],
  ])('%s is refused', (calls, code, path, says) => {
    const found = wrong(withCalls(calls)).join('\n')
    expect(found).toContain(code)
    expect(found).toContain(says)
    if (path !== '[0]') expect(found).toContain(path)
  })
})

describe('a circle of calls', () => {
  const services = (text: string): string =>
    `schema: 1\nservices:\n${text}\nload: { users: { to: a, arrivals: poisson(1/s) } }\n`

  it.each([
    ['  a: { calls: [a] }', 'a -> a'],
    ['  a: { calls: [b] }\n  b: { calls: [a] }', 'a -> b -> a'],
    [
      '  a: { calls: [b] }\n  b: { calls: [c] }\n  c: { calls: [d, { 1%: b, 99%: [] }] }\n  d: {}',
      'b -> c -> b',
    ],
    ['  a: { calls: { x: [b] } }\n  b: { calls: [{ parallel: [a] }] }', 'a -> b -> a'],
  ])('is refused: %#', (text, circle) => {
    expect(wrong(services(text))).toEqual([
      expect.stringMatching(new RegExp(`E_CYCLE .*Calls go in a circle: ${circle}\\.`)),
    ])
  })

  it('that the operation breaks is none', () => {
    const text =
      '  a: { calls: { x: [{ call: b, op: y }] } }\n  b: { calls: { y: [{ call: a, op: z }] } }'
    expect(wrong(services(text))).toEqual([])
  })

  it('is seen in a long chain', () => {
    const chain = Array.from({ length: 400 }, (_, i) => `  s${i}: { calls: [s${(i + 1) % 400}] }`)
    const text = services(chain.join('\n')).replace('to: a', 'to: s0')
    expect(wrong(text)[0]).toContain('s398 -> s399 -> s0')
  })
})

describe('a load', () => {
  const withLoad = (load: string): string =>
    `${BASE.slice(0, BASE.indexOf('load:'))}load: { users: { to: api, ${load} } }`

  it.each([
    ['poisson(300/s)', { kind: 'poisson', rate: 300 }],
    ['constant(120/min)', { kind: 'constant', rate: 2 }],
    ['ramp(10/s 500/s 60s)', { kind: 'ramp', from: 10, to: 500, over: 60 * SECOND }],
    [
      'spike(100/s 900/s 30s 5s)',
      { kind: 'spike', rate: 100, peak: 900, at: 30 * SECOND, for: 5 * SECOND },
    ],
    ['diurnal(100/s 50/s 60s)', { kind: 'diurnal', mean: 100, amplitude: 50, period: 60 * SECOND }],
    [
      'bursty(10/s 200/s 5s 1s)',
      { kind: 'bursty', quiet: 10, busy: 200, quietFor: 5 * SECOND, busyFor: SECOND },
    ],
    ['trace(1ms 5ms 9ms)', { kind: 'trace', times: [ms(1), ms(5), ms(9)] }],
    ['[1ms, 5ms, 9ms]', { kind: 'trace', times: [ms(1), ms(5), ms(9)] }],
    ['gaps(gamma(10ms 2))', { kind: 'renewal', gap: { kind: 'gamma', mean: ms(10), shape: 2 } }],
  ])('has arrivals %s', (text, arrivals) => {
    expect(sound(withLoad(`arrivals: ${text}`)).load['users']?.arrivals).toEqual(arrivals)
  })

  it.each([
    ['poisson(0/s)', 'E_RANGE'],
    ['poisson(-5/s)', 'E_RANGE'],
    ['poisson(5)', 'E_UNIT'],
    ['poison(5/s)', 'E_ENUM'],
    ['100', 'E_UNIT'],
    ['.nan', 'E_RANGE'],
    ['"100"', 'E_TYPE'],
    ['ramp(0/s 0/s 5s)', 'E_RANGE'],
    ['diurnal(5/s 9/s 5s)', 'E_RANGE'],
    ['trace(5ms 1ms)', 'E_RANGE'],
    ['[]', 'E_RANGE'],
    ['[5]', 'E_UNIT'],
    ['gaps(0s)', 'E_RANGE'],
    ['gaps(x)', 'E_TYPE'],
    ['{ poisson: 5 }', 'E_TYPE'],
  ])('cannot have arrivals %s', (text, code) => {
    expect(wrong(withLoad(`arrivals: ${text}`)).join('\n')).toContain(code)
  })

  it('can be users who wait and think', () => {
    const { load } = sound(withLoad('users: 20, think: exponential(3s)'))
    expect(load['users']).toMatchObject({
      users: 20,
      think: { kind: 'exponential', mean: 3 * SECOND },
    })
    expect(load['users']?.arrivals).toBe(undefined)
  })

  it.each([
    ['timeout: 2s', 'needs arrivals or users'],
    ['users: 5, arrivals: poisson(5/s)', 'not both'],
    ['think: 1s, arrivals: poisson(5/s)', 'think belongs to users'],
    ['users: 5, from: 10s, until: 5s', 'until must be after from'],
    ['users: 5, mix: { a: 50%, b: 40% }', 'shares sum to 90%, must be 100%'],
    ['users: 5, mix: {}', 'shares sum to 0%'],
    ['users: 5, priorities: [50%]', 'shares sum to 50%'],
    ['users: 5, tenants: { a: { share: 50% } }', 'shares sum to 50%'],
    ['users: 5, keys: 1000', 'how keys are spread'],
    ['users: 5, keys: zipf(1000)', 'zipf takes 2 values'],
    ['users: 5, bytes: 5ms', 'no unit "ms"'],
  ])('%s is refused', (text, says) => {
    expect(wrong(withLoad(text)).join('\n')).toContain(says)
  })

  it('has a mix, tenants, priorities, keys and sizes', () => {
    const text =
      'users: 5, mix: { a: 0.25, b: 75% }, tenants: { small: 90%, big: { share: 10%, work: 3 } }, ' +
      'priorities: [20%, 80%], keys: zipf(1000 0.9), bytes: exponential(2kB), timeout: 2s, requests: 9, zone: eu'
    expect(sound(withLoad(text)).load['users']).toMatchObject({
      mix: { a: 0.25, b: 0.75 },
      tenants: [
        { name: 'small', share: 0.9, work: 1 },
        { name: 'big', share: 0.1, work: 3 },
      ],
      priorities: [0.2, 0.8],
      keys: { kind: 'zipf', items: 1000, exponent: 0.9 },
      bytes: { kind: 'exponential', mean: 2000 },
      timeout: 2 * SECOND,
      requests: 9,
      zone: 'eu',
    })
  })

  it('must not come to more than the budget', () => {
    expect(wrong(withLoad('arrivals: poisson(1e9/s)'))[0]).toMatch(
      /E_LIMIT load: This comes to about/,
    )
    expect(wrong(`${withLoad('arrivals: poisson(1e6/s)')}\nbudget: { events: 1e12 }`)).toEqual([])
  })
})

describe('links', () => {
  it('take from default what they leave out', () => {
    const { links } = sound(
      `${BASE}links: { default: { latency: 2ms, loss: 1% }, api->db: { fifo: true } }`,
    )
    expect(links['api -> db']).toEqual({
      latency: { kind: 'constant', value: ms(2) },
      loss: 0.01,
      duplicate: 0,
      bandwidth: Infinity,
      fifo: true,
    })
  })

  it.each([
    ['api: {}', 'is no link'],
    ['api -> dbb: {}', 'Did you mean db?'],
    ['default: { bandwidth: 10MB }', 'bandwidth'],
    ['default: { latncy: 5ms }', 'Did you mean latency?'],
  ])('%s is refused', (text, says) => {
    expect(wrong(`${BASE}links: { ${text} }`).join('\n')).toContain(says)
  })
})

describe('a fault', () => {
  const faults = (text: string): string =>
    `${BASE.replace('db: {}', 'db: { zone: eu, instances: 2 }')}patterns: { tries: { use: again } }\nfaults: [${text}]`

  it.each([
    [
      '{ at: 1s, for: 2s, slow: db, by: 2.7 }',
      { verb: 'slow', target: 'db', at: SECOND, for: 2 * SECOND, by: 2.7 },
    ],
    [
      '{ at: 1s, crash: db#1, how: silent }',
      { verb: 'crash', target: 'db#1', for: Infinity, options: { how: 'silent' } },
    ],
    [
      '{ mtbf: 10s, mttr: 1s, pause: db }',
      { verb: 'pause', at: undefined, mtbf: 10 * SECOND, mttr: SECOND },
    ],
    ['{ at: 1s, errors: db, by: 20% }', { verb: 'errors', by: 0.2 }],
    [
      '{ at: 1s, delay: api->db, by: 5ms }',
      { target: 'api -> db', options: { distribution: { kind: 'constant', value: ms(5) } } },
    ],
    ['{ at: 1s, abort: "* -> db", by: 1% }', { verb: 'abort', target: '* -> db', by: 0.01 }],
    ['{ at: 1s, bandwidth: api -> db, by: 1MB/s }', { by: 1e6 }],
    [
      '{ at: 1s, partition: eu -> users, direction: one-way }',
      { options: { direction: 'one-way' } },
    ],
    ['{ at: 1s, skew: db, by: 100ms, drift: 0.01 }', { by: ms(100), options: { drift: 0.01 } }],
    ['{ at: 1s, jump: db, by: -5s }', { by: -5 * SECOND }],
    [
      '{ at: 1s, deploy: db, version: 2, errors: 20%, slow: 1.5 }',
      { verb: 'deploy', options: { version: 2, errors: 0.2, slow: 1.5 } },
    ],
    [
      '{ at: 1s, config: patterns.tries.pause.base, value: 1s }',
      { target: 'patterns.tries.pause.base', options: { value: SECOND } },
    ],
    ['{ at: 1s, hot-key: users, key: 7, by: 50% }', { by: 0.5, options: { key: 7 } }],
    ['{ at: 1s, spike: users, by: 3 }', { by: 3 }],
    ['{ at: 1s, region: eu }', { target: 'eu', options: { how: 'refuse' } }],
    ['{ at: 1s, flush: tries }', { target: 'tries' }],
  ])('%s is read', (text, spec) => {
    expect(sound(faults(text)).faults[0]).toMatchObject(spec)
  })

  it.each([
    ['{ at: 1s, slow: db }', 'faults[0].by is missing'],
    ['{ slow: db, by: 2 }', 'when it starts'],
    ['{ at: 1s, mtbf: 1s, mttr: 1s, slow: db, by: 2 }', 'not both'],
    ['{ at: 1s, slwo: db, by: 2 }', 'Did you mean slow?'],
    ['{ at: 1s }', 'does not say what goes wrong'],
    ['{ at: 1s, slow: db, pause: db, by: 1 }', 'this has pause and slow'],
    ['{ at: 1s, slow: dbb, by: 2 }', 'Did you mean db?'],
    ['{ at: 1s, slow: db#x, by: 2 }', 'db#2'],
    ['{ at: 1s, slow: db#2, by: 2 }', 'There is no instance db#2; the first is #0.'],
    ['{ at: 1s, delay: db, by: 2ms }', 'a -> b'],
    ['{ at: 1s, delay: api -> dbb, by: 2ms }', 'Did you mean db?'],
    ['{ at: 1s, region: us }', 'No region or zone called "us"'],
    ['{ at: 1s, partition: eu -> uz }', 'No service, zone or region called "uz"'],
    ['{ at: 1s, spike: api, by: 2 }', 'No load called "api"'],
    ['{ at: 1s, flush: trie }', 'Did you mean tries?'],
    ['{ at: 1s, config: patterns.tries.attempt, value: 1 }', 'Did you mean attempts?'],
    ['{ at: 1s, config: tries.attempts, value: 1 }', 'knob of a pattern'],
    [
      '{ at: 1s, config: patterns.tries.attempts, value: 99 }',
      'faults[0].value is 99; it must be a whole number from 1 to 10',
    ],
    ['{ at: 1s, errors: db, by: 20 }', 'faults[0].by is 20'],
    ['{ at: 1s, pause: db, by: 2 }', 'has no key "by"'],
    ['5', 'faults[0] is 5'],
  ])('%s is refused', (text, says) => {
    expect(wrong(faults(text)).join('\n')).toContain(says)
  })
})

describe('names', () => {
  it.each([
    ['"a\\u0000b"', 'E_NAME', 'control character U+0000'],
    ['"\\ud800"', 'E_NAME', 'surrogate'],
    ['"a\\u202eb"', 'E_NAME', 'invisible'],
    ['"a b"', 'E_NAME', 'space'],
    ['a.b', 'E_NAME', 'the sign .'],
    ['"a#b"', 'E_NAME', 'the sign #'],
    ['1st', 'E_NAME', 'start with a letter'],
    ['""', 'E_NAME', 'is empty'],
    ['x'.repeat(65), 'E_NAME', 'longer than 64'],
    ['__proto__', 'E_NAME', 'JavaScript'],
    ['"e\\u0301"', 'E_NAME', 'NFC'],
    ['DB', 'E_DUP_ID', 'can hardly be told from "db" (services.db)'],
    ['users', 'E_DUP_ID', 'already taken by services.users'],
  ])('%s is refused', (name, code, says) => {
    const found = wrong(BASE.replace('db: {}', `db: {}\n  ${name}: {}`)).join('\n')
    expect(found).toContain(code)
    expect(found).toContain(says)
  })

  it('that look the same are refused', () => {
    const text = BASE.replace('db: {}', 'db: {}\n  "\\u00e9": {}\n  "e\\u0301": {}')
    expect(wrong(text).join('\n')).toMatch(/E_DUP_ID/)
  })

  it('may be in any script', () => {
    const text = BASE.replace('db: {}', 'db: {}\n  Bücher: {}\n  在庫: {}')
    expect(Object.keys(sound(text).services)).toEqual(['api', 'db', 'Bücher', '在庫'])
  })

  it('that are given twice are told with both lines', () => {
    expect(wrong(BASE.replace('db: {}', 'db: {}\n  db: {}'))).toEqual([
      '5:3 E_DUP_ID services.db: The key "db" is there twice: in line 4 and in line 5. Keep one of them.',
    ])
  })
})

describe('sections', () => {
  it('may hold only so much', () => {
    const services = Array.from({ length: 501 }, (_, index) => `  s${index}: {}`).join('\n')
    expect(wrong(BASE.replace('  db: {}', `  db: {}\n${services}`))).toEqual([
      '2:1 E_LIMIT services may hold at most 500 entries; this has 503. Leave some of them out.',
    ])
    const variants = Array.from({ length: 21 }, (_, index) => `v${index}: {}`).join(', ')
    expect(wrong(`${BASE}compare: { ${variants} }`)[0]).toContain('at most 20 entries')
  })
})
