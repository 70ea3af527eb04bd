/**
 * Copies of the state of a simulation. State is plain data: primitives, arrays, plain objects,
 * typed arrays and their buffers, maps, sets, and instances of classes without private names (#)
 * and accessors of their own. No function recurses, so that long chains are no danger.
 */

type Composite = object
type Fields = Record<string, unknown>

/**
 * Marks the classes a world is built of (its calls, its instances): a copy of state refers to the same one, because
 * the world brings those back by themselves.
 */
export const BY_REFERENCE = Symbol('by reference')

/**
 * Copies a value in depth. Instances keep their class; references to one object remain references
 * to one object within the copy.
 *
 * @throws TypeError when the value contains a function; the message names the path to it
 */
export function copyOf<T>(value: T): T {
  if (!isComposite(value)) return new Copier(value).copy(value) as T
  return (flatCopyOf(value) ?? new Copier(value).copy(value)) as T
}

/**
 * Copies a state to which `restoreInto` may have to go back: a copy that knows what each of its
 * objects was copied from, and keeps that in memory.
 *
 * @throws TypeError as `copyOf` does
 */
export function snapshotOf<T extends object>(state: T): T {
  const copier = new Copier(state)
  const snapshot = copier.copy(state) as T
  histories.set(snapshot, copier.copies)
  return snapshot
}

/**
 * Brings live state back to a saved one, in place, so that references to its objects from elsewhere
 * stay valid: saved content goes into the object it was copied from, if `saved` is the `snapshotOf`
 * this very `live`, or else into the object in the same position. Only where that is of another class
 * (or a typed array of another length) a copy comes in. What the saved state lacks is deleted.
 * The saved state stays as it is and can be used again.
 *
 * @throws TypeError when the two are not of one class
 */
export function restoreInto<T extends object>(live: T, saved: T): void {
  if (!isSameShape(live, saved)) throw new TypeError('the saved state is of another class')
  new Restorer(live, saved).restore(live, saved)
}

/**
 * For each snapshot, the copies in it by what they were copied from. A pure memory, which lasts no
 * longer than the snapshot.
 */
const histories = new WeakMap<Composite, Map<Composite, Composite>>()

/** The quick way for what is copied most: an object or array of nothing but primitive values. */
function flatCopyOf(source: Composite): Composite | undefined {
  const isArray = Array.isArray(source)
  if (!isArray && Object.getPrototypeOf(source) !== Object.prototype) return undefined
  for (const key in source) {
    const value = (source as Fields)[key]
    if (typeof value === 'function' || isComposite(value) || key === '__proto__') return undefined
  }
  return isArray ? source.slice() : { ...source }
}

class Copier {
  /** The copy of every object met so far. */
  readonly copies = new Map<Composite, Composite>()
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
    if (!isComposite(value)) return value
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
    } else if (Array.isArray(source)) this.fillArray(target as unknown[], source)
    else this.fillFields(target as Fields, source as Fields)
  }

  private fillFields(target: Fields, source: Fields): void {
    for (const key of Object.keys(source)) setField(target, key, this.copied(source[key]))
  }

  private fillArray(target: unknown[], source: unknown[]): void {
    target.length = source.length
    for (let index = 0; index < source.length; index++) {
      if (index in source) target[index] = this.copied(source[index])
    }
  }
}

class Restorer extends Copier {
  /** What each saved object was copied from; unless that was in another state than the live one. */
  private readonly origins: Map<Composite, Composite> | undefined
  /** Live objects that have already been given a saved object's content. */
  private readonly claimed = new Set<Composite>()
  /** What is to be done next, the last first: the content of an object before what follows it. */
  private readonly tasks: (() => void)[] = []
  /** What is to be done last: objects that have a name shall have found each other before keys do. */
  private readonly lastTasks: (() => void)[] = []

  constructor(live: Composite, saved: Composite) {
    super(saved)
    const history = histories.get(saved)
    if (history?.get(live) === saved) this.origins = inverseOf(history)
  }

  restore(live: Composite, saved: Composite): void {
    this.claim(live, saved)
    for (let task = this.nextTask(); task !== undefined; task = this.nextTask()) task()
    this.fillAll()
  }

  private nextTask(): (() => void) | undefined {
    return this.tasks.pop() ?? this.lastTasks.pop()
  }

  /** What is to stand where `live` stood: that itself, if it can take the saved content. */
  private replacement(live: unknown, saved: unknown): unknown {
    if (!isComposite(saved)) return this.copied(saved)
    const known = this.copies.get(saved)
    if (known !== undefined) return known
    const target = this.origins === undefined ? live : this.origins.get(saved)
    if (!isComposite(target) || !this.canTake(target, saved)) return this.copied(saved)
    this.claim(target, saved)
    return target
  }

  private canTake(target: Composite, saved: Composite): boolean {
    return isSameShape(target, saved) && !Object.isFrozen(target) && !this.claimed.has(target)
  }

  private claim(target: Composite, saved: Composite): void {
    this.claimed.add(target)
    this.copies.set(saved, target)
    const tasks = hasCompositeKeys(saved) ? this.lastTasks : this.tasks
    tasks.push(() => this.overwrite(target, saved))
  }

  private overwrite(live: Composite, saved: Composite): void {
    const first = this.tasks.length
    if (isBinary(saved)) bytesOf(live as ArrayBuffer).set(bytesOf(saved as ArrayBuffer))
    else if (saved instanceof Map) this.overwriteMap(live as Map<unknown, unknown>, saved)
    else if (saved instanceof Set) this.overwriteSet(live as Set<unknown>, saved)
    else if (Array.isArray(saved)) this.overwriteArray(live as unknown[], saved)
    else this.overwriteFields(live as Fields, saved as Fields)
    reverseFrom(this.tasks, first)
  }

  /** Entries are put in anew, because their order is state too. Keys correspond by position. */
  private overwriteMap(live: Map<unknown, unknown>, saved: Map<unknown, unknown>): void {
    const before = new Map(live)
    const keys = [...live.keys()]
    live.clear()
    for (const [key, item] of saved) {
      this.tasks.push(() => {
        const liveKey = this.replacement(keys[live.size], key)
        live.set(liveKey, this.replacement(before.get(liveKey), item))
      })
    }
  }

  private overwriteSet(live: Set<unknown>, saved: Set<unknown>): void {
    const items = [...live]
    live.clear()
    for (const item of saved) {
      this.tasks.push(() => live.add(this.replacement(items[live.size], item)))
    }
  }

  private overwriteArray(live: unknown[], saved: unknown[]): void {
    const before = [...live]
    live.length = 0
    live.length = saved.length
    saved.forEach((item, index) => {
      if (!isComposite(item)) live[index] = this.copied(item)
      else this.tasks.push(() => (live[index] = this.replacement(before[index], item)))
    })
  }

  private overwriteFields(live: Fields, saved: Fields): void {
    const keys = Object.keys(saved)
    const before = { ...live }
    if (!haveSameOrder(Object.keys(live), keys)) {
      for (const key of Object.keys(live)) delete live[key]
    }
    for (const key of keys) {
      const item = saved[key]
      const old = Object.hasOwn(before, key) ? before[key] : undefined
      // Set at once, even if it is to be replaced: the order of the keys is state too.
      setField(live, key, isComposite(item) ? old : this.copied(item))
      if (!isComposite(item)) continue
      this.tasks.push(() => setField(live, key, this.replacement(old, item)))
    }
  }
}

function inverseOf(map: Map<Composite, Composite>): Map<Composite, Composite> {
  const inverse = new Map<Composite, Composite>()
  for (const [key, value] of map) inverse.set(value, key)
  return inverse
}

/** Whether a value is copied, rather than being the same everywhere. */
function isComposite(value: unknown): value is Composite {
  return typeof value === 'object' && value !== null && !(BY_REFERENCE in value)
}

/** Whether it is a map with objects for keys, or a set of objects. */
function hasCompositeKeys(value: Composite): boolean {
  if (!(value instanceof Map || value instanceof Set)) return false
  for (const key of value.keys()) if (isComposite(key)) return true
  return false
}

/** Reverses the end of a list, so that its items are popped in the order they were pushed. */
function reverseFrom(tasks: (() => void)[], first: number): void {
  const end = tasks.splice(first)
  for (let task = end.pop(); task !== undefined; task = end.pop()) tasks.push(task)
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
