/** A world taken back to an earlier moment goes on as it did before, whatever was under way then. */
import { describe, expect, it } from 'vitest'
import { Run } from '../../../engine/run.ts'
import type { FaultSpec, Scenario } from '../../../engine/scenario/scenario.ts'
import { SECOND } from '../../../engine/units.ts'
import { ns } from '../../support/small-world.ts'
import { catalogue, FAULTS, shopWith, storm } from './worlds.ts'

const verbs = Object.keys(FAULTS) as FaultSpec['verb'][]
const all = verbs.flatMap((verb, n) =>
  [1.5, 3].map((at) => ({ ...FAULTS[verb], at: ns(`${at}s`) + n * 6e7, for: ns('900ms') })),
)

function expectToGoOn(scenario: Scenario, moments: readonly number[]): void {
  const once = new Run(scenario, { variant: 'x', seed: '7', recording: false, catalogue })
  const checkpoints = moments.map((at) => {
    once.built.world.run(at)
    return once.built.world.save()
  })
  const { digest, outcomeDigest, events, requests, services, edges, signals } = once.finish()
  const expected = { digest, outcomeDigest, events, requests, signals, violations: [] }
  // Histograms are not taken back: what they say is left out.
  const books = (list: typeof services | typeof edges) =>
    JSON.stringify(list, (key, value) => (key.endsWith('Ms') ? 0 : (value as unknown)))
  const pairs = [...checkpoints, ...checkpoints.toReversed()]
  for (const checkpoint of pairs) {
    once.built.world.load(checkpoint)
    const again = once.finish()
    expect(again).toMatchObject(expected)
    expect(books(again.services)).toBe(books(services))
    expect(books(again.edges)).toBe(books(edges))
    expect(once.built.world.pool.live).toBe(0)
  }
}

describe('a checkpoint', () => {
  it('in a storm', () => {
    expectToGoOn(
      storm,
      [0.1, 1, 2.345, 3.2, 4.05, 5.5, 8].map((at) => at * SECOND),
    )
  })

  it('under faults of every verb', () => {
    expectToGoOn(
      shopWith(all),
      Array.from({ length: 12 }, (_, n) => (0.5 + n * 0.37) * SECOND),
    )
  })

  it('after every few events of a short world', () => {
    const short = {
      ...shopWith(
        all.slice(0, 8).map((fault) => ({ ...fault, at: fault.at / 10, for: ns('40ms') })),
      ),
      duration: SECOND / 2,
    }
    const run = new Run(short, { variant: 'x', seed: '7', recording: false, catalogue })
    const { world } = run.built
    const saved = [world.save()]
    while (!run.advance(11)) saved.push(world.save())
    const { digest } = run.result()
    expect(saved.length).toBeGreaterThan(80)
    for (const checkpoint of saved) {
      world.load(checkpoint)
      expect(run.finish().digest).toBe(digest)
    }
  })
})
