import { describe, expect, it } from 'vitest'
import { STORM } from '../workers/files.ts'
import { call, file } from './sim.ts'

const STORM_FILE = file('storm.yaml', STORM)
/** The same, over within seconds and with nothing to look for. */
const QUIET = STORM.slice(0, STORM.indexOf('patterns:')).replace('duration: 12s', 'duration: 2s')
const QUIET_FILE = file('quiet.yaml', QUIET)
const here = (...args: string[]) => call([...args, '--in-process'])
const json = ({ stdout }: { stdout: string }) => JSON.parse(stdout)

const ARRIVALS = 'load.users.arrivals=poisson(100/s)..poisson(230/s)'

describe('sim sweep', () => {
  it('prints the same whoever ran it', async () => {
    const args = ['sweep', STORM_FILE, '--over', `${ARRIVALS}:2`, '--seeds', '2', '--json']
    const [alone, two] = [await here(...args), await call([...args, '--workers', '2'])]
    expect(two.stdout).toBe(alone.stdout)
    const { points, n, over } = json(alone)
    expect([points.length, n, over]).toEqual([2, 2, ['load.users.arrivals']])
    const { A, B, difference } = points[1].metrics.served
    expect(B.mean).toBeGreaterThan(A.mean)
    expect(A.interval.low).toBeLessThan(A.mean)
    expect(difference['B-A']).toMatchObject({ n: 2, confidence: 0.95 })
  })

  it('finds where a line tips, with an interval', async () => {
    const args = ['sweep', STORM_FILE, '--over', ARRIVALS, '--tip', 'served(A) > 80%']
    const { code, stdout } = await here(...args, '--seeds', '6')
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /breaks from poisson\([\d.]+\/s\) on \(95 %: poisson\([\d.]+\/s\) to poisson\([\d.]+\/s\); median of 6 seeds/,
    )
  })

  it('says which switch matters most', async () => {
    const args = ['sweep', STORM_FILE, '--factorial', '--patterns', 'breaker,timeouts']
    const { stdout } = await here(...args, '--seeds', '4')
    expect(stdout).toMatch(/^timeouts +-[\d.]+ pt +\[-[\d.]+ pt, -[\d.]+ pt\] +[\d.]+ % +matters$/m)
    expect(stdout).toContain('all 4 subsets under seeds 1 to 4')
    expect(stdout).toMatch(/^breaker \+ timeouts +[\d.]+ %/m)
  })
})

describe('sim search', () => {
  it('finds the worst seed and says that it is one', async () => {
    const found = json(
      await here('search', STORM_FILE, '--worst-seed', 'p99', '--seeds', '8', '--json'),
    )
    expect(found).toMatchObject({ variant: 'B', metric: 'p99', worse: 'high', n: 8, lacking: 0 })
    const [first, second] = found.worst
    expect(first.value).toBeGreaterThanOrEqual(second.value)
    const seed = String(first.seed)
    const run = json(await here('run', STORM_FILE, '--seed', seed, '--json'))
    expect(run.variants.B.latencyMs.p99).toBe(first.value)
    const { stdout } = await here('search', STORM_FILE, '--worst-seed', 'p99', '--seeds', '3')
    expect(stdout).toContain('Each is 1 seed')
  })

  it('finds a fault that breaks a line, which then breaks it', async () => {
    const args = ['search', QUIET_FILE, '--fault', 'mean(served(run)) > 70% over 2 seeds', '--json']
    const { faults, isConfirmed, isOwn } = json(await here(...args, '--seeds', '2'))
    expect([faults.length, isConfirmed, isOwn]).toEqual([1, true, false])
    const text =
      QUIET + `faults:\n  - ${faults[0]}\nexpect:\n  - mean(served(run)) > 70% over 2 seeds\n`
    expect((await here('check', file('broken-by.yaml', text))).code).toBe(1)
  })
})

describe('sim metastability', () => {
  it('tells what comes back from what stays down', async () => {
    const args = [
      'metastability',
      STORM_FILE,
      '--load',
      `${ARRIVALS}:2`,
      '--trigger',
      'faults[0].for=1s..3s:2',
    ]
    const { cells, n } = json(await here(...args, '--seeds', '2', '--json'))
    expect([n, cells.length]).toEqual([2, 2 * 3 * 2])
    const at = (variant: string) =>
      cells.find(
        (cell: Record<string, string>) =>
          cell['variant'] === variant &&
          cell['load'] === 'poisson(230/s)' &&
          cell['trigger'] === '3s',
      )
    expect(at('A').recovered.mean).toBeLessThan(at('B').recovered.mean)
    expect(at('B')).toMatchObject({ fate: 'recovers', recovered: { n: 2 } })
  })
})

describe('bad input of studies', () => {
  const over = (value: string): string[] => ['sweep', STORM_FILE, '--over', value]

  it.each([
    [['sweep', STORM_FILE], 'Say what to move with --over'],
    [over('services.ledger.concurrency'), 'is no range. Write it like'],
    [over('services.ledger.concurency=1..3'), 'Did you mean concurrency?'],
    [over('services.leger.concurrency=1..3'), 'Did you mean ledger?'],
    [over('services.ledger.concurrency=0..3'), 'concurrency'],
    [over('duration=1s..500ms'), 'differ in more than numbers'],
    [[...over('services.ledger.concurrency=1..3'), '--seeds', '1'], 'needs --seeds 2 or more'],
    [[...over('services.ledger.concurrency=1..3'), '--metric', 'servd'], 'Did you mean served?'],
    [[...over('services.ledger.concurrency=1..3'), '--tip', 'servd(B) > 1'], 'servd'],
    [[...over('services.ledger.concurrency=1..3'), '--tip', 'served(C) > 90%'], 'C'],
    [
      ['sweep', STORM_FILE, '--factorial', '--patterns', 'breker'],
      'There is no pattern called breker',
    ],
    [['sweep', QUIET_FILE, '--factorial'], 'has no patterns to switch'],
    [['sweep', STORM_FILE, '--factorial', '--over', 'seed=1..2'], 'leave out --over'],
    [
      ['sweep', STORM_FILE, '--factorial', '--variant', 'C'],
      'There is no variant C. There is A, B.',
    ],
    [['search', STORM_FILE], 'Say what to look for'],
    [['search', STORM_FILE, '--worst-seed', 'servd'], 'Did you mean served?'],
    [['search', STORM_FILE, '--worst-seed', 'offered'], '--worse high'],
    [['search', STORM_FILE, '--worst-seed', 'p99', '--fault'], 'Say what to look for'],
    [['search', QUIET_FILE, '--fault'], 'has no `expect` line'],
    [['metastability', STORM_FILE, '--load', 'a=1..2'], "required option '--trigger"],
    [['metastability', QUIET_FILE, '--load', 'a=1..2', '--trigger', 'b=1..2'], 'has no fault'],
    [['calibrate', '--only', 'M/M/9'], 'No model fits. There are M/M/1'],
    [['calibrate', '--repetitions', '5'], 'say nothing of 95 %'],
  ])('%j exits 2', async (args, message) => {
    const { code, stdout, stderr } = await call(args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
  })
})
