import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reproduction } from '../../ui/facts/reproduction.ts'
import { isPacked, LARGEST_TEXT, packText, PackError, unpackText } from '../../ui/pack.ts'
import { initialState, unchanged, type State, type View } from '../../ui/state.ts'
import { readLink, writeLink, writeProof } from '../../ui/url.ts'
import { retryStorm } from './run-of.ts'

const S = 1e9

function stateWith(view: Partial<View>, document: Partial<State['document']> = {}): State {
  const first = initialState({ ...unchanged('retry-storm', ''), ...document })
  return { ...first, view: { ...first.view, ...view } }
}

describe('a file in a link', () => {
  it('comes out as it went in, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 300 }), async (text) => {
        const packed = await packText(text)
        expect(packed).toMatch(/^z\.[\w-]*$/)
        expect(await unpackText(packed)).toBe(text)
      }),
      { numRuns: 50 },
    )
  })

  it('is much shorter than the file', async () => {
    const packed = await packText(retryStorm)
    expect(packed.length).toBeLessThan(retryStorm.length * 0.75)
    expect(packed.length).toBeLessThan(3000)
  })

  it('goes as it is where nothing can be packed', async () => {
    const { CompressionStream: kept } = globalThis
    Reflect.deleteProperty(globalThis, 'CompressionStream')
    try {
      const packed = await packText('schema: 1 # ÷')
      expect(packed).toMatch(/^p\./)
      expect(await unpackText(packed)).toBe('schema: 1 # ÷')
    } finally {
      globalThis.CompressionStream = kept
    }
  })

  it.each([
    ['what is not base64', 'z.$$$'],
    ['what is cut off', 'z.VYy9CsIwFEZ'],
    ['what was changed', 'z.AAAAAAAAAAAA'],
    ['nothing', 'z.'],
    ['what is no text', `p.00000000${Buffer.from([0xff, 0xfe, 0x80]).toString('base64url')}`],
  ])('is refused in words when it is %s', async (_, packed) => {
    await expect(unpackText(packed)).rejects.toThrow(PackError)
  })

  it('is refused when a single character of it was changed, or is missing', async () => {
    const { CompressionStream: kept } = globalThis
    const zipped = await packText('schema: 1 # a text')
    Reflect.deleteProperty(globalThis, 'CompressionStream')
    const plain = await packText('schema: 1 # a text')
    globalThis.CompressionStream = kept
    for (const packed of [zipped, plain]) {
      // The head of the zipped bytes holds a date and a system, which nobody reads.
      for (let at = packed === zipped ? 16 : 2; at < packed.length - 1; at++) {
        const other = packed[at] === 'A' ? 'B' : 'A'
        const changed = packed.slice(0, at) + other + packed.slice(at + 1)
        await expect(unpackText(changed), `${at}`).rejects.toThrow(PackError)
        await expect(unpackText(packed.slice(0, at))).rejects.toThrow(PackError)
      }
    }
  })

  it('is not unpacked beyond what anybody may send', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000)).toString('base64url')
    const before = performance.now()
    await expect(unpackText(`z.${bomb}`)).rejects.toThrow(`more than ${LARGEST_TEXT / 1e6} MB`)
    expect(performance.now() - before).toBeLessThan(5000)
  })

  it('is told from the name of a scenario', () => {
    expect(['z.abc', 'p.abc', 'retry-storm', 'zebra', undefined].map(isPacked)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })
})

describe('a link to a moment', () => {
  it('says everything that is looked at', () => {
    const state = stateWith({
      time: 36 * S,
      range: { from: 30 * S, until: 45.5 * S },
      span: { from: 20 * S, until: 60 * S },
      service: 'ledger-db',
      edge: 'checkout -> payments',
      request: 18533,
      isDifference: true,
    })
    const link = writeLink(state)
    expect(link).toContain('t=36&range=30..45.5&span=20..60&service=ledger-db')
    expect(link).toContain('r=18533&d=1')
    const { view } = state
    expect(readLink(`#${link}`)).toMatchObject({
      time: view.time,
      range: view.range,
      span: view.span,
      service: view.service,
      edge: view.edge,
      request: view.request,
      isDifference: true,
    })
  })

  it('carries a file and its name', () => {
    const link = readLink(writeLink(stateWith({}, { name: 'my shop' }), 'z.abc'))
    expect([link.scenario, link.name]).toEqual(['z.abc', 'my shop'])
  })

  it('says what its sender saw', () => {
    const proof = writeProof({ A: 'a1b2c3d4'.repeat(4), B: '0123456789'.repeat(3) }, '0.1.0')
    expect(proof).toBe('h=a1b2c3d401234567&v=0.1.0')
    expect(readLink(`s=x&${proof}`)).toMatchObject({ hash: 'a1b2c3d401234567', version: '0.1.0' })
  })

  it.each([
    'range=45..30',
    'range=1',
    'span=a..b',
    'range=-1..3',
    'r=1.5',
    'r=-1',
    'r=12345678901234567890',
    'h=xyz',
    'h=123',
  ])('leaves out what makes no sense: %s', (fragment) => {
    const { range, span, request, hash } = readLink(fragment)
    expect([range, span, request, hash]).toEqual([undefined, undefined, undefined, undefined])
  })
})

describe('reproducing', () => {
  const digests = { A: 'aaaaaaaa11', B: 'bbbbbbbb22' }

  it('is exact when both digests begin as the link says', () => {
    const found = reproduction({ hash: 'aaaaaaaabbbbbbbb', version: '0.0.9' }, digests, '0.1.0')
    expect(found).toEqual({ isExact: true, words: 'Reproduced exactly' })
  })

  it.each([
    ['aaaaaaaabbbbbbbc', '0.0.9', /^B differs.*made with engine 0\.0\.9; this is engine 0\.1\.0/],
    ['caaaaaaabbbbbbbb', '0.1.0', /^A differs.*the scenario has changed since/],
    ['caaaaaaabbbbbbbc', undefined, /^Both runs differ/],
  ])('never fails silently: %s of %s', (hash, version, words) => {
    const found = reproduction({ hash, version }, digests, '0.1.0')
    expect(found.isExact).toBe(false)
    expect(found.words).toMatch(words)
  })
})
