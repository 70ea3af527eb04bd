import { describe, expect, it } from 'vitest'
import { STORM } from '../workers/files.ts'
import { call, file, start } from './sim.ts'

const STORM_FILE = file('storm.yaml', STORM)
const BAD_FILE = file('bad.yaml', STORM.replace('calls: [ledger]', 'calls: [leger]'))
const PLAIN_FILE = file('plain.yaml', STORM.slice(0, STORM.indexOf('compare:')))

/** The same file with other expectations. */
function expecting(name: string, ...lines: string[]): string {
  const upTo = STORM.indexOf('expect:')
  const text = lines.map((line) => `  - ${line}\n`).join('')
  return file(name, `${STORM.slice(0, upTo)}expect:\n${text}`)
}

/** On this thread, which is warm; workers are for the tests that are about them. */
const here = (args: readonly string[]) => call([...args, '--in-process'])
const json = ({ stdout }: { stdout: string }) => JSON.parse(stdout)
const withoutCpu = (text: string) => text.replaceAll(/"cpuMs": [\d.]+/g, '')

describe('a process of its own', () => {
  it('prints results on stdout and exits 0', async () => {
    const { code, stdout, stderr } = await start('run', STORM_FILE, '--json')
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ scenario: 'storm', seed: 7 })
  })

  it('tells what is wrong on stderr and exits 2', async () => {
    const { code, stdout, stderr } = await start('run', BAD_FILE)
    expect([code, stdout]).toEqual([2, ''])
    const { line, column } = placeOf('leger]')
    expect(stderr).toBe(
      `${BAD_FILE}:${line}:${column}  No service called "leger". Did you mean ledger?\n`,
    )
  })

  function placeOf(word: string): { line: number; column: number } {
    const lines = STORM.replace('calls: [ledger]', 'calls: [leger]').split('\n')
    const line = lines.findIndex((each) => each.includes(word))
    return { line: line + 1, column: lines[line]!.indexOf(word) + 1 }
  }
})

describe('sim run', () => {
  it('prints every variant, with everything machines were promised', async () => {
    const printed = json(await here(['run', STORM_FILE, '--json']))
    expect(Object.keys(printed)).toEqual(['engine', 'scenario', 'seed', 'variants'])
    expect(Object.keys(printed.variants)).toEqual(['A', 'B'])
    const number = expect.any(Number)
    expect(printed.variants.B).toMatchObject({
      digest: expect.stringMatching(/^[0-9a-f]{32}$/),
      outcomeDigest: expect.stringMatching(/^[0-9a-f]{32}$/),
      events: number,
      virtualMs: 12_000,
      cpuMs: number,
      requests: { offered: number, ok: number, degraded: 0, failedFast: number, failed: 0 },
      latencyMs: { mean: number, p50: number, p90: number, p99: number, p999: number, max: number },
      services: {
        ledger: {
          utilisation: number,
          meanQueue: number,
          arrivals: number,
          waitMs: { p99: number },
        },
      },
    })
    expect(printed.variants.B).not.toHaveProperty('series')
  })

  it('prints the same whoever ran it, and in whatever slices', async () => {
    const runs = [['--in-process'], ['--workers', '2'], ['--workers', '1', '--slice', '7']]
    const printed: string[] = []
    for (const how of runs) {
      printed.push(withoutCpu((await call(['run', STORM_FILE, '--json', ...how])).stdout))
    }
    expect(new Set(printed).size).toBe(1)
  })

  it('says for people that it was one seed', async () => {
    const { code, stdout } = await here(['run', STORM_FILE, '--metric', 'utilisation(ledger)'])
    expect(code).toBe(0)
    expect(stdout).toContain('A  Breaker off\nB  Breaker on\n1 seed (7)')
    expect(stdout).toMatch(/^ +A +B +B−A$/m)
    expect(stdout).toMatch(/^served +[\d.]+ % +[\d.]+ % +\+[\d.]+ pt$/m)
    expect(stdout).toMatch(/^utilisation\(ledger\) +[\d.]+ %/m)
  })

  it('runs a file without variants as it stands, under its own name', async () => {
    const { variants } = json(await here(['run', PLAIN_FILE, '--json']))
    const all = json(await here(['run', STORM_FILE, '--json']))
    expect(Object.keys(variants)).toEqual(['plain'])
    expect(variants.plain.digest).toBe(all.variants.B.digest)
  })

  it('takes seeds, switches and values', async () => {
    const digest = async (...args: string[]) => {
      const printed = json(await here(['run', PLAIN_FILE, '--json', ...args]))
      return printed.variants.plain.outcomeDigest as string
    }
    const [plain, seed, off, inert, set] = [
      await digest(),
      await digest('--seed', '8'),
      await digest('--off', 'breaker'),
      await digest('--inert', 'breaker'),
      await digest('--set', 'services.ledger.concurrency=8', '--set', 'duration=11s'),
    ]
    expect(inert).toBe(off)
    expect(new Set([plain, seed, off, set]).size).toBe(4)
    expect(await digest('--off', 'breaker', '--on', 'breaker')).toBe(plain)
  })
})

describe('bad input', () => {
  it('comes as a list for machines', async () => {
    const ended = await call(['run', BAD_FILE, '--json'])
    expect(ended.code).toBe(2)
    expect(json(ended)).toMatchObject({
      errors: [
        { file: BAD_FILE, code: 'E_REF', line: expect.any(Number), hint: 'Did you mean ledger?' },
      ],
    })
  })

  it.each([
    [['run', 'nowhere.yaml'], 'nowhere.yaml:1:1  There is no such file.'],
    [['run', STORM_FILE, '--sed', '7'], "unknown option '--sed'"],
    [['run', STORM_FILE, '--set', 'duration'], 'It must read path=value'],
    [['run', STORM_FILE, '--off', 'breker'], 'Did you mean breaker?'],
    [['run', STORM_FILE, '--set', 'servces.a.queue=1'], 'Did you mean services?'],
    [['run', STORM_FILE, '--metric', 'servd'], 'Did you mean served?'],
    [['run', STORM_FILE, '--workers', '0'], 'whole number of at least 1'],
    [['compare', STORM_FILE, '--precision', '0'], 'such as 5%'],
    [['compare', STORM_FILE, '--delta', 'much'], 'such as 10ms'],
    [['compare', STORM_FILE, '--delta', '10ms'], 'is no size of served'],
    [['compare', STORM_FILE, '--seeds', '3', '--max-seeds', '9'], 'leave out --max-seeds'],
    [['compare', STORM_FILE, '--seeds', '1'], 'needs --seeds 2 or more'],
    [['compare', PLAIN_FILE, '--seeds', '3'], 'has no two variants'],
    [['check', PLAIN_FILE], 'There is nothing to check'],
    [['diverge', `${STORM_FILE}?sed=7`], '"sed" is not known'],
    [['patterns', 'circuit-braker'], 'Did you mean circuit-breaker?'],
    [['fly'], "unknown command 'fly'"],
  ])('%j exits 2', async (args, message) => {
    const { code, stdout, stderr } = await call(args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
  })
})

describe('an internal error', () => {
  it('exits 3 with the event and the seed that reproduce it', async () => {
    const args = ['run', STORM_FILE, '--workers', '2', '--seed', '9', '--off', 'retries']
    const { code, stdout, stderr } = await call(args, 'bad-worker')
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toMatch(/A worker was lost \(threw: a wheel came off\) at event 5000, seed 9/)
    expect(stderr).toMatch(
      /internal error at event 5000 \(t = [\d.]+ s, seed 9\): a wheel came off/,
    )
    expect(stderr).toContain(`sim run ${STORM_FILE} --seed 9 --off retries`)
  })
})

describe('sim compare', () => {
  it('never tells a difference without interval and N', async () => {
    const args = ['compare', STORM_FILE, '--seeds', '4', '--from', '11']
    const printed = json(await here([...args, '--json']))
    expect(printed).toMatchObject({ seeds: [11, 12, 13, 14], n: 4, confidence: 0.95 })
    const { mean, difference } = printed.metrics.served
    const { low, high, n } = difference['B-A']
    expect(difference['B-A'].mean).toBeCloseTo(mean.B - mean.A, 12)
    expect(low).toBeGreaterThan(0)
    expect(high).toBeGreaterThan(low)
    expect(n).toBe(4)
    const { stdout } = await here(args)
    expect(stdout).toMatch(/^served .* pt +\[\+[\d.]+ pt, \+[\d.]+ pt\] +paired t +[\d.]+x +4$/m)
    expect(stdout).toMatch(
      /^served, B against A: higher by [\d.]+ (± [\d.]+ pt|pt \[.*\]) \(95 %, 4 paired runs\)$/m,
    )
  })

  it('makes as many runs as it takes, looking a few times only', async () => {
    const ended = await here(['compare', STORM_FILE, '--json'])
    const { n, plan, metrics } = json(ended)
    expect(plan).toEqual({
      kind: 'sequential',
      looks: [20, 40, 80, 160, 320],
      deciding: ['served'],
      isPrecise: true,
    })
    expect([20, 40, 80]).toContain(n)
    const { mean, low, high, tolerance, words } = metrics.served.difference['B-A']
    expect(tolerance).toBeCloseTo(0.05 * metrics.served.mean.A, 12)
    expect(Math.max(high - mean, mean - low)).toBeLessThanOrEqual(tolerance)
    expect(words).toMatch(/^higher by .* pt.* \(95 %, \d+ paired runs\)$/)
    expect(ended.stderr).toContain(`${n} pairs: narrow enough`)
  })

  it('says when it would take more, and how many', async () => {
    const args = ['compare', STORM_FILE, '--max-seeds', '3', '--json', '--metric', 'offered']
    const { n, plan, metrics } = json(await here([...args, '--set', 'seed=1']))
    expect([n, plan.looks, metrics.offered.difference['B-A'].words]).toEqual([
      3,
      [3],
      'the same in all 3 paired runs',
    ])
    const noisy = ['--metric', 'late', '--precision', '0.01%', '--max-seeds', '3', '--json']
    const late = json(await here(['compare', STORM_FILE, ...noisy]))
    expect(late.plan.isPrecise).toBe(false)
    expect(late.metrics.late.difference['B-A'].missing).toBeGreaterThan(100)
  })
})

describe('sim check', () => {
  it('exits 0 when all lines hold', async () => {
    const ended = await here(['check', STORM_FILE, '--json'])
    expect(ended.code).toBe(0)
    expect(json(ended)).toMatchObject({
      held: true,
      files: [{ scenario: 'storm', lines: [{ held: true, seeds: 3 }], violations: [] }],
    })
  })

  it('exits 1 when one does not, and names it', async () => {
    const broken = 'mean(served(A)) > 90% over 2 seeds'
    const path = expecting('broken.yaml', 'mean(served(B)) > 10% over 2 seeds', broken)
    const { code, stdout } = await here(['check', path])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^held .*broken\.yaml:\d+ +mean\(served\(B\)\)/m)
    expect(stdout).toMatch(/^broken .*broken\.yaml:\d+ +mean\(served\(A\)\) > 90%/m)
  })

  it('proves with --control that lines can fail', async () => {
    const ended = await here(['check', STORM_FILE, '--control', '--json', '--seeds', '2'])
    expect(ended.code).toBe(0)
    const [line] = json(ended).files[0].lines
    expect(line.controls).toEqual({ swapped: 'broke', inert: 'broke' })
  })

  it('finds lines that cannot fail', async () => {
    const path = expecting(
      'weak.yaml',
      'mean(served(B)) >= mean(served(A)) over 2 seeds',
      'mean(offered(B)) > 100 over 2 seeds',
      'mean(served(A)) < 60% over 2 seeds',
    )
    const ended = await here(['check', path, '--control', '--json'])
    expect(ended.code).toBe(1)
    const { lines } = json(ended).files[0]
    expect(lines.map((line: { controls: object }) => line.controls)).toEqual([
      { swapped: 'broke', inert: 'held' },
      { swapped: 'held', inert: 'held' },
      { swapped: 'broke', inert: 'does not apply' },
    ])
    const { stdout } = await here(['check', path, '--control'])
    expect(stdout.match(/^cannot fail /gm)).toHaveLength(2)
  })
})

describe('sim diverge', () => {
  it('exits 0 for runs that are the same', async () => {
    const { code, stdout } = await call([
      'diverge',
      `${STORM_FILE}?variant=A`,
      `${STORM_FILE}?off=breaker`,
    ])
    expect(code).toBe(0)
    expect(stdout).toMatch(/The runs are the same: \d+ events/)
  })

  it('finds the first event that differs', async () => {
    const ended = await call(['diverge', STORM_FILE, '--seed', '7', '--json'])
    expect(ended.code).toBe(1)
    const { event, cause } = json(ended)
    expect(event.number).toBeGreaterThan(1000)
    expect(event.a).not.toEqual(event.b)
    expect(cause.number).toBeLessThan(event.number)
    const other = await call(['diverge', STORM_FILE, '--seed', '1', '--seed', '2'])
    expect(other.stdout).toContain('The runs differ first at event 1:')
    expect(other.stdout).toMatch(/^A +[\d.]+ s +load users +arrival$/m)
  })

  it('notices a run that goes on when the other has ended', async () => {
    const ended = await call(['diverge', PLAIN_FILE, `${PLAIN_FILE}?set=duration=6s`, '--json'])
    expect(json(ended).event).toMatchObject({ a: { kind: expect.any(String) }, b: null })
  })
})

describe('the catalogue', () => {
  it('lists patterns with their knobs', async () => {
    const all = json(await call(['patterns', '--json']))
    const one = json(await call(['patterns', 'circuit-breaker', '--json']))
    expect(all).toContainEqual(one)
    expect(one.params).toContainEqual(
      expect.objectContaining({
        name: 'failureRateThreshold',
        default: '50%',
        min: '0%',
        max: '100%',
        help: expect.any(String),
      }),
    )
    const { stdout } = await call(['patterns', 'timeout'])
    expect(stdout).toMatch(/^trade-off /m)
  })

  it('lists metrics', async () => {
    expect(json(await call(['metrics', '--json']))).toContainEqual(
      expect.objectContaining({ name: 'served', unit: 'share' }),
    )
    expect((await call(['metrics'])).stdout).toMatch(/^utilisation\(variant, service\) +share/m)
  })

  it('validates files and folders', async () => {
    const ended = await call(['validate', STORM_FILE, BAD_FILE, '--json'])
    expect(ended.code).toBe(2)
    expect(json(ended)).toMatchObject({ ok: false, files: [{ ok: true }, { ok: false }] })
    expect(await call(['validate', PLAIN_FILE])).toMatchObject({
      code: 0,
      stdout: `${PLAIN_FILE}  fine\n`,
    })
  })
})
