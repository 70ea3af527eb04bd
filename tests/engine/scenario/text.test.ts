import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode } from '../../../engine/scenario/text/bytes.ts'
import { parseExpressions } from '../../../engine/scenario/text/expression.ts'
import { Lines } from '../../../engine/scenario/text/lines.ts'
import { treeOf } from '../../../engine/scenario/text/tree.ts'
import { covers, parseEdge, parseInstance } from '../../../engine/scenario/text/selector.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** What the platform makes of bytes; undefined where they are no UTF-8. */
function platform(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

describe('bytes', () => {
  it('are text exactly when they are UTF-8', () => {
    const tricky = fc.constantFrom(
      0x61,
      0x80,
      0xbf,
      0xc0,
      0xc2,
      0xe0,
      0xed,
      0xa0,
      0xef,
      0xf0,
      0x90,
      0xf4,
      0xf5,
      0xff,
    )
    const bytes = fc
      .array(tricky, { maxLength: 12 })
      .map((all) => Uint8Array.from([0x61, 0x62, ...all]))
    const property = fc.property(bytes, (one) => {
      const decoded = decode(one)
      const text = platform(one)
      if (text === undefined)
        expect(decoded).toMatchObject({ ok: false, finding: { code: 'E_ENCODING' } })
      else expect(decoded).toEqual({ ok: true, text })
    })
    fc.assert(property, { numRuns: 500 })
  })

  it('are read as they were written where a character takes a byte more, and beyond what is read at a time', () => {
    const edges = [0x80, 0x800, 0xd800, 0xe000, 0x10000, 0x10ffff]
    const points = edges.flatMap((edge) => [edge - 1, edge, edge + 1])
    const written = points.filter(
      (point) => point < 0x110000 && !(point >= 0xd800 && point < 0xe000),
    )
    const text = `.${written.map((point) => `a${String.fromCodePoint(point)}b`).join('')}`
      .repeat(300)
      .replaceAll('\u007f', '')
    expect(text.length).toBeGreaterThan(3 * 4096)
    expect(decode(encoder.encode(text))).toEqual({ ok: true, text })
  })

  it('say at which byte they stop being UTF-8', () => {
    const decoded = decode(Uint8Array.from([0x61, 0xc3, 0xa9, 0xff]))
    expect(decoded.ok ? '' : decoded.finding.says).toBe('The file is not valid UTF-8 at byte 3.')
    const text = decode('é\ud800')
    expect(text.ok ? '' : text.finding.says).toBe('The file is not valid UTF-8 at byte 2.')
  })

  it.each([
    ['UTF-16 with its mark', [0xff, 0xfe, 0x61, 0x00]],
    ['UTF-16, big end first', [0xfe, 0xff, 0x00, 0x61]],
    ['UTF-16 without a mark', [0x61, 0x00, 0x3a, 0x00]],
  ])('in %s are told to be so', (_, bytes) => {
    const decoded = decode(Uint8Array.from(bytes))
    expect(decoded.ok ? '' : decoded.finding.says).toContain('UTF-16')
  })

  it('hold no control characters', () => {
    expect(decode('a: 1\n\u001b[31m').ok).toBe(false)
    expect(decode('a: 1\rb: 2').ok).toBe(false)
    expect(decode('\uFEFFa:\r\n\t- 1\r\n')).toEqual({ ok: true, text: 'a:\n\t- 1\n' })
  })
})

describe('lines', () => {
  it.each([
    [0, 1, 1],
    [2, 1, 3],
    [3, 2, 1],
    [4, 3, 1],
    [6, 3, 3],
  ])('offset %d is line %d, column %d', (offset, line, column) => {
    expect(new Lines('ab\n\ncd').placeOf(offset)).toEqual({ line, column })
  })
})

describe('selectors', () => {
  it.each([
    ['a -> b', { from: 'a', to: 'b', toShift: 5 }],
    ['a->b', { from: 'a', to: 'b', toShift: 3 }],
    ['* -> *', { from: '*', to: '*', toShift: 5 }],
    ['a', undefined],
    ['a ->', undefined],
    ['a -> b -> c', undefined],
  ])('%j is an edge, or not', (text, edge) => {
    expect(parseEdge(text)).toEqual(edge)
  })

  it.each([
    ['db', { service: 'db', instance: undefined }],
    ['db#0', { service: 'db', instance: 0 }],
    ['db#12', { service: 'db', instance: 12 }],
    ['db#', undefined],
    ['db#01', undefined],
    ['db#-1', undefined],
  ])('%j is an instance, or not', (text, instance) => {
    expect(parseInstance(text)).toEqual(instance)
  })

  it.each([
    ['* -> *', 'a -> b', true],
    ['a -> *', 'a -> b', true],
    ['a -> *', '* -> b', false],
    ['a -> b', 'a -> b', true],
    ['*', 'a', true],
    ['a', 'b', false],
    ['*', 'a -> b', false],
  ])('%j covers %j: %s', (wide, narrow, does) => {
    expect(covers(wide, narrow)).toBe(does)
  })
})

describe('expressions', () => {
  it('are words with words in brackets', () => {
    expect(parseExpressions(' a  b( c d(e) ) ')).toEqual([
      { word: 'a', args: undefined },
      {
        word: 'b',
        args: [
          { word: 'c', args: undefined },
          { word: 'd', args: [{ word: 'e', args: undefined }] },
        ],
      },
    ])
  })

  it.each(['a(b', 'a b)', '(a)', 'a(b, c)', 'a(b(c(d(e(f)))))'])('%j is none', (text) => {
    expect(typeof parseExpressions(text)).toBe('string')
  })
})

describe('plain data as a tree', () => {
  /** A value within so many lists or maps. */
  const nested = (depth: number, wrap: (value: unknown) => unknown): unknown =>
    depth === 0 ? 'core' : wrap(nested(depth - 1, wrap))
  const [list, map] = [(value: unknown) => [value], (value: unknown) => ({ value })]

  it.each([
    [33, list, true],
    [34, list, false],
    [33, map, true],
    [34, map, false],
  ])('within %d levels is kept down to the core: %s %s', (depth, wrap, isKept) => {
    const text = JSON.stringify(treeOf(nested(depth, wrap)), (_, value: unknown) =>
      value instanceof Map ? [...(value as Map<string, unknown>)] : value,
    )
    expect(text.includes('core')).toBe(isKept)
  })
})
