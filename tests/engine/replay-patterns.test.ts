/** Going back and forth is the same as going straight on, whatever patterns are in the system. */
import { describe, expect, it } from 'vitest'
import type { AnyComponent } from '../../engine/component.ts'
import { patterns } from '../../engine/patterns/index.ts'
import { Replay } from '../../engine/replay.ts'
import { readScenario } from '../../engine/scenario/read.ts'
import type { Scenario } from '../../engine/scenario/scenario.ts'
import { STORM } from '../workers/files.ts'

const files = import.meta.glob<string>('../../scenarios/**/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** Events of each run that are gone through. */
const EVENTS = 12_000
const MOMENTS = 24

function scenarioOf(text: string): Scenario | undefined {
  const read = readScenario(text, 'test')
  return read.ok ? read.scenario : undefined
}

/** The storm with one more pattern, as it comes. */
function stormWith({ name, at }: AnyComponent): Scenario | undefined {
  const isOnEdge = at.includes('client') || at.includes('router')
  const where = isOnEdge ? 'front -> ledger' : 'ledger'
  const line = `  extra: { use: ${name}, where: [${where}] }\n`
  return scenarioOf(STORM.replace('patterns:\n', `patterns:\n${line}`))
}

const written = Object.entries(files).map(([path, text]) => {
  const scenario = scenarioOf(text)
  if (!scenario) throw new Error(`${path} cannot be read: see \`sim validate\``)
  return { path, scenario }
})
const used = new Set(written.flatMap(({ scenario }) => scenario.patterns.map(({ use }) => use)))
const unused = [...patterns.values()]
  .filter(({ name }) => !used.has(name))
  .map((component) => ({ path: component.name, scenario: stormWith(component)! }))
  .filter(({ scenario }) => scenario !== undefined)

/** Arbitrary moments, the same in every run of the tests. */
function moments(): number[] {
  let state = 7
  return Array.from({ length: MOMENTS }, () => {
    state = Math.imul(state, 1103515245) + 12345
    return (state >>> 8) % EVENTS
  })
}

describe('a replay comes to the same', () => {
  it.each([...written, ...unused])('in $path', ({ scenario }) => {
    const { seed } = scenario
    const numbers = moments()
    const straight = new Replay(scenario, { seed, catalogue: patterns, spacing: Infinity })
    const expected = new Map(
      numbers
        .toSorted((a, b) => a - b)
        .map((number) => [number, straight.digestAt(number)] as const),
    )
    const replay = new Replay(scenario, { seed, catalogue: patterns, spacing: 900 })
    for (const number of numbers) {
      expect(replay.digestAt(number)).toEqual(expected.get(number))
      replay.trace(number % 100)
      expect(replay.digests).toEqual(expected.get(number))
    }
  })
})
