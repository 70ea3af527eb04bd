import { describe, expect, it } from 'vitest'
import { extentOf, fitOf } from '../../ui/draw/fit.ts'
import { placesOf, type Shape } from '../../ui/draw/graph.ts'
import { holds, overlap, type Box } from '../../ui/draw/labels.ts'
import { switchBox } from '../../ui/draw/edge-furniture.ts'
import type { Plan } from '../../ui/draw/plan.ts'
import { nextAlong } from '../../ui/draw/walk.ts'
import { CROWD, firstFocus, fold, foldingOf, inFocus, within } from '../../ui/facts/folding.ts'
import { firstTroubles } from '../../ui/facts/health.ts'
import { bothOf, DESKTOP, PHONE, planned, scenarioText, TALL } from './topology-support.ts'

const home = bothOf(scenarioText('retry-storm'))
const large = bothOf(scenarioText('scale/fifty-two'))

const labelsOf = ({ nodes }: Plan) =>
  [...nodes].flatMap(([name, { label }]) => (label ? [{ name, box: label.box }] : []))

/** Labels that cover each other, a capsule, a switch, or the circle of another service. */
function clashes(plan: Plan): string[] {
  const { nodes, capsules, edges } = plan
  const labels = labelsOf(plan)
  const circle = (name: string): Box => {
    const { x, y, radius } = nodes.get(name)!.spot
    return { x: x - radius * 0.8, y: y - radius * 0.8, width: radius * 1.6, height: radius * 1.6 }
  }
  const taken = [
    ...[...nodes.keys()].map((name) => ({ name, box: circle(name) })),
    ...capsules.map(({ title, box }) => ({ name: title, box })),
    ...edges.flatMap((edge) => switchBox(edge).map((box) => ({ name: edge.name, box }))),
  ]
  return labels.flatMap(({ name, box }, at) =>
    [...labels.slice(at + 1), ...taken]
      .filter((other) => other.name !== name && overlap(box, other.box) > 1)
      .map((other) => `${name} × ${other.name}`),
  )
}

/** Labels that lie on an edge. */
function onEdges(plan: Plan): string[] {
  const points = plan.edges.flatMap(({ curve }) => curve.points)
  return labelsOf(plan)
    .filter(({ box }) => points.some((point) => holds(box, point)))
    .map(({ name }) => name)
}

describe('labels', () => {
  it.each([
    ['desktop', DESKTOP],
    ['phone', PHONE],
  ])('of the home screen cover nothing, and none is left out: %s', (_, room) => {
    const plan = planned(home, room)
    expect(clashes(plan)).toEqual([])
    expect(onEdges(plan)).toEqual([])
    expect(labelsOf(plan)).toHaveLength(plan.nodes.size)
  })

  it.each([
    ['desktop', TALL],
    ['phone', PHONE],
  ])('of fifty-two services cover nothing, and all in trouble have one: %s', (_, room) => {
    const plan = planned(large, room)
    expect(clashes(plan)).toEqual([])
    const troubled = firstTroubles(large.A).map(({ name }) => name)
    expect(troubled.length).toBeGreaterThan(7)
    for (const name of troubled) expect(plan.nodes.get(name)?.label, name).toBeDefined()
  })

  it('do not cover each other when nothing is folded, whatever has to do without', () => {
    const plan = planned(large, TALL, { focus: 'all' })
    expect(plan.nodes.size).toBe(60)
    const labels = labelsOf(plan)
    const both = labels.flatMap(({ name, box }, at) =>
      labels
        .slice(at + 1)
        .filter((other) => overlap(box, other.box) > 0)
        .map((other) => `${name} × ${other.name}`),
    )
    expect(both).toEqual([])
  })

  it('stay within the room', () => {
    for (const [runs, room] of [
      [home, DESKTOP],
      [home, PHONE],
      [large, TALL],
    ] as const) {
      for (const { name, box } of labelsOf(planned(runs, room))) {
        const inside = overlap(box, {
          x: -1,
          y: -1,
          width: room.width + 2,
          height: room.height + 2,
        })
        expect(inside / (box.width * box.height), name).toBeGreaterThan(0.99)
      }
    }
  })
})

describe('what is folded', () => {
  const services = (count: number, domain: string) =>
    Array.from({ length: count }, (_, at) => ({ name: `${domain}-${at}`, domain }))

  it('is healthy domains of a large system, never what is to be kept, never one alone', () => {
    const all = [...services(5, 'shop'), ...services(3, 'mail'), ...services(1, 'bank')]
    const { shown, folds } = fold(all, new Set(['shop-0', 'mail-1', 'mail-2']))
    expect(folds).toEqual([{ domain: 'shop', members: ['shop-1', 'shop-2', 'shop-3', 'shop-4'] }])
    expect([...shown].toSorted()).toEqual(['bank-0', 'mail-0', 'mail-1', 'mail-2', 'shop-0'])
  })

  it('is nothing in a small system', () => {
    const calls = { services: services(CROWD, 'shop'), edges: [] }
    const interest = { troubled: new Set(['shop-0']), chosen: undefined }
    expect(foldingOf('cascade', calls, interest).folds).toEqual([])
    expect(firstFocus(calls)).toBe('all')
  })

  it('leaves of fifty-two services those that are in trouble, and six capsules', () => {
    const { nodes, capsules } = planned(large, TALL)
    const drawn = [...nodes.values()]
      .filter(({ place }) => !place.isLoad)
      .map(({ place }) => place.name)
    expect(drawn.toSorted()).toEqual(
      firstTroubles(large.A)
        .map(({ name }) => name)
        .toSorted(),
    )
    expect(capsules.map(({ title }) => title)).toEqual([
      '3 shop core',
      '12 edge & identity',
      '9 content & media',
      '6 messaging',
      '7 delivery',
      '6 analytics',
    ])
    for (const [at, { box }] of capsules.entries()) {
      for (const other of capsules.slice(at + 1)) expect(overlap(box, other.box)).toBe(0)
    }
  })

  it('opens around the chosen service: what it calls, and what calls it, two calls far', () => {
    const edges = [
      { name: 'a -> b', from: 'a', to: 'b' },
      { name: 'b -> c', from: 'b', to: 'c' },
      { name: 'c -> d', from: 'c', to: 'd' },
      { name: 'z -> b', from: 'z', to: 'b' },
    ]
    expect([...within({ edges }, 'a', 2)].toSorted()).toEqual(['a', 'b', 'c', 'z'])
    const interest = { troubled: new Set<string>(), chosen: 'd' }
    expect(inFocus('near', { services: [], edges }, interest)).toEqual(new Set(['d', 'c', 'b']))
  })
})

describe('positions', () => {
  const shape = (ats: Readonly<Record<string, readonly [number, number] | undefined>>): Shape => ({
    services: Object.entries(ats).map(([name, at]) => ({ name, at })),
    loads: [{ name: 'users', to: 'a' }],
    edges: [
      { name: 'users -> a', from: 'users', to: 'a' },
      { name: 'a -> b', from: 'a', to: 'b' },
    ],
  })

  it('are those of the file, and users stand where their service is called from', () => {
    const places = placesOf(shape({ a: [100, 40], b: [300, 40] }))
    expect(places.get('b')).toMatchObject({ x: 300, y: 40, isLeaf: true })
    expect(places.get('users')).toMatchObject({ y: 40, isLoad: true })
    expect(places.get('users')!.x).toBeLessThan(100)
  })

  it('are the same whatever a run has come to', () => {
    const spots = (plan: Plan) => [...plan.nodes].map(([name, { spot }]) => [name, spot])
    const before = spots(planned({ A: home.B, B: home.B }, DESKTOP))
    const after = spots(planned({ A: home.A, B: home.A }, DESKTOP))
    expect(after).toEqual(before)
  })

  it('fill the room in whatever units they are, and lead back to those', () => {
    const small = [...placesOf(shape({ a: [1, 0.5], b: [3, 2] })).values()]
    const labelOf = () => ({ width: 40, height: 13 })
    const fit = fitOf(small, DESKTOP, { labelOf })
    const xs = small.map((place) => fit.spotOf(place).x)
    expect(Math.max(...xs) - Math.min(...xs)).toBeGreaterThan(DESKTOP.width / 2)
    const wide = [...placesOf(shape({ a: [1000, 500], b: [3000, 2000] })).values()]
    const other = fitOf(wide, DESKTOP, { labelOf })
    for (const place of wide) {
      expect(other.placeOf(other.spotOf(place))).toEqual([place.x, place.y].map(Math.round))
    }
  })

  it('of others stay when one is moved inwards', () => {
    const whole = extentOf([
      { x: 0, y: 0 },
      { x: 100, y: 50 },
    ])
    expect(
      extentOf(
        [
          { x: 0, y: 0 },
          { x: 60, y: 50 },
        ],
        whole,
      ),
    ).toEqual(whole)
  })
})

describe('arrow keys', () => {
  const { nodes } = planned(home, DESKTOP)
  const spots = new Map([...nodes].map(([name, { spot }]) => [name, spot]))
  const { edges } = home.A.layout
  it('follow calls to the right, go back to the left, and up and down to the next', () => {
    expect(nextAlong('ArrowRight', 'payments', spots, edges)).toBe('ledger-db')
    expect(nextAlong('ArrowLeft', 'ledger-db', spots, edges)).toBe('payments')
    expect(nextAlong('ArrowDown', 'search', spots, edges)).toBe('cache')
    expect(nextAlong('ArrowUp', 'cache', spots, edges)).toBe('search')
    expect(nextAlong('ArrowRight', 'bank', spots, edges)).toBeUndefined()
  })
})
