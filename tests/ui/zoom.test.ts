/** Zoom, pan, picked stretches, moved faults and row heights, as arithmetic. */
import { describe, expect, it } from 'vitest'
import { shifted } from '../../ui/draw/splitter.ts'
import {
  around,
  fitted,
  isWhole,
  movedFault,
  panned,
  revealing,
  stretched,
  stretchOf,
  wholeOf,
  zoomed,
} from '../../ui/facts/zoom.ts'

const S = 1e9
/** Two minutes in half seconds: the closest look is ten seconds. */
const RUN = { duration: 120 * S, bucket: 0.5 * S }
const WHOLE = wholeOf(RUN)
const span = (from: number, until: number) => ({ from: from * S, until: until * S })

describe('zoom', () => {
  it('keeps the moment under the pointer where it is', () => {
    const near = zoomed(RUN, WHOLE, 2, 30 * S)!
    expect(near).toEqual(span(15, 75))
    const nearer = zoomed(RUN, near, 3, 45 * S)!
    expect((45 * S - nearer.from) / (nearer.until - nearer.from)).toBeCloseTo(0.5, 12)
    expect(nearer.until - nearer.from).toBe(20 * S)
  })

  it('comes no nearer than twenty buckets and goes no further back than the run', () => {
    const close = zoomed(RUN, span(40, 52), 100, 46 * S)!
    expect(close.until - close.from).toBe(10 * S)
    expect(zoomed(RUN, close, 1e-3, 46 * S)).toBeUndefined()
    expect(zoomed(RUN, span(0, 20), 0.5, 0)).toEqual(span(0, 40))
  })

  it('pans within the run', () => {
    expect(panned(RUN, span(10, 40), 20 * S)).toEqual(span(30, 60))
    expect(panned(RUN, span(10, 40), -20 * S)).toEqual(span(0, 30))
    expect(panned(RUN, span(10, 40), 500 * S)).toEqual(span(90, 120))
    expect(panned(RUN, WHOLE, 5 * S)).toBeUndefined()
  })

  it('fits a picked stretch with room beside it, and the whole run the second time', () => {
    const wanted = around(RUN, span(30, 50))!
    expect(wanted).toEqual(span(29, 51))
    expect(fitted(RUN, WHOLE, span(30, 50))).toEqual(wanted)
    expect(fitted(RUN, wanted, span(30, 50))).toBeUndefined()
    expect(fitted(RUN, span(1, 90), undefined)).toBeUndefined()
  })

  it('brings a moment into sight only when it is out of it', () => {
    expect(revealing(RUN, span(20, 40), 30 * S)).toEqual(span(20, 40))
    expect(revealing(RUN, span(20, 40), 60 * S)).toEqual(span(42, 62))
    expect(revealing(RUN, span(20, 40), 10 * S)).toEqual(span(8, 28))
    expect(isWhole(RUN, WHOLE)).toBe(true)
  })
})

describe('a stretch', () => {
  it('is whole buckets, in either order, at least one', () => {
    expect(stretchOf(RUN, 10.2 * S, 20.2 * S)).toEqual(span(10, 20.5))
    expect(stretchOf(RUN, 20.2 * S, 10.2 * S)).toEqual(span(10, 20.5))
    expect(stretchOf(RUN, 10 * S, 10 * S)).toEqual(span(10, 10.5))
    expect(stretchOf(RUN, 500 * S, 119.9 * S)).toEqual(span(119.5, 120))
    expect(stretchOf(RUN, -5 * S, 1 * S)).toEqual(span(0, 1))
  })

  it('is moved at either end and never turns inside out', () => {
    expect(stretched(RUN, span(10, 20), 'from', -4)).toEqual(span(8, 20))
    expect(stretched(RUN, span(10, 20), 'from', 1000)).toEqual(span(19.5, 20))
    expect(stretched(RUN, span(10, 20), 'until', -1000)).toEqual(span(10, 10.5))
    expect(stretched(RUN, span(10, 20), 'until', Infinity)).toEqual(span(10, 120))
  })
})

describe('a fault that is moved', () => {
  it('keeps its length, stays on buckets and in the run', () => {
    expect(movedFault(RUN, span(30, 45), 'all', 7.3 * S)).toEqual(span(37.5, 52.5))
    expect(movedFault(RUN, span(30, 45), 'all', -100 * S)).toEqual(span(0, 15))
    expect(movedFault(RUN, span(30, 45), 'all', 100 * S)).toEqual(span(105, 120))
  })

  it('is resized at either end, down to one bucket', () => {
    expect(movedFault(RUN, span(30, 45), 'until', 10.2 * S)).toEqual(span(30, 55))
    expect(movedFault(RUN, span(30, 45), 'until', -100 * S)).toEqual(span(30, 30.5))
    expect(movedFault(RUN, span(30, 45), 'from', 100 * S)).toEqual(span(44.5, 45))
    expect(movedFault(RUN, span(30, 45), 'from', -100 * S)).toEqual(span(0, 45))
  })
})

describe('the edge between two rows', () => {
  const pair = { own: { id: 'a', height: 60 }, next: { id: 'b', height: 50 } }

  it('gives to one what it takes from the other', () => {
    expect(shifted(pair, 12)).toEqual({ a: 72, b: 38 })
    expect(shifted(pair, -12)).toEqual({ a: 48, b: 62 })
  })

  it('leaves both a lowest height', () => {
    expect(shifted(pair, 1000)).toEqual({ a: 90, b: 20 })
    expect(shifted(pair, -1000)).toEqual({ a: 20, b: 90 })
    expect(shifted({ own: pair.own, next: undefined }, 1000)).toEqual({ a: 400 })
  })
})
