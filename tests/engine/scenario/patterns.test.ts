import { describe, expect, it } from 'vitest'
import { MILLISECOND, SECOND } from '../../../engine/units.ts'
import { BASE, sound, wrong } from './support.ts'

const withPattern = (text: string): string => `${BASE}patterns:\n  it: { ${text} }\n`
const attached = (text: string) => sound(withPattern(text)).patterns[0]!

describe('a pattern in a file', () => {
  it('has complete values', () => {
    expect(attached('use: again, pause: { base: 20ms }')).toEqual({
      id: 'it',
      use: 'again',
      where: [{ selector: '* -> *', values: {} }],
      values: {
        attempts: 3,
        pause: { base: 20 * MILLISECOND, cap: SECOND, kind: 'fixed' },
        on: ['timeout'],
      },
    })
  })

  it('sits everywhere it can when it does not say where', () => {
    expect(attached('use: again').where[0]?.selector).toBe('* -> *')
    expect(attached('use: keeper').where[0]?.selector).toBe('*')
    expect(attached('use: gate').where[0]?.selector).toBe('*')
  })

  it('can have other values at some places', () => {
    expect(
      attached("use: again, where: { '*->*': { attempts: 2 }, users->api: {} }").where,
    ).toEqual([
      { selector: '* -> *', values: { attempts: 2 } },
      { selector: 'users -> api', values: {} },
    ])
  })

  it('has a main knob that stands for itself', () => {
    expect(
      attached("use: patience, where: { '* -> db': 5ms, api -> *: { timeout: none } }").where,
    ).toEqual([
      { selector: '* -> db', values: { timeout: 5 * MILLISECOND } },
      { selector: 'api -> *', values: { timeout: Infinity } },
    ])
  })

  it('sits on services or on edges, as the selector says', () => {
    const { where } = attached('use: gate, where: [db, users -> api]')
    expect(where.map(({ selector }) => selector)).toEqual(['db', 'users -> api'])
  })

  it('has knobs of every kind', () => {
    const { values } = attached(
      'use: keeper, target: 60%, window: 10s, gain: 2, spare: db, others: [api, db], ' +
        'plan: [{ service: db, act: buy, undo: refund }, { service: db, act: ship }]',
    )
    expect(values).toEqual({
      most: 4,
      target: 0.6,
      window: 10 * SECOND,
      gain: 2,
      spare: 'db',
      others: ['api', 'db'],
      plan: [
        { service: 'db', act: 'buy', undo: 'refund' },
        { service: 'db', act: 'ship', undo: undefined },
      ],
    })
    expect(attached('use: gate, limit: 5/s, burst: 2kB, strict: false').values).toEqual({
      limit: 5,
      burst: 2000,
      strict: false,
    })
  })

  it('keeps the order of the file', () => {
    const text = `${BASE}patterns: { z: { use: gate }, a: { use: again }, m: { use: patience } }`
    expect(sound(text).patterns.map(({ id }) => id)).toEqual(['z', 'a', 'm'])
  })

  it.each([
    [
      'use: agian',
      'E_ENUM',
      'patterns.it.use is "agian"; it must be again, gate, keeper or patience. Did you mean again?',
    ],
    ['attempts: 3', 'E_TYPE', 'does not say which pattern to use'],
    ['use: again, attemps: 3', 'E_UNKNOWN_KEY', 'Did you mean attempts?'],
    ['use: again, pause: { bse: 3s }', 'E_UNKNOWN_KEY', 'Did you mean base?'],
    ['use: again, attempts: 11', 'E_RANGE', 'it must be a whole number from 1 to 10'],
    ['use: again, attempts: "3"', 'E_TYPE', 'Write 3 without quotes'],
    ['use: again, on: [timeuot]', 'E_ENUM', 'Did you mean timeout?'],
    ['use: again, on: timeout', 'E_TYPE', 'a list of failures'],
    [
      'use: again, pause: { base: 10s, cap: 5s }',
      'E_RANGE',
      'patterns.it: pause.cap must be at least pause.base.',
    ],
    [
      "use: again, where: { '* -> *': { pause: { cap: 5ms } } }",
      'E_RANGE',
      'patterns.it.where["* -> *"]: pause.cap',
    ],
    ['use: again, where: [db]', 'E_REF', 'again sits on edges. Write * -> db.'],
    ['use: keeper, where: [api -> db]', 'E_REF', 'keeper sits on services'],
    ['use: again, where: [api -> dbb]', 'E_REF', 'Did you mean db?'],
    ['use: again, where: [ap -> db]', 'E_REF', 'Did you mean api?'],
    ['use: keeper, where: [dbb]', 'E_REF', 'Did you mean db?'],
    ['use: again, where: [api -> ]', 'E_REF', 'an edge has two ends'],
    ['use: again, where: 5', 'E_TYPE', 'a list of places'],
    ['use: again, where: { api -> db: 5 }', 'E_TYPE', 'expected a mapping'],
    ['use: keeper, spare: dbb', 'E_REF', 'Did you mean db?'],
    ['use: keeper, others: [db, dbb]', 'E_REF', 'patterns.it.others[1]'],
    ['use: keeper, plan: [{ service: dbb, act: x }]', 'E_REF', 'patterns.it.plan[0].service'],
    ['use: keeper, plan: [{ service: db }]', 'E_TYPE', 'plan[0].act is missing'],
    ['use: keeper, where: { db: { spare: dbb } }', 'E_REF', 'where.db.spare'],
    ['use: [again]', 'E_ENUM', 'patterns.it.use'],
  ])('%s is refused', (text, code, says) => {
    const found = wrong(withPattern(text)).join('\n')
    expect(found).toContain(code)
    expect(found).toContain(says)
  })

  it('can be given later instances by a controller', () => {
    const text = `${BASE}faults: [{ at: 1s, crash: db#3 }]\n`
    expect(wrong(text)[0]).toContain('There is no instance db#3')
    const scaled = `${text}patterns: { keeper: { use: keeper, where: [db], most: 4 } }`
    expect(sound(scaled).faults).toHaveLength(1)
    expect(sound(scaled, { without: ['keeper'] }).faults).toHaveLength(0)
  })

  it('that is listed like elsewhere is told apart from one that does not exist', () => {
    const found = wrong(`${BASE}patterns: [agian, again]`)
    expect(found.join('\n')).toContain('expected a mapping, got a list')
    expect(found.join('\n')).toContain('E_ENUM patterns[0] is "agian"')
    expect(found.join('\n')).not.toContain('patterns[1]')
  })
})
