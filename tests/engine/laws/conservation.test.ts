/** Every call ends once: checked under every fault, at any moment, in worlds put together by chance; and a broken law is reported. */
import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { EngineError } from '../../../engine/model/engine-error.ts'
import { CLIENT, VISIT } from '../../../engine/model/call-frame.ts'
import { Run } from '../../../engine/run.ts'
import {
  type FaultSpec,
  QUEUE_DISCIPLINES,
  type Scenario,
} from '../../../engine/scenario/scenario.ts'
import { SECOND } from '../../../engine/units.ts'
import { ns } from '../../support/small-world.ts'
import { catalogue, FAULTS, layers, runOf, shop, shopWith, storm } from './worlds.ts'

const verbs = Object.keys(FAULTS) as FaultSpec['verb'][]

/** After these a caller may wait for an answer that will never come. */
const LOSSY: ReadonlySet<string> = new Set(['crash', 'loss', 'partition'])

/** Runs with looks in between, to a world that must have drained. */
function expectSound(scenario: Scenario, looks = 20, seed = '7'): void {
  const run = new Run(scenario, { variant: 'x', seed, recording: false, catalogue })
  const { world } = run.built
  for (let look = 1; look < looks; look++) {
    world.run(Math.round((scenario.duration * look) / looks))
    expect(run.result().violations).toEqual([])
  }
  const { violations, requests, pending, stopped } = run.finish()
  expect({ violations, unfinished: requests.unfinished, pending, stopped }).toEqual({
    violations: [],
    unfinished: 0,
    pending: { periodic: [], other: 0 },
    stopped: undefined,
  })
  expect([world.pool.live, world.orphans, world.detached]).toEqual([0, 0, 0])
  for (const service of world.services.values()) {
    for (const { busy, line, paused } of service.instances)
      expect([busy, line.length, paused]).toEqual([0, 0, 0])
  }
}

describe('calls are conserved', () => {
  it.each(verbs)('through a fault of the verb %s', (verb) => {
    expectSound(shopWith([FAULTS[verb]]))
  })

  it.each(verbs)('through %s without any layers', (verb) => {
    const target =
      { flush: 'none', config: 'patterns.none.x' }[verb as 'flush'] ?? FAULTS[verb].target
    const scenario = shopWith([{ ...FAULTS[verb], target }], { patterns: {}, links: {} })
    // Without timeouts a call whose answer was lost hangs for ever; its user gives up all the same.
    if (!LOSSY.has(verb)) return expectSound(scenario)
    const { violations, requests } = runOf(scenario)
    expect([violations, requests.unfinished]).toEqual([[], 0])
  })

  it('through all of them together, again and again', () => {
    const faults = verbs.flatMap((verb, n) =>
      [2, 4, 6].map((at) => ({ ...FAULTS[verb], at: ns(`${at}s`) + n * 5e7, for: ns('700ms') })),
    )
    expectSound(shopWith(faults), 60)
  })

  it('through stochastic faults', () => {
    const faults = verbs.map((verb) => ({
      ...FAULTS[verb],
      at: undefined,
      mtbf: ns('1.5s'),
      mttr: ns('200ms'),
    }))
    const { violations, requests } = runOf(shopWith(faults))
    expect([violations, requests.unfinished]).toEqual([[], 0])
    expectSound(storm, 100)
  })

  it('in every slice of a run', () => {
    const run = new Run(
      { ...storm, duration: 5 * SECOND },
      { variant: 'x', seed: '7', recording: false, catalogue },
    )
    while (!run.advance(37)) expect(run.result().violations).toEqual([])
  })
})

/** Worlds put together by chance, each from its number. */
describe('worlds put together by chance', () => {
  function worldOf(number: number): Scenario {
    const random = seedrandom(`world ${number}`)
    const below = (n: number) => Math.floor(random() * n)
    const oneOf = <T>(list: readonly T[]): T => list[below(list.length)]!
    const some = <T>(list: readonly T[]): T[] => list.filter(() => random() < 0.5)
    const services = Object.fromEntries(
      Object.entries(shop.services).map(([name, service]) => [
        name,
        {
          ...service,
          instances: 2 + below(2),
          concurrency: oneOf([1, 2, 5, 50]),
          queue: oneOf([0, 1, 10, Infinity]),
          discipline: oneOf(QUEUE_DISCIPLINES),
          slots: oneOf(['held', 'released'] as const),
          errors: oneOf([0, 0.1]),
          // A coarse grid of times makes ties.
          ...(random() < 0.3
            ? { work: { '*': { kind: 'constant', value: below(4) * 5e6 } as const } }
            : {}),
        },
      ]),
    )
    const link = {
      latency: oneOf([
        { kind: 'constant', value: 0 },
        { kind: 'constant', value: 5e6 },
        { kind: 'exponential', mean: 2e6 },
      ] as const),
      loss: oneOf([0, 0.05]),
      duplicate: oneOf([0, 0.1]),
      bandwidth: oneOf([Infinity, 1e5]),
      fifo: random() < 0.3,
    }
    const patterns = Object.fromEntries(some(Object.entries(layers)))
    const usable = verbs.filter(
      (verb) =>
        (verb !== 'flush' || 'less' in patterns) && (verb !== 'config' || 'again' in patterns),
    )
    const faults = some(usable).flatMap((verb) =>
      [1, 2].map(() => ({ ...FAULTS[verb], at: below(60) * 1e8, for: (1 + below(20)) * 1e8 })),
    )
    return {
      ...shopWith(faults, { services, patterns, links: { default: link } }),
      duration: 60 * SECOND,
    }
  }

  it.each(Array.from({ length: 60 }, (_, n) => n))('number %d is sound', (number) => {
    const scenario = worldOf(number)
    // A link that loses may leave a server's call without an answer for ever, when nothing limits it.
    const mayHang =
      scenario.links['default']!.loss > 0 || scenario.faults.some(({ verb }) => LOSSY.has(verb))
    if (!mayHang || scenario.patterns.some(({ id }) => id === 'limit'))
      return expectSound(scenario, 12, String(number))
    const { violations, requests } = runOf(scenario, { seed: number })
    expect([violations, requests.unfinished]).toEqual([[], 0])
  })
})

describe('a broken law', () => {
  function broken(breakIt: (run: Run) => void): string[] {
    const run = new Run(storm, { variant: 'x', seed: '7', recording: false, catalogue })
    run.built.world.run(3.5 * SECOND)
    expect(run.result().violations).toEqual([])
    breakIt(run)
    return run.result().violations.map(({ law, place, detail }) => `${law}: ${place}: ${detail}`)
  }
  const frameOf = (run: Run, fits: (frame: Run['built']['world']['frames'][number]) => boolean) =>
    run.built.world.frames.find((frame) => frame.live && fits(frame))!

  it('is reported: a request that vanishes', () => {
    const found = broken((run) =>
      run.built.world.pool.give(frameOf(run, (frame) => frame.load?.name === 'people')),
    )
    expect(found).toEqual([
      expect.stringMatching(/^requests are conserved: all loads: expected \d+, counted \d+$/),
      expect.stringMatching(/^calls are conserved: people -> gate: expected \d+, counted \d+$/),
    ])
  })

  it('is reported: a visit that vanishes with its slot', () => {
    const found = broken((run) =>
      run.built.world.pool.give(frameOf(run, (frame) => frame.side === VISIT && frame.holdsSlot)),
    )
    expect(found.join('\n')).toMatch(
      /visits are conserved: (\w+): expected \d+, counted \d+\na busy slot is held by a visit: \1#\d/,
    )
  })

  it('is reported: a call invented', () => {
    const found = broken((run) => {
      const frame = run.built.world.pool.take()
      frame.side = CLIENT
      frame.edge = run.built.world.loads[0]!.edge
    })
    expect(found[0]).toMatch(/^calls are conserved: people -> gate/)
    expect(found[1]).toMatch(/^detached calls are counted/)
  })

  it.each<[string, (run: Run) => unknown, RegExp]>([
    [
      'a request counted twice',
      (run) => run.built.world.totals.start(frameOf(run, (frame) => frame.load !== null)),
      /^requests are conserved/,
    ],
    [
      'a message lost in silence',
      (run) => run.built.world.links.get('gate -> bank')!.sent++,
      /^messages are conserved: gate -> bank/,
    ],
    [
      'a slot more than there is',
      (run) => (run.built.world.service('cart').instances[0]!.busy = 99),
      /busy slot is held by a visit: cart#0: expected 99/,
    ],
    [
      'a line that is not there',
      (run) => run.built.world.service('cart').columns.wait(1),
      /^the line is as long as the books say: cart/,
    ],
    [
      'slots in the books only',
      (run) => run.built.world.service('cart').columns.busy(1),
      /^as many slots are busy as the books say: cart/,
    ],
    ['an orphan too many', (run) => run.built.world.orphans++, /^orphans are counted/],
    [
      'a detached call too many',
      (run) => run.built.world.detached++,
      /^detached calls are counted/,
    ],
    [
      'a message between instances',
      (run) => run.built.world.messages.sent++,
      /^messages are conserved: between instances/,
    ],
    [
      'an edge that ends a call twice',
      (run) => run.built.edgeColumns.get('gate -> cart')!.end(run.built.world.pool.take()),
      /^calls are conserved: gate -> cart/,
    ],
  ])('is reported: %s', (_name, breakIt, law) => {
    expect(broken((run) => void breakIt(run)).join('\n')).toMatch(law)
  })

  it('stops the run when a call ends twice', () => {
    expect(() =>
      broken((run) => {
        const frame = frameOf(run, (each) => each.load !== null)
        run.built.world.pool.give(frame)
        run.built.world.pool.give(frame)
      }),
    ).toThrow(EngineError)
  })

  it('stops the run when an event is planned for the past, and says where to look', () => {
    const run = new Run(storm, { variant: 'x', seed: '7', recording: false, catalogue })
    run.built.world.run(SECOND)
    const { world } = run.built
    expect(() => world.schedule(SECOND - 1, 1, 0, 2, 0, 0)).toThrow(
      /planned for 999999999 ns, before now \(event \d+, t = 1000000000 ns, seed 7\)/,
    )
    expect(() => world.schedule(Number.NaN, 1, 0, 2, 0, 0)).toThrow(EngineError)
  })
})
