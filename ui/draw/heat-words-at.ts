/** What a row of the heat map says of the place or the moment under the pointer. */
import type { Time } from '../../engine/units.ts'
import { binAt } from '../facts/bins.ts'
import { cellWords, failureWords } from '../facts/heat-words.ts'
import { at } from '../facts/moment-words.ts'
import { count, span } from '../format.ts'
import { bandsOf } from './bands.ts'
import { cellAt, zoneAt, type HeatScene } from './heat-scene.ts'
import type { Point } from './point.ts'

/** Of a place in this row, or, when the pointer is in another row, of the moment. */
export function heatWords(scene: HeatScene, time: Time, point: Point | undefined): string {
  if (!point) return momentWords(scene, time)
  const { bins, run } = scene
  const bin = binAt(bins, time)
  const { failed, refused, waiting } = bins.sums
  switch (zoneAt(scene, point.y)) {
    case 'failures':
      return `${at(run, time)}: ${failureWords(failed[bin]!, refused[bin]!)}`
    case 'waiting':
      return `${at(run, time)}: ${count(waiting[bin]!)} without an answer yet`
    case 'heat': {
      const cell = cellAt(scene, point)
      return cellWords(cell, cell.count, cell.column)
    }
  }
}

function momentWords({ bins, run, kinds, binning: { buckets } }: HeatScene, time: Time): string {
  const bin = binAt(bins, time)
  const here = { first: bin * buckets, buckets, count: 1, seconds: 1 }
  const percentiles = bandsOf(run, here, kinds)[0]?.percentiles
  const { failed, refused, waiting } = bins.sums
  const took = percentiles
    ? `half within ${span(percentiles.p50)}, 99 % within ${span(percentiles.p99)}`
    : 'too few served for percentiles'
  const lost = failureWords(failed[bin]!, refused[bin]!)
  return `${at(run, time)}: ${took}; ${lost}; ${count(waiting[bin]!)} under way`
}
