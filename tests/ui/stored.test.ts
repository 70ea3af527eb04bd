import { beforeAll, describe, expect, it } from 'vitest'
import { readScenario } from '../../engine/scenario/read.ts'
import { ByteReader, ByteWriter } from '../../ui/bytes.ts'
import { happenings } from '../../ui/facts/happenings.ts'
import { serviceAt } from '../../ui/facts/health.ts'
import { verdict } from '../../ui/facts/verdict.ts'
import { outcomes } from '../../ui/facts/window.ts'
import { HOME } from '../../ui/library.ts'
import { openingMoment } from '../../ui/player.ts'
import { unchanged } from '../../ui/state.ts'
import { pack, unpack } from '../../ui/stored.ts'
import { storedHome } from '../../ui/stored-build.ts'
import { packColumns, unpackColumns } from '../../ui/stored-names.ts'
import { readStored, writeStored, type Stored } from '../../ui/stored-run.ts'
import { differenceOf } from '../../ui/switches.ts'
import type { VariantRun } from '../../ui/runs.ts'
import { retryStorm, runOf } from './run-of.ts'

const reading = readScenario(retryStorm, HOME)
if (!reading.ok) throw new Error(reading.errors[0]?.message)
const { scenario, off } = reading

let fresh: Stored
let text: string
let stored: Stored

beforeAll(async () => {
  const run = (variant: string): VariantRun => runOf(retryStorm, { name: HOME, variant })
  fresh = { name: HOME, opened: { scenario, off }, runs: { A: run('A'), B: run('B') } }
  text = await storedHome()
  stored = readStored(await unpack(JSON.parse(text) as string))
}, 60_000)

/** What the page would say of runs. */
function told({ opened, runs }: Stored): unknown {
  const difference = differenceOf(opened, unchanged(HOME, retryStorm))
  const all = { revision: 0, opened, difference, ...runs }
  return {
    verdict: verdict(all),
    // Where they part is not told of a stored result: its moments are only nearly right.
    happenings: happenings(all).filter(({ words }) => !words.includes('identical until here')),
  }
}

describe('the stored result', () => {
  it('is byte for byte what a fresh run is reduced to', async () => {
    const bytes = writeStored(fresh, openingMoment(fresh.runs.A))
    expect(JSON.parse(text)).toBe(await pack(bytes))
  })

  it('takes at most 48 kB on the way', () => {
    expect(text.length * 0.75).toBeLessThan(48_000)
  })

  it('has the scenario, the layouts and the results as they are', () => {
    expect(stored.opened).toEqual(fresh.opened)
    for (const side of ['A', 'B'] as const) {
      const [kept, run] = [stored.runs[side], fresh.runs[side]]
      expect(kept.layout).toEqual(run.layout)
      expect(kept.transitions).toEqual(run.transitions)
      const { series, ...rest } = run.result!
      const { series: keptSeries, ...keptRest } = kept.result!
      expect(keptRest).toEqual(rest)
      for (const name of ['offered', 'ok', 'slow', 'degraded', 'refused', 'failed', 'waiting']) {
        expect(keptSeries[name]).toEqual(series[name])
      }
    }
  })

  it('says the same of both runs as fresh ones, word for word', () => {
    expect(told(stored)).toEqual(told(fresh))
  })

  it('counts exactly around the moment that the page opens at', () => {
    const moment = openingMoment(fresh.runs.A)
    for (const side of ['A', 'B'] as const) {
      const [kept, run] = [stored.runs[side], fresh.runs[side]]
      for (const { name } of run.layout.services) {
        const [a, b] = [serviceAt(kept, name, moment), serviceAt(run, name, moment)]
        expect(a).toMatchObject({ health: b.health, rate: b.rate, wasted: b.wasted })
        expect(Math.abs(a.busy - b.busy)).toBeLessThan(0.07)
      }
    }
  })

  it('keeps every count within its cell, and every response time within two buckets', () => {
    const { A } = fresh.runs
    const whole = { from: 0, to: A.layout.buckets }
    expect(outcomes(stored.runs.A, whole)).toEqual(outcomes(A, whole))
    for (const [row, column] of A.heat('served').entries()) {
      const kept = stored.runs.A.heat('served')[row]!
      for (let bucket = 0; bucket < column.length; bucket += 2) {
        const both = column[bucket]! + column[bucket + 1]!
        expect(kept[bucket]! + kept[bucket + 1]!).toBe(both)
      }
    }
  })

  it('would not pass for another: one request more is another text', async () => {
    const changed = runOf(retryStorm, { name: HOME, variant: 'A' })
    changed.total('ok')[3]!++
    const bytes = writeStored({ ...fresh, runs: { ...fresh.runs, A: changed } }, 62e9)
    expect(await pack(bytes)).not.toBe(JSON.parse(text))
  })
})

describe('bytes', () => {
  it('come back as they went', () => {
    const numbers = [0, 1, -1, 127, 128, -128, 300, 2 ** 31, -(2 ** 40), 2 ** 50]
    const out = new ByteWriter()
    out.text('ledger-db → Zürich')
    for (const value of numbers) out.signed(value)
    const from = new ByteReader(out.done())
    expect(from.text()).toBe('ledger-db → Zürich')
    expect(numbers.map(() => from.signed())).toEqual(numbers)
  })
})

describe('names of columns', () => {
  it('come back as they went', () => {
    const { columns } = fresh.runs.B.layout
    const packed = packColumns(columns)
    expect(unpackColumns(packed)).toEqual(columns)
    expect(JSON.stringify(packed).length).toBeLessThan(JSON.stringify(columns).length / 10)
  })
})
