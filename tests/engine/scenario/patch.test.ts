import { describe, expect, it } from 'vitest'
import type { RunTask } from '../../../engine/run.ts'
import { readTask } from '../../../engine/scenario/read.ts'
import { parsePath } from '../../../engine/scenario/patch.ts'
import { MILLISECOND, SECOND } from '../../../engine/units.ts'
import { BASE, catalogue, read, sound, wrong } from './support.ts'

const FILE = `${BASE}patterns:
  waits: { use: patience, where: { api -> db: 200ms } }
  tries: { use: again, attempts: 5, pause: { base: 20ms } }
  spare: { use: gate, enabled: false }
order: [waits, spare, tries]
faults:
  - { at: 1s, slow: db, by: 2 }
  - { at: 2s, flush: tries }
compare:
  A: { without: [tries] }
  B: { title: Slow, set: { services.db.work: 5ms, 'patterns.tries.pause.cap': 2s } }
`

describe('a path', () => {
  it.each([
    ['services.db.concurrency', ['services', 'db', 'concurrency']],
    ['faults[0].by', ['faults', 0, 'by']],
    ['links.a -> b.latency', ['links', 'a -> b', 'latency']],
    ['a[1][2]', ['a', 1, 2]],
  ])('%s has its steps', (text, steps) => {
    expect(parsePath(text)).toEqual(steps)
  })
})

describe('a patch', () => {
  it('sets values that the file has and values that it leaves out', () => {
    const set = {
      'services.db.concurrency': 3,
      'services.db.queue': 'unbounded',
      'links.default.latency': '5ms',
      'patterns.tries.pause.base': '30ms',
      'faults[0].by': '4',
      'load.users.arrivals': 'constant(7/s)',
      'patterns.waits.where.api -> db': '1s',
    }
    const { services, links, patterns, faults, load } = sound(FILE, { set })
    expect(services['db']).toMatchObject({ concurrency: 3, queue: Infinity })
    expect(links['default']?.latency).toEqual({ kind: 'constant', value: 5 * MILLISECOND })
    expect(patterns[1]?.values).toMatchObject({ pause: { base: 30 * MILLISECOND, cap: SECOND } })
    expect(faults[0]?.by).toBe(4)
    expect(load['users']?.arrivals).toEqual({ kind: 'constant', rate: 7 })
    expect(patterns[0]?.where[0]?.values).toEqual({ timeout: SECOND })
  })

  it('reads texts as the file would, and other values as they are', () => {
    expect(sound(FILE, { set: { title: '"10"' } }).title).toBe('10')
    expect(sound(FILE, { set: { 'services.db.calls': '[]' } }).services['db']?.calls).toEqual({
      '*': [],
    })
    expect(wrong(FILE, { set: { title: '10' } })[0]).toContain('title is 10; it must be text')
  })

  it('does not change what it is laid over', () => {
    const before = sound(FILE)
    sound(FILE, { set: { 'services.db.concurrency': 3 }, without: ['waits'] })
    expect(sound(FILE)).toEqual(before)
  })

  it.each([
    ['services.bd.queue', 'No service called "bd". Did you mean db?'],
    ['services.db.queu', 'services.db has no key "queu". Did you mean queue?'],
    ['patterns.trie.attempts', 'No pattern called "trie". Did you mean tries?'],
    ['patterns.tries.attempt', 'patterns.tries has no key "attempt". Did you mean attempts?'],
    ['sevices.db.queue', 'a scenario has no key "sevices". Did you mean services?'],
    ['faults[9].by', 'cannot be set'],
    ['schema.a.b', 'cannot be set'],
  ])('says that %s is not known', (path, message) => {
    expect(wrong(FILE, { set: { [path]: 5 } }).join('\n')).toContain(message)
  })

  it('is judged like the file', () => {
    expect(wrong(FILE, { set: { 'services.db.concurrency': 0 } })[0]).toMatch(
      /^4:\d+ E_RANGE services\.db\.concurrency is 0; it must be a whole number from 1/,
    )
    expect(wrong(FILE, { set: { duration: '&a [*a]' } })[0]).toContain('E_ALIAS')
    expect(wrong(FILE, { seed: 1.5 })[0]).toContain('E_SEED')
  })

  it('sets the seed without reading it', () => {
    expect(sound(FILE, { seed: '07' }).seed).toBe('07')
    expect(sound(FILE, { seed: 7 })).toEqual(sound(FILE, { seed: '7' }))
  })

  it('switches patterns off, on and inert', () => {
    const ids = (patch: object) => sound(FILE, patch).patterns.map(({ id }) => id)
    expect(ids({})).toEqual(['waits', 'tries'])
    expect(ids({ without: ['waits'] })).toEqual(['tries'])
    expect(ids({ on: ['spare'] })).toEqual(['waits', 'tries', 'spare'])
    expect(ids({ without: ['tries'], on: ['tries'] })).toEqual(['waits', 'tries'])
    const result = read(FILE, { without: ['waits'] })
    expect(result.ok && result.off.map(({ id }) => id)).toEqual(['waits', 'spare'])
  })

  it('makes patterns inert everywhere, and leaves out what has no inert form', () => {
    const { patterns } = sound(FILE, { inert: ['waits', 'tries', 'spare'], on: ['spare'] })
    expect(patterns).toHaveLength(2)
    expect(patterns[0]?.values).toEqual({ timeout: Infinity })
    expect(patterns[0]?.where[0]?.values).toEqual({ timeout: Infinity })
    expect(patterns[1]?.values).toMatchObject({ attempts: 1, pause: { base: 20 * MILLISECOND } })
  })

  it('forgets faults and places in the order that belong to a pattern that is off', () => {
    const scenario = sound(FILE, { without: ['tries'] })
    expect(scenario.faults.map(({ verb }) => verb)).toEqual(['slow'])
    expect(scenario.order).toEqual(['waits'])
  })

  it('says which pattern is not there', () => {
    expect(wrong(FILE, { without: ['wait'] })[0]).toContain(
      'No pattern called "wait". Did you mean waits?',
    )
    expect(wrong(FILE, { inert: ['x'] })[0]).toContain('E_REF')
  })
})

describe('a task', () => {
  const task = (more: Partial<RunTask> = {}): RunTask => ({
    text: FILE,
    name: 'file',
    variant: undefined,
    seed: undefined,
    off: [],
    on: [],
    inert: [],
    set: {},
    recording: 'none',
    ...more,
  })
  const scenarioOf = (more: Partial<RunTask>) => {
    const result = readTask(task(more), catalogue)
    if (!result.ok) throw new Error(result.errors.map((one) => one.message).join('\n'))
    return result.scenario
  }

  it('is the file as it stands without a variant', () => {
    expect(scenarioOf({})).toEqual({ ...sound(FILE), name: 'file', title: 'file' })
  })

  it('is a variant, with what it leaves out and sets', () => {
    expect(scenarioOf({ variant: 'A' }).patterns.map(({ id }) => id)).toEqual(['waits'])
    const { services, patterns } = scenarioOf({ variant: 'B' })
    expect(services['db']?.work['*']).toEqual({ kind: 'constant', value: 5 * MILLISECOND })
    expect(patterns[1]?.values).toMatchObject({ pause: { cap: 2 * SECOND } })
  })

  it('lays its own changes over the variant', () => {
    const set = { 'services.db.work': '9ms' }
    const { services, seed } = scenarioOf({ variant: 'B', set, seed: 12 })
    expect(services['db']?.work['*']).toEqual({ kind: 'constant', value: 9 * MILLISECOND })
    expect(seed).toBe('12')
    const on = scenarioOf({ variant: 'A', on: ['tries'], off: ['waits'] })
    expect(on.patterns.map(({ id }) => id)).toEqual(['tries'])
  })

  it('says which variant is not there', () => {
    const result = readTask(task({ variant: 'C' }), catalogue)
    expect(result.ok ? '' : result.errors[0]?.message).toContain('No variant called "C"')
  })
})

describe('a variant', () => {
  it('is judged when the file is read, where it sets the value', () => {
    const text = `${BASE}compare:
  A: { set: { services.db.concurrency: 0 } }
  B: { set: { services.dbb.queue: 5 } }
  C: { set: { services.db.calls: [api] } }
  D: { set: { services.db.queu: 5 } }
`
    expect(wrong(text)).toEqual([
      expect.stringMatching(/^8:15 E_RANGE compare\.A\.set\["services\.db\.concurrency"\].* is 0;/),
      expect.stringMatching(/^9:15 E_REF .*No service called "dbb". Did you mean db\?/),
      expect.stringMatching(/^10:15 E_CYCLE .*api -> db -> api/),
      expect.stringMatching(/^11:15 E_UNKNOWN_KEY .*Did you mean queue\?/),
    ])
  })

  it('leaves out patterns that are there', () => {
    expect(wrong(`${BASE}compare: { A: { without: [x] } }`)[0]).toMatch(/^7:27 E_REF/)
  })
})
