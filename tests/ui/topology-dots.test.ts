import { describe, expect, it } from 'vitest'
import { horizontalLink } from '../../ui/draw/bezier.ts'
import { marksOf } from '../../ui/draw/dot-layer.ts'
import { callsPerDot, NEAREST, SPEED } from '../../ui/draw/dots.ts'
import { trainOf } from '../../ui/draw/dot-train.ts'
import { ribbonOf } from '../../ui/draw/edge-layer.ts'
import { circuitState, edgeIn, together } from '../../ui/facts/edges.ts'
import { lookedAt } from '../../ui/facts/window.ts'
import { retryStorm, runOf } from './run-of.ts'

const CALLS = 10
const curve = horizontalLink({ x: 0, y: 0 }, { x: 600, y: 0 })
const edge = { name: 'users -> db', curve, gate: undefined }

function steady(rate: number, errors = '0%') {
  return runOf(`
schema: 1
title: steady
duration: 60s
services: { db: { concurrency: 100, work: 1ms, errors: ${errors} } }
load: { users: { to: db, arrivals: constant(${rate}/s) } }
`)
}

describe('dots', () => {
  const [slow, fast] = [steady(20), steady(40)]
  const moving = (run: typeof slow) => marksOf(edge, { kind: 'moving', run, time: 50e9 }, CALLS)

  it('are twice as many when the load is twice as high', () => {
    const [few, many] = [moving(slow).length, moving(fast).length]
    expect(few).toBeGreaterThan(30)
    expect(many / few).toBeCloseTo(2, 1)
  })

  it('stand as close as they go, when a stretch of time is shown', () => {
    const range = { from: 10e9, until: 50e9 }
    for (const run of [slow, fast]) {
      const now = edgeIn(run, edge.name, lookedAt(run, { time: 0, range }))
      const standing = marksOf(edge, { kind: 'standing', now }, CALLS)
      expect(Math.abs(standing.length - moving(run).length)).toBeLessThanOrEqual(1)
    }
  })

  it('stand for so many calls each, and travel at one speed', () => {
    const { times } = trainOf(slow, edge.name, CALLS)
    expect(Math.abs(times.length - (60 * 20) / CALLS)).toBeLessThanOrEqual(1)
    const [first] = marksOf(edge, { kind: 'moving', run: slow, time: times[0]! + 2e9 }, CALLS)
    expect(first!.way).toBeCloseTo(2 * SPEED)
  })

  it('never overlap; beyond that the ribbon gets wider', () => {
    const run = steady(4000)
    const { times } = trainOf(run, edge.name, CALLS)
    const gaps = times.slice(1).map((time, at) => ((time - times[at]!) / 1e9) * SPEED)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(NEAREST - 1e-6)
    const width = (rate: number) =>
      ribbonOf({ ...edgeIn(run, edge.name, { from: 0, to: 10 }), rate, blocked: 0 }).width
    expect(width(600)).toBeGreaterThan(width(300))
  })

  it('have the hues of what the calls came to', () => {
    const { hues } = trainOf(steady(40, '30%'), edge.name, CALLS)
    const failed = hues.filter((hue) => hue === 'fail').length / hues.length
    expect(failed).toBeCloseTo(0.3, 1)
  })

  it('stand for a round number of calls', () => {
    expect([1, 20, 100, 300, 5000].map(callsPerDot)).toEqual([1, 5, 20, 50, 1000])
  })
})

describe('an open circuit', () => {
  const run = runOf(retryStorm.replace('duration: 120s', 'duration: 50s'), { variant: 'B' })
  const name = 'checkout -> payments'
  const open = run.transitions.find(({ unit, word }) => unit.place === name && word === 'open')!
  const time = open.time + 4e9

  it('stops the dots at its switch', () => {
    expect(circuitState(run, name, time)).toBe('open')
    const marks = marksOf({ name, curve, gate: 0.1 }, { kind: 'moving', run, time }, CALLS)
    const blocked = marks.filter(({ hue }) => hue === 'blocked')
    expect(blocked.length).toBeGreaterThan(2)
    expect(Math.max(...blocked.map(({ way }) => way))).toBeLessThanOrEqual(60)
    const passed = marks.filter(({ hue, way }) => hue !== 'blocked' && way < 3 * SPEED)
    expect(passed).toEqual([])
  })

  it('leaves a thin ribbon behind it', () => {
    const now = edgeIn(run, name, lookedAt(run, { time, range: undefined }))
    const ribbon = ribbonOf(now)
    expect(ribbon.hue).toBe('fast')
    expect(ribbon.beyond!.width).toBeLessThan(ribbon.width)
  })
})

describe('edges that are drawn as one', () => {
  it('add up, and weigh outcomes by calls', () => {
    const base = edgeIn(steady(20), edge.name, { from: 0, to: 100 })
    const both = together('both', [
      { ...base, rate: 30, calls: 30, ok: 1, failed: 0 },
      { ...base, rate: 10, calls: 10, ok: 0, failed: 1 },
    ])
    expect(both).toMatchObject({ rate: 40, calls: 40, ok: 0.75, failed: 0.25, tries: 1 })
  })
})
