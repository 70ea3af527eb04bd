/**
 * What a recording takes: known before the run from its layout, within a factor of two; bounded, however long the run is,
 * since buckets become wider and not more; the layout says how wide.
 */
import { describe, expect, it } from 'vitest'
import { patterns } from '../../engine/patterns/index.ts'
import { MOST_TRANSITIONS } from '../../engine/results/recorder.ts'
import { Run } from '../../engine/run.ts'
import { readTask } from '../../engine/scenario/read.ts'
import { figures } from '../support/figures.ts'
import { scenarioNames, textOf } from './golden-plan.ts'

const MEBIBYTE = 1024 * 1024
/** Most that a recording may take, in bytes. */
const MOST = 256 * MEBIBYTE
/** A run of a file that says nothing else stops after so many events. */
const ALL_EVENTS = 1e9
const MOST_BUCKETS = 1200

const print = figures('scenario', 'columns', 'before', 'after', 'transitions', 'of 1e9 events')

function ready(name: string, set: Record<string, string> = {}): Run {
  const task = { text: textOf(name), name, variant: undefined, seed: 7, off: [], on: [], inert: [] }
  const read = readTask({ ...task, set, recording: 'columns' })
  if (!read.ok) throw new Error(`${name}: ${read.errors[0]?.message}`)
  const options = { variant: name, seed: '7', recording: true, catalogue: patterns }
  return new Run(read.scenario, options)
}

describe('the recording of', () => {
  it.each(scenarioNames)('%s', { timeout: 300_000 }, (name) => {
    const run = ready(name)
    const layout = run.layout()
    const known = layout.bytes
    run.finish()
    const { columns } = run.built.world.recorder
    const { transitions, events } = run.frame(true)
    const held = columns.reduce((sum, column) => sum + column.byteLength, 0)
    const after = held + transitions.byteLength
    const most = (MOST_TRANSITIONS + run.built.world.recorder.lanes * layout.buckets) * 24
    const later = held + Math.min(most, (transitions.byteLength / events) * ALL_EVENTS)
    const sizes = [known, after, transitions.byteLength, later]
    print(name, columns.length, ...sizes.map((bytes) => `${(bytes / MEBIBYTE).toFixed(2)} MiB`))
    expect(after / known).toBeGreaterThan(0.5)
    expect(after / known).toBeLessThan(2)
    expect(after).toBeLessThan(MOST)
    expect(later).toBeLessThan(MOST)
  })
})

it('is not larger for a thousand times the time: buckets are wider, and the layout says so', () => {
  for (const name of scenarioNames) {
    const layouts = ['100s', '100000s'].map((duration) => ready(name, { duration }).layout())
    const [short, long] = layouts
    expect(short!.buckets).toBeLessThanOrEqual(MOST_BUCKETS)
    expect(long!.bytes).toBeLessThanOrEqual(short!.bytes * 2)
    expect(long!.bucket).toBe(short!.bucket * 1000)
    expect(long!.bucket * long!.buckets).toBeGreaterThanOrEqual(long!.duration)
  }
})
