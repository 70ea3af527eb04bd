import { describe, expect, it } from 'vitest'
import { captionLines, fileName } from '../../ui/export/names.ts'
import { presentation, referencesIn, withoutPage } from '../../ui/export/styles.ts'
import { cellText } from '../../ui/export/table-dialog.ts'
import { csvOf } from '../../ui/facts/table.ts'
import { runOf } from './run-of.ts'

const TEXT = `
schema: 1
title: small
duration: 1s
seed: 7
services: { db: { work: exponential(5ms) } }
load: { users: { to: db, arrivals: poisson(40/s) } }
compare: { A: { title: Without a limit }, B: { title: With one } }
`
const A = runOf(TEXT, { variant: 'A', name: 'small shop/2' })
const B = runOf(TEXT, { variant: 'B', name: 'small shop/2' })
const difference = { patterns: [], values: [] }
const runs = { revision: 1, opened: undefined, difference, A, B }

describe('an exported file', () => {
  it('says in its name of what it is, and has no signs that a disk would not take', () => {
    const name = (id: string): string => fileName({ id, title: '' }, runs, 'csv')
    expect(name('requests-a')).toBe('small_shop_2-seed7-requests-A.csv')
    expect(name('circuits')).toBe('small_shop_2-seed7-circuits.csv')
  })

  it('says below the picture how to make it again, with the digests of what it shows', () => {
    const of = (id: string): string => captionLines({ id, title: '' }, runs, 62e7).join('\n')
    expect(of('requests-b')).toMatch(/seed 7 · t = 0\.6.s · Faultline \d/)
    expect(of('requests-b')).toContain(`B: With one · digest ${B.result!.digest}`)
    expect(of('requests-b')).not.toContain('Without a limit')
    expect(of('queue')).toContain(A.result!.digest)
    expect(of('queue')).toContain(B.result!.digest)
  })

  it('does not give a digest to a run that is not over', () => {
    const half = runOf(TEXT, { variant: 'A' })
    half.filled = 3
    half.now = 3e8
    const [, line] = captionLines({ id: 'x-a', title: '' }, { ...runs, A: half }, 0)
    expect(line).toMatch(/^A.* · digest none yet, computed to 0\.3.s$/)
  })
})

describe('a CSV', () => {
  it('quotes what needs it and stops formulas', () => {
    const rows = [
      ['a, "b"', 1.5],
      ['=SUM(A1)', undefined],
    ] as const
    expect(csvOf({ caption: '', columns: ['name', 'x (ms)'], rows })).toBe(
      'name,x (ms)\r\n"a, ""b""",1.5\r\n\'=SUM(A1),\r\n',
    )
  })
})

describe('a table for eyes', () => {
  it('shows four digits and no less than whole numbers', () => {
    expect([1 / 3, 36_097, 0.000123456, undefined, 'ok'].map(cellText)).toEqual([
      '0.3333',
      '36097',
      '0.0001235',
      '–',
      'ok',
    ])
  })
})

describe('looks as attributes', () => {
  const read = (values: Record<string, string>) => (name: string) => values[name] ?? ''

  it('are those that differ from the parent, and what an element has for itself', () => {
    const parent = read({ fill: 'rgb(1, 2, 3)', 'font-size': '11px' })
    const own = read({ fill: 'rgb(1, 2, 3)', 'font-size': '12px', opacity: '0.5', mask: 'none' })
    expect(presentation(own, parent)).toEqual([
      ['font-size', '12px'],
      ['opacity', '0.5'],
    ])
    expect(presentation(own, undefined)).toContainEqual(['fill', 'rgb(1, 2, 3)'])
  })

  it('refer to patterns of the file, not of the page', () => {
    expect(withoutPage('url("https://x.org/a?b#hatch-fail")')).toBe('url(#hatch-fail)')
    expect(withoutPage("url('#hatch-fail') none")).toBe('url(#hatch-fail) none')
    expect(referencesIn(['url(#hatch-fail)', '#sign', '#ff0000 no', 'url(#hatch-fail)'])).toEqual([
      'hatch-fail',
      'sign',
    ])
  })
})
