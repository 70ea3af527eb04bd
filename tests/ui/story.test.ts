import { readFileSync } from 'node:fs'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { readScenario } from '../../engine/scenario/read.ts'
import { attemptsAt } from '../../ui/facts/attempts.ts'
import { parting } from '../../ui/facts/divergence.ts'
import { scores } from '../../ui/facts/scores.ts'
import { verdict } from '../../ui/facts/verdict.ts'
import type { Runs, VariantRun } from '../../ui/runs.ts'
import { initialState, unchanged, type State, type Opened } from '../../ui/state.ts'
import { Store } from '../../ui/store.ts'
import { scriptOf } from '../../ui/story/script.ts'
import { timeIn, type Script, type Step } from '../../ui/story/step.ts'
import { Story } from '../../ui/story/story.ts'
import { differenceOf } from '../../ui/switches.ts'
import { retryStorm, runOf } from './run-of.ts'

/** Long enough for the home scenario to show who is back. */
const HOME = { set: { duration: '60s' } }

/** Both runs of a file, as the page has them. */
function bothOf(text: string, change: { seed?: number; set?: Record<string, string> } = {}): Runs {
  const reading = readScenario(text, 'test')
  if (!reading.ok) throw new Error(JSON.stringify(reading.errors))
  const opened: Opened = { scenario: reading.scenario, off: reading.off }
  const difference = differenceOf(opened, unchanged('test', text))
  const A = runOf(text, { ...change, variant: 'A' })
  const B = runOf(text, { ...change, variant: 'B' })
  return { revision: 1, opened, difference, A, B }
}

const scenario = (name: string): string =>
  readFileSync(new URL(`../../scenarios/${name}.yaml`, import.meta.url), 'utf8')

function stepOf(script: Script, id: string): Step {
  return script.steps.find((step) => step.id === id)!
}

/** How the scoreboard writes a number of a run. */
function onScoreboard(id: string, { result }: VariantRun, faultEnd?: number): string {
  const score = scores(faultEnd).find((one) => one.id === id)!
  return score.write(score.read(result!))
}

let home: Runs
let other: Runs
let script: Script
beforeAll(() => {
  home = bothOf(retryStorm, HOME)
  other = bothOf(retryStorm, { ...HOME, seed: 9 })
  script = scriptOf(home)!
}, 60_000)

describe('the story of a fault', () => {
  it('goes from calm to fault, cascade, bet, switch and numbers', () => {
    const ids = script.steps.map(({ id }) => id)
    expect(ids.join(' ')).toBe('before fault cascade bet reveal turn pattern result yours')
    expect(stepOf(script, 'before').words).toMatch(/^\d+0 requests a second from shoppers\. All/)
    expect(stepOf(script, 'fault').words).toBe('Ledger-db slows down ×2.7, for 15\u00a0s.')
    expect(stepOf(script, 'cascade').words).toMatch(/① ledger-db after 500\sms, ② /)
    expect(stepOf(script, 'cascade').words).toContain('2 × 3 × 3 = up to 18 calls of ledger-db')
    expect(stepOf(script, 'turn').turn).toBe('Turn on the circuit breaker')
  })

  it('claims what the scoreboard says, of this seed and of another', () => {
    for (const runs of [home, other]) {
      const told = scriptOf(runs)!
      const { A, B } = runs as { A: VariantRun; B: VariantRun }
      const { words } = stepOf(told, 'result')
      for (const run of [A, B]) {
        expect(words).toContain(onScoreboard('served', run))
        expect(words).toContain(onScoreboard('p99', run))
      }
      expect(stepOf(told, 'reveal').words).toContain(onScoreboard('served', A))
      const back = onScoreboard('recovery', B, 45e9)
      const when = back === '0\u00a0s' ? 'when the fault ends' : `${back} after the fault`
      expect(stepOf(told, 'pattern').words).toContain(`it is back ${when}.`)
    }
    const sentences = (runs: Runs): string[] => scriptOf(runs)!.steps.map(({ words }) => words)
    expect(stepOf(scriptOf(other)!, 'result').words).not.toBe(stepOf(script, 'result').words)
    expect(sentences(other)).not.toEqual(sentences(home))
  })

  it('asks for a bet before it shows what came of it, and knows the answer', () => {
    const at = (id: string): number => script.steps.findIndex((step) => step.id === id)
    expect(at('bet')).toBeLessThan(at('reveal'))
    expect(stepOf(script, 'bet').bet).toEqual({
      question: 'Will the system recover?',
      isYes: verdict(home)!.parts[1]!.tone === 'good',
    })
    const before = script.steps.slice(0, at('bet') + 1).map(({ words }) => words)
    expect(before.join(' ')).not.toMatch(/stays down|never|back/)
  })

  it('shows A alone until somebody turns B on, and all of it at the end', () => {
    const sights = script.steps.map(({ sight }) => sight)
    expect(sights.lastIndexOf('A')).toBe(script.steps.findIndex(({ turn }) => turn !== undefined))
    expect(sights.at(-1)).toBe('all')
  })

  it('says in how many seeds it comes out like this when that is known', () => {
    const lucky = scriptOf(home, 'In 17 of 20 seeds.')!
    expect(stepOf(lucky, 'luck').words).toBe('Is it luck? In 17 of 20 seeds.')
  })
})

describe('the story of another file', () => {
  it.each([
    ['cache-stampede', '90s', ['before', 'fault', 'cascade', 'bet', 'reveal', 'turn', 'pattern']],
    ['breaker-breaks-shards', '20s', ['fault', 'cascade', 'bet', 'turn', 'pattern']],
    ['noisy-neighbour', '60s', ['before', 'bet', 'turn', 'pattern']],
    ['crdt-likes', '70s', ['before', 'fault', 'cascade', 'bet', 'turn', 'pattern']],
  ])('%s is told within a minute', (name, duration, ids) => {
    const told = scriptOf(bothOf(scenario(name), { set: { duration } }))!
    expect(told.steps.map(({ id }) => id)).toEqual([...ids, 'result', 'yours'])
    expect(told.steps.reduce((sum, { wall }) => sum + wall, 0)).toBeLessThanOrEqual(60)
    for (const { from, to, words } of told.steps) {
      expect(to).toBeGreaterThanOrEqual(from)
      expect(words).not.toMatch(/NaN|undefined|Infinity/)
      expect(words).toMatch(/^\P{Ll}.*\.$/u)
    }
  })

  it('says so when A and B are the same run', () => {
    const text = retryStorm.replace(/without: \[breaker\]/, 'without: []')
    const told = scriptOf(bothOf(text, { set: { duration: '5s', 'faults[0].at': '1s' } }))!
    expect(told.steps.some(({ turn }) => turn !== undefined)).toBe(false)
    expect(stepOf(told, 'same').words).toContain('A and B are identical')
  })

  it('is not told before both runs are done', () => {
    expect(scriptOf({ ...home, B: undefined })).toBeUndefined()
  })
})

describe('where A and B part', () => {
  it('is the first bucket in which anything differs', () => {
    const { A, B } = home as { A: VariantRun; B: VariantRun }
    const compared = A.layout.columns.filter(({ scope }) => !['signal', 'heat'].includes(scope))
    const first = compared.flatMap(({ scope, name, metric }) => {
      const other = B.column(scope, name, metric)
      const at = A.column(scope, name, metric).findIndex((value, bucket) => value !== other[bucket])
      return at < 0 ? [] : [at]
    })
    expect(parting(A, B).at).toBe(Math.min(...first) * A.layout.bucket)
    expect(parting(A, B).at! / 1e9).toBeGreaterThan(30)
  })

  it('is nowhere in equal runs, and unknown where columns are only nearly right', () => {
    const { A } = home as { A: VariantRun }
    const same = runOf(retryStorm, { ...HOME, variant: 'A' })
    expect(parting(A, same)).toMatchObject({ at: undefined, compared: A.layout.buckets })
    same.isReduced = true
    expect(parting(same, home.B!)).toMatchObject({ at: undefined, compared: 0 })
  })
})

describe('attempts on the way to a service', () => {
  it('multiply along the way with the most of them', () => {
    const { A, opened } = home as { A: VariantRun; opened: Opened }
    expect(attemptsAt(A, 'A', 'ledger-db', opened)).toEqual({ factors: [2, 3, 3], product: 18 })
    expect(attemptsAt(A, 'A', 'bank', opened)).toEqual({ factors: [2, 3], product: 6 })
    expect(attemptsAt(A, 'A', 'gateway', opened)).toBeUndefined()
  })
})

describe('the teller', () => {
  afterEach(() => void vi.unstubAllGlobals())

  function teller(isStill: boolean) {
    const store = new Store<State>(initialState(unchanged('home', '')), () => {})
    const story = new Story(store, () => isStill)
    return { store, story }
  }

  /** Frames of the screen, 20 a second, by hand. */
  function screen() {
    let now = 0
    let next: ((at: number) => void) | undefined
    vi.stubGlobal('performance', { now: () => now })
    vi.stubGlobal('requestAnimationFrame', (run: (at: number) => void) => void (next = run))
    return (seconds: number): void => {
      for (let frame = 0; frame < seconds * 20; frame++) {
        now += 50
        const run = next
        next = undefined
        run?.(now)
      }
    }
  }

  it('plays to the bet and waits; then to the switch, and waits; then to the end', () => {
    const play = screen()
    const { store, story } = teller(false)
    story.start(script)
    expect(story.isPlaying).toBe(true)
    play(60)
    expect([story.step?.id, story.isPlaying, story.isWaiting]).toEqual(['bet', false, true])
    expect(store.get().view.time).toBe(stepOf(script, 'bet').to)
    story.bet(true)
    expect(story.step?.id).toBe('reveal')
    play(60)
    expect(story.step?.id).toBe('turn')
    story.turn()
    expect([story.step?.id, store.get().view.side]).toEqual(['pattern', 'B'])
    play(60)
    expect([story.step?.id, story.isPlaying]).toEqual(['yours', false])
    story.next()
    expect(story.isOn).toBe(false)
  })

  it('moves the cursor evenly, then lets it stand so that the end can be read', () => {
    const step = stepOf(script, 'cascade')
    expect(timeIn(step, 0)).toBe(step.from)
    expect(timeIn(step, step.wall * 0.36)).toBeCloseTo((step.from + step.to) / 2, -3)
    expect(timeIn(step, step.wall * 0.75)).toBe(step.to)
  })

  it('goes step by step and to any place, forward and back', () => {
    screen()
    const { store, story } = teller(false)
    story.start(script)
    story.next()
    story.next()
    expect([story.index, story.step?.id]).toEqual([2, 'cascade'])
    story.back()
    expect(store.get().view.time).toBe(stepOf(script, 'fault').from)
    story.seek(story.total)
    expect([story.step?.id, story.isPlaying]).toEqual(['yours', false])
    story.seek(0)
    expect(story.step?.id).toBe('before')
  })

  it('jumps and moves nothing where motion is not wanted', () => {
    const { store, story } = teller(true)
    story.start(script)
    expect(story.isPlaying).toBe(false)
    expect(store.get().view.time).toBe(stepOf(script, 'before').to)
    story.next()
    expect(store.get().view.time).toBe(stepOf(script, 'fault').to)
  })
})
