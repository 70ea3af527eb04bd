/** The poison bites: what it kills is shown here; that the engine lives with it, all tests of the engine show. */
import { Script } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { root } from '../../support/source.ts'

/** Runs code as though it stood in a file. */
function standingIn(path: string, code: string): unknown {
  return new Script(`(${code})`, { filename: `${root}${path}` }).runInThisContext() as unknown
}

const BAD = [
  'Math.log(2)',
  'Math["exp"](2)',
  '(({ pow }) => pow(2, 3))(Math)',
  '[1, 2].map(Math.sin)',
  'Math.random()',
  'Date.now()',
  'new Date()',
  'performance.now()',
  'crypto.getRandomValues(new Uint8Array(1))',
  'setTimeout(() => {}, 0)',
  'queueMicrotask(() => {})',
  'new WeakRef({})',
  '"a".localeCompare("b")',
  '(1234.5).toLocaleString()',
]

describe('poison', () => {
  it.each(BAD)('kills the engine when it calls %s', (code) => {
    const call = standingIn('engine/core/fake.ts', `() => ${code}`) as () => unknown
    expect(call).toThrow(/was called by the engine: .*engine\/core\/fake\.ts/)
  })

  it.each(BAD)('lets others call %s', (code) => {
    const call = standingIn('tests/engine/fake.test.ts', `() => ${code}`) as () => unknown
    expect(call).not.toThrow()
  })

  it('kills a package that does it for the engine', () => {
    const draw = standingIn('node_modules/d3-random/a.js', '(u) => -Math.log1p(-u)')
    Object.assign(globalThis, { draw })
    const call = standingIn('engine/core/fake.ts', '() => globalThis.draw(0.5)') as () => unknown
    expect(call).toThrow('Math.log1p was called by the engine')
    expect((draw as (u: number) => number)(0.5)).toBeCloseTo(0.693)
  })

  it('leaves alone what is the same everywhere', () => {
    const call = standingIn(
      'engine/core/fake.ts',
      '() => Math.sqrt(Math.abs(-4)) + Math.floor(1.5)',
    )
    expect((call as () => number)()).toBe(3)
  })
})
