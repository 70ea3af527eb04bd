/**
 * Copies of the state of a simulation. State is plain data: primitives, arrays, plain objects,
 * typed arrays and their buffers, maps, sets, and instances of classes without private names (#)
 * and accessors of their own. No function recurses, so that long chains are no danger.
 */

type Composite = object
type Fields = Record<string, unknown>

/**
 * Copies a value in depth. Instances keep their class; references to one object remain references
 * to one object within the copy.
 *
 * @throws TypeError when the value contains a function; the message names the path to it
 */
export function copyOf<T>(value: T): T {
  return new Copier(value).copy(value) as T
}

/**
 * Brings live state back to a saved one, in place: an object, array, map, set or typed array
 * remains the same object where the saved one in its position is of the same class (typed arrays
 * also: of the same length), so that references to it from elsewhere stay valid. What is new comes
 * in as a copy, what the saved state lacks is deleted; the saved state can be used again.
 */
export function restoreInto<T extends object>(live: T, saved: T): void {
  if (!isSameShape(live, saved)) throw new TypeError('the saved state is of another class')
  new Restorer(saved).restore(live, saved)
}

class Copier {
  /** The copy of every object met so far. */
  protected readonly copies = new Map<Composite, Composite>()
  /** Objects whose copies are still empty. */
  private readonly unfilled: Composite[] = []
  private readonly root: unknown

  constructor(root: unknown) {
    this.root = root
  }

  copy(value: unknown): unknown {
    const copied = this.copied(value)
    this.fillAll()
    return copied
  }

  /** The copy of a value; its content may follow later. */
  protected copied(value: unknown): unknown {
    if (typeof value === 'function')
      throw new TypeError(`state contains a function: ${pathTo(this.root, value)}`)
    if (typeof value !== 'object' || value === null) return value
    return this.copies.get(value) ?? this.begin(value)
  }

  protected fillAll(): void {
    for (let source = this.unfilled.pop(); source !== undefined; source = this.unfilled.pop()) {
      this.fill(this.copies.get(source)!, source)
    }
  }

  private begin(source: Composite): Composite {
    const shell = this.shellOf(source)
    this.copies.set(source, shell)
    if (!isBinary(source)) this.unfilled.push(source)
    return shell
  }

  private shellOf(source: Composite): Composite {
    if (source instanceof ArrayBuffer) return source.slice(0)
    if (ArrayBuffer.isView(source)) return this.viewOf(source)
    if (Array.isArray(source)) return []
    if (source instanceof Map) return new Map()
    if (source instanceof Set) return new Set()
    return Object.create(Object.getPrototypeOf(source)) as object
  }

  /** Views of one buffer remain views of one buffer. */
  private viewOf(source: ArrayBufferView): ArrayBufferView {
    const buffer = this.copied(source.buffer) as ArrayBuffer
    const length = (source as Uint8Array).length ?? source.byteLength
    const View = source.constructor as new (...args: unknown[]) => ArrayBufferView
    return new View(buffer, source.byteOffset, length)
  }

  private fill(target: Composite, source: Composite): void {
    if (source instanceof Map) {
      for (const [key, item] of source) {
        ;(target as Map<unknown, unknown>).set(this.copied(key), this.copied(item))
      }
    } else if (source instanceof Set) {
      for (const item of source) (target as Set<unknown>).add(this.copied(item))
    } else this.fillFields(target as Fields, source as Fields)
  }

  private fillFields(target: Fields, source: Fields): void {
    if (Array.isArray(source)) (target as unknown as unknown[]).length = source.length
    for (const key of Object.keys(source)) setField(target, key, this.copied(source[key]))
  }
}

class Restorer extends Copier {
  /** Live objects that have already been given a saved object's content. */
  private readonly claimed = new Set<Composite>()
  /** Pairs of a live object and the saved one whose content it is to have. */
  private readonly pairs: [Composite, Composite][] = []
  /** Those of maps and sets, which wait until objects that have a name have found each other. */
  private readonly collections: [Composite, Composite][] = []

  restore(live: Composite, saved: Composite): void {
    this.claim(live, saved)
    for (let pair = this.nextPair(); pair !== undefined; pair = this.nextPair()) {
      this.overwrite(pair[0], pair[1])
    }
    this.fillAll()
  }

  private nextPair(): [Composite, Composite] | undefined {
    return this.pairs.pop() ?? this.collections.pop()
  }

  /** What is to stand where `live` stands now: itself, if it can take the saved content. */
  private replacement(live: unknown, saved: unknown): unknown {
    if (typeof saved !== 'object' || saved === null) return this.copied(saved)
    const known = this.copies.get(saved)
    if (known !== undefined) return known
    if (!this.canTake(live, saved)) return this.copied(saved)
    this.claim(live as Composite, saved)
    return live
  }

  private canTake(live: unknown, saved: Composite): boolean {
    if (typeof live !== 'object' || live === null || Object.isFrozen(live)) return false
    return isSameShape(live, saved) && !this.claimed.has(live)
  }

  private claim(live: Composite, saved: Composite): void {
    this.claimed.add(live)
    this.copies.set(saved, live)
    const isCollection = saved instanceof Map || saved instanceof Set
    const waiting = isCollection ? this.collections : this.pairs
    waiting.push([live, saved])
  }

  private overwrite(live: Composite, saved: Composite): void {
    if (isBinary(saved)) bytesOf(live as ArrayBuffer).set(bytesOf(saved as ArrayBuffer))
    else if (saved instanceof Map) this.overwriteMap(live as Map<unknown, unknown>, saved)
    else if (saved instanceof Set) this.overwriteSet(live as Set<unknown>, saved)
    else this.overwriteFields(live as Fields, saved as Fields)
  }

  /** Entries are put in anew, because their order is state too. Keys correspond by position. */
  private overwriteMap(live: Map<unknown, unknown>, saved: Map<unknown, unknown>): void {
    const before = new Map(live)
    const keys = [...live.keys()]
    live.clear()
    for (const [key, item] of saved) {
      const liveKey = this.replacement(keys[live.size], key)
      live.set(liveKey, this.replacement(before.get(liveKey), item))
    }
  }

  private overwriteSet(live: Set<unknown>, saved: Set<unknown>): void {
    const items = [...live]
    live.clear()
    for (const item of saved) live.add(this.replacement(items[live.size], item))
  }

  private overwriteFields(live: Fields, saved: Fields): void {
    const before = { ...live }
    const keys = Object.keys(saved)
    if (Array.isArray(live)) live.length = (saved as unknown as unknown[]).length
    if (!haveSameOrder(Object.keys(live), keys))
      for (const key of Object.keys(live)) delete live[key]
    for (const key of keys) setField(live, key, this.replacement(before[key], saved[key]))
  }
}

/** Whether the keys are the same in the same order, which is state where it is looped over. */
function haveSameOrder(a: string[], b: string[]): boolean {
  return a.length === b.length && a.every((key, index) => key === b[index])
}

function isBinary(value: Composite): boolean {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value)
}

function bytesOf(value: ArrayBuffer | ArrayBufferView): Uint8Array {
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
}

/** Whether content of one can be written into the other. */
function isSameShape(live: object, saved: object): boolean {
  if (Object.getPrototypeOf(live) !== Object.getPrototypeOf(saved)) return false
  if (!isBinary(saved)) return true
  return (live as ArrayBuffer).byteLength === (saved as ArrayBuffer).byteLength
}

/** Assigns; a field named __proto__ is data like any other. */
function setField(target: Fields, key: string, value: unknown): void {
  if (key !== '__proto__') target[key] = value
  else
    Object.defineProperty(target, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    })
}

/** The path from a value to something in it, for the message of an error. */
function pathTo(root: unknown, sought: unknown): string {
  const seen = new Set<unknown>()
  const open: [unknown, string][] = [[root, 'state']]
  for (const [value, path] of open) {
    if (value === sought) return path
    if (typeof value !== 'object' || value === null || seen.has(value) || isBinary(value)) continue
    seen.add(value)
    for (const [key, item] of entriesOf(value)) open.push([item, `${path}.${key}`])
  }
  return 'state'
}

function entriesOf(value: object): [string, unknown][] {
  if (value instanceof Map)
    return [...value].flatMap(([key, item]) => [
      [`key(${String(key)})`, key],
      [String(key), item],
    ])
  if (value instanceof Set) return [...value].map((item, index) => [String(index), item])
  return Object.entries(value)
}
