import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { copyOf, restoreInto, snapshotOf } from '../../../engine/core/snapshot.ts'

class Part {
  name: string
  next: Part | null = null
  readonly counts = new Int32Array(3)

  constructor(name: string) {
    this.name = name
  }

  hello(): string {
    return `I am ${this.name}`
  }
}

class Whole {
  parts: Part[] = [new Part('a'), new Part('b')]
  byName = new Map(this.parts.map((part) => [part.name, part]))
  favourite: Part = this.parts[1]!
  settings: { limit: number; extra?: string } = { limit: 5 }
  waiting = new Set<number>([3, 1, 2])
  readonly both = new Float64Array(4)
  readonly words = new Int32Array(this.both.buffer)
}

/** Plain data of all sorts, nested. */
const data = fc.letrec((tie) => ({
  leaf: fc.oneof(
    fc.integer(),
    fc.double(),
    fc.string(),
    fc.boolean(),
    fc.constantFrom(null, undefined, NaN, -0, Infinity, 5n),
    fc.float64Array({ maxLength: 4 }),
    fc.uint8Array({ maxLength: 4 }),
  ),
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc.array(tie('tree'), { maxLength: 5 }),
    fc.dictionary(fc.string({ maxLength: 3 }), tie('tree'), { maxKeys: 5, noNullPrototype: true }),
    fc.array(fc.tuple(fc.nat(9), tie('tree')), { maxLength: 4 }).map((items) => new Map(items)),
    fc.array(tie('leaf'), { maxLength: 4 }).map((items) => new Set(items)),
    fc.string().map((name) => new Part(name)),
  ),
})).tree

/** All keys in their order, which toEqual does not look at. */
function orderOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return null
  if (value instanceof Map) return [...value].map(([key, item]) => [key, orderOf(item)])
  if (value instanceof Set) return [...value].map(orderOf)
  return Object.entries(value).map(([key, item]) => [key, orderOf(item)])
}

describe('a copy', () => {
  it('equals the original and shares nothing with it', () => {
    const property = fc.property(data, (original) => {
      const copy = copyOf(original)
      expect(copy).toStrictEqual(original)
      expect(orderOf(copy)).toEqual(orderOf(original))
      expect(sharedObjects(copy, original)).toEqual([])
    })
    fc.assert(property, { seed: 4, numRuns: 300 })
  })

  it('keeps the classes, and what several places refer to remains one object', () => {
    const whole = new Whole()
    whole.parts[0]!.next = whole.parts[1]!
    whole.parts[1]!.next = whole.parts[0]!
    const copy = copyOf(whole)
    expect(copy).toBeInstanceOf(Whole)
    expect(copy.parts[0]!.hello()).toBe('I am a')
    expect(copy.favourite).toBe(copy.parts[1])
    expect(copy.byName.get('a')).toBe(copy.parts[0])
    expect(copy.parts[1]!.next!.next).toBe(copy.parts[1])
    copy.both[0] = 1
    expect(copy.words[1]).not.toBe(0)
    expect(whole.words[1]).toBe(0)
  })

  it('of a view of a part of a buffer is one too', () => {
    const view = new Uint8Array(8).fill(7).subarray(2, 5)
    const copy = copyOf({ view, all: view.buffer, seen: new DataView(view.buffer, 1, 3) })
    expect([copy.view.byteOffset, copy.view.length]).toEqual([2, 3])
    expect(copy.all).toBe(copy.view.buffer)
    copy.view[0] = 9
    expect(copy.seen.getUint8(1)).toBe(9)
    expect(view[0]).toBe(7)
  })

  it('reaches along a chain of a hundred thousand objects', () => {
    const first = new Part('first')
    let last = first
    for (let index = 0; index < 100_000; index++) last = last.next = new Part('next')
    const saved = copyOf(first)
    let length = 0
    for (let part: Part | null = saved; part !== null; part = part.next) length++
    expect(length).toBe(100_001)
    last.name = 'changed'
    restoreInto(first, saved)
    expect(last.name).toBe('next')
  })

  it('of a function is an error that says where it is', () => {
    const state = { list: [1, { deep: new Map([['key', { call: () => 1 }]]) }] }
    expect(() => copyOf(state)).toThrow('state contains a function: state.list.1.deep.key.call')
    expect(() => copyOf(() => 1)).toThrow(TypeError)
  })

  it('takes a key named __proto__ for data', () => {
    const original = JSON.parse('{"__proto__": {"polluted": true}, "a": 1}') as { a: number }
    const copy = copyOf(original)
    expect(Object.keys(copy)).toEqual(['__proto__', 'a'])
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
    const live = { a: 2 }
    restoreInto(live, copy)
    expect(Object.keys(live)).toEqual(['__proto__', 'a'])
    expect('polluted' in live).toBe(false)
  })
})

describe('a restored object', () => {
  it('equals the saved one, whatever it was before, and shares nothing with it', () => {
    const property = fc.property(data, data, (state, other) => {
      const live = { state: copyOf(other) }
      const saved = { state: copyOf(state) }
      restoreInto(live, saved)
      expect(live).toStrictEqual(saved)
      expect(orderOf(live)).toEqual(orderOf(saved))
      expect(sharedObjects(live, saved)).toEqual([])
      expect(saved.state).toStrictEqual(state)
      const snapshot = snapshotOf(live)
      live.state = copyOf(other)
      restoreInto(live, snapshot)
      expect(live).toStrictEqual(saved)
    })
    fc.assert(property, { seed: 5, numRuns: 400 })
  })

  it.each([
    ['a copy', copyOf],
    ['a snapshot', snapshotOf],
  ])('keeps, with %s, every object that is still of its kind', (_, save) => {
    const live = new Whole()
    const { parts, byName, favourite, settings, waiting, both, words } = live
    const [first] = parts
    const saved = save(live)
    live.favourite = parts[0]!
    live.parts.push(new Part('c'))
    live.byName.set('c', live.parts[2]!)
    favourite.name = 'changed'
    favourite.counts[1] = 9
    settings.limit = 6
    settings.extra = 'more'
    waiting.delete(3)
    both[2] = 7
    restoreInto(live, saved)
    expect(live).toStrictEqual(saved)
    expect(live.parts).toBe(parts)
    expect(live.parts[0]).toBe(first)
    expect(live.parts[1]).toBe(favourite)
    expect(live.favourite).toBe(favourite)
    expect(live.byName).toBe(byName)
    expect(live.byName.get('b')).toBe(favourite)
    expect(live.settings).toBe(settings)
    expect(Object.keys(settings)).toEqual(['limit'])
    expect([...live.waiting]).toEqual([3, 1, 2])
    expect(live.waiting).toBe(waiting)
    expect([live.both, live.words]).toEqual([both, words])
    expect(live.both).toBe(both)
  })

  it('has the same identities in another world of the same build', () => {
    const world = new Whole()
    world.favourite = world.parts[0]!
    world.parts[1]!.name = 'changed'
    const saved = copyOf(world)
    const other = new Whole()
    const { parts, byName, words } = other
    const [first, second] = parts
    restoreInto(other, saved)
    expect(other).toStrictEqual(world)
    expect([other.parts, other.byName, other.words]).toEqual([parts, byName, words])
    expect(other.parts[0]).toBe(first)
    expect(other.parts[1]).toBe(second)
    expect(other.favourite).toBe(first)
    expect(other.byName.get('b')).toBe(second)
    expect(sharedObjects(other, world)).toEqual([])
  })

  it('is the same object even if the live state had lost sight of it', () => {
    const live = { leader: new Part('a'), followers: [new Part('b'), new Part('c')] }
    const { leader } = live
    const [b, c] = live.followers
    const saved = snapshotOf(live)
    expect(saved).toStrictEqual(live)
    live.leader = live.followers.pop()!
    live.followers.reverse()
    live.leader.name = 'promoted'
    restoreInto(live, saved)
    expect(live.leader).toBe(leader)
    expect(live.followers[0]).toBe(b)
    expect(live.followers[1]).toBe(c)
    expect(c!.name).toBe('c')
  })

  it('keeps the objects that are keys of a map or items of a set', () => {
    const keys = [new Part('a'), new Part('b')]
    const live = { load: new Map(keys.map((key) => [key, 1])), idle: new Set(keys), keys }
    const saved = copyOf(live)
    live.load.delete(keys[0]!)
    live.load.set(keys[1]!, 7)
    live.idle.clear()
    restoreInto(live, saved)
    expect([...live.load]).toEqual([
      [keys[0], 1],
      [keys[1], 1],
    ])
    expect([...live.load.keys()].map((key) => keys.indexOf(key))).toEqual([0, 1])
    expect([...live.idle].map((key) => keys.indexOf(key))).toEqual([0, 1])
  })

  it('becomes two objects again where one had come to stand for both', () => {
    const live = { a: { n: 1 }, b: { n: 2 } }
    const saved = copyOf(live)
    live.b = live.a
    restoreInto(live, saved)
    expect(live).toEqual({ a: { n: 1 }, b: { n: 2 } })
    const one = { a: live.a, b: live.a }
    restoreInto(live, copyOf(one))
    expect(live.a).toBe(live.b)
  })

  it('gets arrays of another length as new ones, with their views', () => {
    const small = new Float64Array(2)
    const live = { numbers: small, bytes: new Uint8Array(small.buffer) }
    const saved = copyOf(live)
    const large = new Float64Array(8).fill(3)
    live.numbers = large
    live.bytes = new Uint8Array(large.buffer)
    restoreInto(live, saved)
    expect(live.numbers).toHaveLength(2)
    live.numbers[0] = 1
    expect(live.bytes[7]).not.toBe(0)
    expect(saved.numbers[0]).toBe(0)
  })

  it.each([
    ['a copy', copyOf],
    ['a snapshot', snapshotOf],
  ])('may be restored from %s again and again', (_, save) => {
    const live = new Whole()
    const saved = save(live)
    for (let round = 0; round < 3; round++) {
      live.parts.pop()
      live.settings = { limit: round }
      live.both.fill(round)
      restoreInto(live, saved)
      expect(live).toStrictEqual(saved)
      expect(live.favourite).toBe(live.parts[1])
    }
  })

  it('must be of the same class as the saved one', () => {
    expect(() => restoreInto(new Part('a') as object, new Whole())).toThrow(TypeError)
    expect(() => restoreInto(new Int8Array(2), new Int8Array(3))).toThrow(TypeError)
  })

  it('leaves a frozen object alone and takes a copy in its place', () => {
    const frozen = Object.freeze({ n: 1 })
    const live: { inner: { n: number } } = { inner: frozen }
    restoreInto(live, { inner: { n: 2 } })
    expect([live.inner.n, frozen.n]).toEqual([2, 1])
  })
})

/** Objects that occur within both values. */
function sharedObjects(a: unknown, b: unknown): object[] {
  const inB = objectsIn(b)
  return [...objectsIn(a)].filter((object) => inB.has(object))
}

function objectsIn(value: unknown, found = new Set<object>()): Set<object> {
  if (typeof value !== 'object' || value === null || found.has(value)) return found
  found.add(value)
  if (ArrayBuffer.isView(value)) found.add(value.buffer)
  else if (value instanceof Map)
    for (const entry of value) entry.forEach((item) => objectsIn(item, found))
  else if (value instanceof Set) for (const item of value) objectsIn(item, found)
  else for (const item of Object.values(value)) objectsIn(item, found)
  return found
}
