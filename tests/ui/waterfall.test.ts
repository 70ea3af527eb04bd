import { beforeAll, describe, expect, it } from 'vitest'
import { chainTo, CauseFinder } from '../../engine/causes.ts'
import { patterns } from '../../engine/patterns/index.ts'
import { Replay } from '../../engine/replay.ts'
import type { Scenario } from '../../engine/scenario/scenario.ts'
import { readTask } from '../../engine/scenario/read.ts'
import type { RequestTrace, Span } from '../../engine/trace.ts'
import { waterfallScene } from '../../ui/draw/waterfall-scene.ts'
import { callDetail } from '../../ui/facts/call-detail.ts'
import { callTree, nodesIn, type CallTree } from '../../ui/facts/call-tree.ts'
import { chainSteps } from '../../ui/facts/chain-words.ts'
import { criticalPath, longestParts } from '../../ui/facts/critical-path.ts'
import { callTable, whereWords } from '../../ui/facts/request-tables.ts'
import {
  fateOf,
  headlineOf,
  noSuchRequest,
  pathWords,
  readRequest,
  sameness,
} from '../../ui/facts/request-words.ts'
import { rowsWith, waterfallRows, type FoldLevel } from '../../ui/facts/waterfall.ts'
import { retryStorm, runOf, taskOf } from './run-of.ts'

const MS = 1e6
const NBSP = '\u00a0'

/** A span with what a test is about. */
function span(id: number, parent: number, change: Partial<Span>): Span {
  return {
    id,
    parent,
    kind: 'attempt',
    edge: 'users -> shop',
    op: '*',
    instance: 'shop#0',
    attempt: 1,
    duplicate: false,
    startedAt: 0,
    arrivedAt: undefined,
    queuedAt: undefined,
    workedFrom: undefined,
    workedUntil: undefined,
    leftAt: undefined,
    ahead: undefined,
    abandonedAt: undefined,
    endedAt: undefined,
    outcome: 'ok',
    decisions: [],
    ...change,
  }
}

/** Users call the shop (1..101 ms); its calls are those given, as attempts [edge, from, until, changes] of one call each. */
function treeOf(calls: readonly (readonly Partial<Span>[])[], last: Partial<Span> = {}): CallTree {
  const end = { endedAt: 102 * MS, outcome: 'ok' as const, ...last }
  const spans = [
    span(0, -1, { kind: 'call', startedAt: 0, ...end }),
    span(1, 0, {
      startedAt: 0,
      arrivedAt: 1 * MS,
      queuedAt: 1 * MS,
      ahead: 6,
      workedFrom: 3 * MS,
      workedUntil: 8 * MS,
      leftAt: 101 * MS,
      endedAt: 102 * MS,
      outcome: end.outcome,
    }),
  ]
  for (const attempts of calls) {
    const call = spans.length
    const [first] = attempts
    const ended = Math.max(...attempts.map((one) => one.abandonedAt ?? one.endedAt!))
    spans.push(
      span(call, 1, {
        kind: 'call',
        edge: first!.edge!,
        startedAt: first!.startedAt!,
        endedAt: ended,
      }),
    )
    attempts.forEach((one, at) => spans.push(span(spans.length, call, { attempt: at + 1, ...one })))
  }
  return callTree({ request: 7, seed: '7', spans }, 1000 * MS)!
}

const fine = (to: string, from: number, until: number): Partial<Span> => ({
  edge: `shop -> ${to}`,
  startedAt: from * MS,
  arrivedAt: from * MS,
  workedFrom: from * MS,
  workedUntil: until * MS,
  leftAt: until * MS,
  endedAt: until * MS,
})
const full = (to: string, at: number): Partial<Span> => ({
  edge: `shop -> ${to}`,
  startedAt: at * MS,
  arrivedAt: at * MS,
  leftAt: at * MS,
  endedAt: at * MS,
  outcome: 'overload',
})
/** In the queue until the caller gives up after 20 ms; then worked for nobody. */
const late = (to: string, from: number): Partial<Span> => ({
  ...fine(to, from, from),
  queuedAt: from * MS,
  ahead: 12,
  workedFrom: (from + 30) * MS,
  workedUntil: (from + 40) * MS,
  leftAt: (from + 40) * MS,
  endedAt: (from + 41) * MS,
  abandonedAt: (from + 20) * MS,
})
const labels = (tree: CallTree, level: FoldLevel, opened: readonly string[] = []): string[] =>
  waterfallRows(tree, { level, opened: new Set(opened) }).map(
    ({ depth, label, tries }) => `${'.'.repeat(depth)}${label}${tries && ` ${tries}`}`,
  )

describe('rows of a waterfall', () => {
  const tree = treeOf([
    [fine('cart', 8, 10)],
    [fine('pricing', 10, 12)],
    [full('ledger', 12), full('ledger', 13), full('ledger', 14), late('ledger', 15)],
    [fine('bank', 40, 100)],
  ])

  it('fold fast calls side by side, and failures in no time', () => {
    expect(labels(tree, 1)).toEqual([
      'shop',
      '.cart, pricing',
      '.ledger ×3, queue full',
      '.ledger try 4',
      '.bank',
    ])
  })

  it('are all there unfolded, and fewer the more is folded', () => {
    expect(labels(tree, 0)).toEqual([
      'shop',
      '.cart',
      '.pricing',
      '.ledger try 1',
      '.ledger try 2',
      '.ledger try 3',
      '.ledger try 4',
      '.bank',
    ])
    expect(labels(tree, 2)).toEqual(['shop', '.cart, pricing', '.ledger ×4', '.bank'])
    const counts = ([0, 1, 2, 3] as const).map((level) => labels(tree, level).length)
    expect(counts).toEqual(counts.toSorted((a, b) => b - a))
  })

  it('open one by one', () => {
    const key = waterfallRows(tree, { level: 1, opened: new Set() })[1]!.key
    expect(labels(tree, 1, [key]).slice(1, 4)).toEqual(['.cart, pricing', '..cart', '..pricing'])
  })

  it('stand for every span exactly once, however they are folded', () => {
    for (const level of [0, 1, 2] as const) {
      const rows = waterfallRows(tree, { level, opened: new Set() })
      const attempts = rows.flatMap(({ nodes }) => nodes.map((node) => node.span.id))
      expect(new Set(attempts).size).toBe(attempts.length)
      expect(attempts).toHaveLength(nodesIn(tree.roots).length)
    }
  })

  it('count what is many', () => {
    const many = treeOf(['a', 'b', 'c', 'd'].map((name, at) => [fine(name, 8 + at, 9 + at)]))
    expect(labels(many, 1)).toEqual(['shop', '.4 fast calls'])
  })

  it('are found by service, outcome and pattern, with those above them', () => {
    const found = (text: string): string[] => rowsWith(tree, text).map(({ label }) => label)
    expect(found('BANK')).toEqual(['shop', 'bank'])
    expect(found('queue full')).toEqual(['shop', 'ledger', 'ledger', 'ledger'])
    expect(found('nothing like it')).toEqual([])
  })
})

describe('work for nobody', () => {
  const tree = treeOf([[late('ledger', 10), fine('ledger', 31, 33)]])
  const [, abandoned] = nodesIn(tree.roots)

  it('begins when the caller gives up, and not before', () => {
    const parts = abandoned!.segments.map((segment) => [
      segment.kind,
      segment.from / MS,
      segment.until / MS,
      segment.isForNobody,
    ])
    expect(parts).toEqual([
      ['queue', 10, 30, false],
      ['queue', 30, 40, true],
      ['work', 40, 50, true],
      ['wire', 50, 51, true],
    ])
    expect(abandoned!.end).toBe(30 * MS)
    expect(abandoned!.isOk).toBe(false)
  })

  it('is marked as failed where the caller gave up', () => {
    const row = waterfallRows(tree, { level: 0, opened: new Set() })[1]!
    expect(row.fails).toEqual([{ at: 30 * MS, isRefusal: false }])
  })

  it('is told in words', () => {
    const lines = callDetail(abandoned!, tree).map(({ term, words }) => `${term}: ${words}`)
    expect(lines).toEqual([
      `sent: 0.010${NBSP}s, +10${NBSP}ms`,
      `queue: at place 13, waited 30${NBSP}ms`,
      `worked: for 10${NBSP}ms`,
      `caller gave up: after 20${NBSP}ms; ledger was not told`,
      `answered: 20${NBSP}ms later, to nobody`,
      'called by: shop',
    ])
    const [, , next] = nodesIn(tree.roots)
    expect(callDetail(next!, tree)).toContainEqual({
      term: 'caused by',
      words: 'try 1 timed out',
      goTo: abandoned!.span.id,
    })
  })
})

describe('the critical path', () => {
  it('goes through what everything else waited for', () => {
    const tree = treeOf([[fine('cart', 8, 20)], [late('ledger', 20), fine('ledger', 45, 99)]])
    const path = criticalPath(tree).map(({ kind, service, from, until }) => {
      return `${kind} ${service} ${from / MS}-${until / MS}`
    })
    expect(path).toEqual([
      'wire shop 0-1',
      'queue shop 1-3',
      'work shop 3-8',
      'work cart 8-20',
      'queue ledger 20-40',
      'pause shop 40-45',
      'work ledger 45-99',
      'pause shop 99-101',
      'wire shop 101-102',
    ])
    expect(longestParts(criticalPath(tree))[0]).toMatchObject({
      kind: 'work',
      service: 'ledger',
      time: 54 * MS,
    })
    expect(pathWords(tree)).toMatch(/^Where the time went: 54\sms at work in ledger \(53\s%\), /)
  })

  it('takes the slower of two that run side by side', () => {
    const tree = treeOf([[fine('left', 8, 60)], [fine('right', 8, 101)]])
    expect(criticalPath(tree).some(({ service }) => service === 'left')).toBe(false)
  })
})

describe('requests of the home scenario', () => {
  const trees: Record<'A' | 'B', CallTree[]> = { A: [], B: [] }
  const duration = 48e9

  beforeAll(() => {
    for (const side of ['A', 'B'] as const) {
      const scenario = scenarioOf(side)
      const replay = new Replay(scenario, { seed: '7', catalogue: patterns })
      for (let request = 10_000; request < 13_600; request += 90) {
        trees[side].push(callTree(replay.trace(request), duration)!)
      }
    }
  }, 60_000)

  it('have a critical path without gaps that adds up to the latency', () => {
    let answered = 0
    for (const tree of [...trees.A, ...trees.B]) {
      const path = criticalPath(tree)
      if (tree.answeredAt === undefined) {
        expect(path).toEqual([])
        continue
      }
      answered++
      let at = tree.arrivedAt
      for (const { from, until } of path) {
        expect(from).toBe(at)
        expect(until).toBeGreaterThan(from)
        at = until
      }
      expect(at - tree.arrivedAt).toBe(tree.answeredAt - tree.arrivedAt)
    }
    expect(answered).toBeGreaterThan(25)
  })

  it('have rows within the picture, on one scale for both', () => {
    const storm = trees.A.findIndex((tree) => !tree.isOk)
    const model = {
      trees: { A: trees.A[storm]!, B: trees.B[storm]! },
      folding: { level: 0, opened: new Set<string>() },
      text: '',
      isPathShown: true,
      chosen: undefined,
    } as const
    const scene = waterfallScene(model, 500, 17)
    expect(scene.sections.map(({ side }) => side)).toEqual(['A', 'B'])
    for (const { rows, tree, lens } of scene.sections) {
      for (const { segments } of rows) {
        for (const { from, until } of segments) {
          expect(scene.x(from - tree.arrivedAt)).toBeGreaterThanOrEqual(scene.left)
          expect(scene.x(until - tree.arrivedAt)).toBeLessThanOrEqual(scene.right + 0.001)
          if (lens) expect(lens.x(until - tree.arrivedAt)).toBeLessThanOrEqual(lens.right)
        }
      }
    }
    const [, b] = scene.sections
    expect(b!.lens!.factor).toBeGreaterThan(5)
  })

  it('are told in a sentence for both, with the numbers of their calls', () => {
    const at = trees.A.findIndex((tree, n) => {
      return fateOf(tree).includes('ledger-db') && !tree.isOk && trees.B[n]!.isOk
    })
    const both = { A: trees.A[at]!, B: trees.B[at]! }
    const ledger = both.A.trace.spans.filter(
      ({ kind, edge }) => kind === 'attempt' && edge === 'payments -> ledger-db',
    )
    const attempts = both.A.trace.spans.filter(({ kind }) => kind === 'attempt')
    const told = headlineOf(both)
    expect(told).toContain(`with ${attempts.length} calls, ${ledger.length} of them to ledger-db`)
    expect(told).toMatch(
      /^A: failed after [\d.]+\ss with .* in time\. B: served in [\d.]+\sm?s: \d+ calls\.$/,
    )
    expect(sameness(both.A, both.B)).toBe('same arrival and same dice in A and B')
    const { rows, caption, columns } = callTable(both)
    expect(caption).toBe(told)
    expect(rows).toHaveLength(attempts.length + nodesIn(both.B.roots).length)
    expect(rows.every((row) => row.length === columns.length)).toBe(true)
  })

  it('have a cause, told step by step from the fault', () => {
    const finder = new CauseFinder(scenarioOf('A'), { seed: '7', catalogue: patterns })
    const run = runOf(retryStorm, { variant: 'A', set: { duration: '48s' } })
    const steps = chainSteps(run.layout, chainTo(finder.finish(), 'gateway'))
    expect(steps.map(({ what }) => what)).toEqual([
      'ledger-db slows down ×2.7',
      'ledger-db',
      'payments',
      'checkout',
      'gateway',
    ])
    expect(steps[0]!.time).toBe(30e9)
    expect(steps[4]!.words).toMatch(/^9\d\s% of its busy time was waiting for checkout/)
  })
})

function scenarioOf(variant: string): Scenario {
  const read = readTask(taskOf(retryStorm, { variant, set: { duration: '48s' } }))
  if (!read.ok) throw new Error(JSON.stringify(read.errors))
  return read.scenario
}

describe('numbers and words', () => {
  it.each([
    ['18533', 18_533],
    [' 18,533 ', 18_533],
    ['0', 0],
    ['', 'Type the number of a request.'],
    ['all', '“all” is not a number. Type digits, such as 18533.'],
    ['-3', '“-3” is not a number. Type digits, such as 18533.'],
    ['1.5', '“1.5” is not a number. Type digits, such as 18533.'],
    ['99999999999999999999', '99999999999999999999 is too large for a number.'],
  ])('reads %j', (text, expected) => {
    expect(readRequest(text)).toBe(expected)
  })

  it('says which requests there are', () => {
    const numbers = { count: 36_097, highest: 36_096 }
    expect(noSuchRequest(99_999, numbers)).toBe('There were 36,097 requests; 0 to 36,096 exist.')
    expect(noSuchRequest(3, { count: 0, highest: -1 })).toBe('There were no requests.')
    expect(noSuchRequest(3, { count: 10, highest: 14 })).toBe(
      'There were 10 requests; 3 is not among their numbers, which go up to 14.',
    )
    expect(noSuchRequest(99, { count: 10, highest: 14 })).toBe(
      'There were 10 requests; the highest number is 14.',
    )
  })

  it('says where a list is from', () => {
    const cell = { from: 61e9, until: 61.2e9, lowest: 1.25e9, highest: 1.5e9 }
    expect(whereWords('A', cell)).toBe(
      `in A that ended 61–61.2${NBSP}s, after 1.3${NBSP}s–1.5${NBSP}s`,
    )
  })

  it('tells a request without an answer, and one that was turned away', () => {
    const open = treeOf([], { outcome: 'open', endedAt: undefined })
    expect(fateOf(open)).toBe('not answered by the end of the run: 1 call')
    expect(fateOf(treeOf([], { outcome: 'refused' }))).toBe(
      `turned away after 102${NBSP}ms with 1 call`,
    )
    expect(callTree({ request: 1, seed: '7', spans: [] } satisfies RequestTrace, 1)).toBeUndefined()
  })
})
