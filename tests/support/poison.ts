/**
 * Poison for all tests in Node: what gives other answers on another machine throws when the engine calls it, by
 * whatever name and through whatever package. Tests and tools go on using it. Loaded before the engine is, so that
 * nothing can be put aside unpoisoned. (`**` is no call; the tidy rules see it.)
 */
import { fileURLToPath } from 'node:url'

const ENGINE = fileURLToPath(new URL('../../engine/', import.meta.url))
const TESTS = fileURLToPath(new URL('../', import.meta.url))
const OURS = [ENGINE, TESTS]
/** Calls that are looked back upon: enough to get through a package. */
const DEPTH = 16

/** A look back takes ten microseconds: all of the first calls of each function are looked at, then one in so many. */
const LOOKED_AT = 4096
const THEN_ONE_IN = 61

/** Everything that is poisoned: owners by name, and the names of their functions. */
const POISON: readonly (readonly [name: string, owner: object, names: readonly string[]])[] = [
  [
    'Math',
    Math,
    (
      'log log1p log2 log10 exp expm1 pow sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh ' +
      'cbrt hypot random'
    ).split(' '),
  ],
  ['Date', Date, ['now', 'parse']],
  ['performance', performance, ['now']],
  ['crypto', crypto, ['getRandomValues', 'randomUUID']],
  [
    'String.prototype',
    String.prototype,
    ['localeCompare', 'toLocaleLowerCase', 'toLocaleUpperCase'],
  ],
  ['Number.prototype', Number.prototype, ['toLocaleString']],
  [
    'globalThis',
    globalThis,
    ['Date', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch', 'WeakRef'],
  ],
]

for (const [name, owner, names] of POISON) for (const each of names) poison(name, owner, each)

function poison(ownerName: string, owner: object, name: string): void {
  const descriptor = describe(owner, name)
  const original: unknown = descriptor?.value
  if (typeof original !== 'function') return
  const word = ownerName === 'globalThis' ? name : `${ownerName}.${name}`
  let calls = 0
  const look = (): void => {
    calls++
    if (calls <= LOOKED_AT || calls % THEN_ONE_IN === 0) refuseTheEngine(word)
  }
  const value = new Proxy(original, {
    apply(target, self, args: unknown[]) {
      look()
      return Reflect.apply(target, self, args) as unknown
    },
    construct(target, args: unknown[], made) {
      look()
      return Reflect.construct(target, args, made) as object
    },
  })
  Object.defineProperty(owner, name, {
    configurable: true,
    writable: true,
    enumerable: false,
    value,
  })
}

/** `performance.now` is a method of the prototype. */
function describe(owner: object, name: string): PropertyDescriptor | undefined {
  for (let at: object | null = owner; at; at = Object.getPrototypeOf(at) as object | null) {
    const found = Object.getOwnPropertyDescriptor(at, name)
    if (found)
      return found.value === undefined ? { value: Reflect.get(owner, name) as unknown } : found
  }
  return undefined
}

function refuseTheEngine(word: string): void {
  // Whoever is nearest and ours; packages in between are on behalf of it.
  const nearest = callers().find((site) => OURS.some((room) => fileOf(site).includes(room)))
  if (nearest && fileOf(nearest).includes(ENGINE))
    throw new Error(`${word} was called by the engine: ${placeOf(nearest)}`)
}

/** As they are: to bring them back to the lines of the source would take a hundred times as long. */
function callers(): readonly NodeJS.CallSite[] {
  const { stackTraceLimit, prepareStackTrace } = Error
  Error.stackTraceLimit = DEPTH
  Error.prepareStackTrace = (_, sites) => sites
  const sites = new Error().stack as unknown as readonly NodeJS.CallSite[]
  Error.stackTraceLimit = stackTraceLimit
  Error.prepareStackTrace = prepareStackTrace
  return sites.slice(4)
}

function placeOf(site: NodeJS.CallSite): string {
  return `${site.getFunctionName() ?? ''} ${fileOf(site)}:${site.getLineNumber() ?? ''}`
}

function fileOf(site: NodeJS.CallSite): string {
  return site.getFileName() ?? ''
}
