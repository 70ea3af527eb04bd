/** The latency row as numbers and in one sentence. */
import { bandsOf } from '../draw/bands.ts'
import { count, span } from '../format.ts'
import type { HeatOutcome, VariantRun } from '../runs.ts'
import { binsOf, binSpan } from './bins.ts'
import type { Table } from './table.ts'

/** What the row shows of a run. */
export function heatSentence({ layout, result }: VariantRun, isOfAll: boolean): string {
  const head = `Response times over time in variant ${layout.variant}`
  if (!result) return `${head}; still being computed.`
  const { latencyMs, failedLatencyMs, refusedLatencyMs, requests } = result
  const took = (ms: number): string => span(ms * 1e6)
  const served =
    latencyMs.count > 0
      ? `Served requests took ${took(latencyMs.p50)} in the median, ${took(latencyMs.p99)} at the 99th percentile`
      : 'No request was served'
  const failed = failedLatencyMs.count > 0 ? `; failures ${took(failedLatencyMs.p50)}` : ''
  const refused = refusedLatencyMs.count > 0 ? `; refusals ${took(refusedLatencyMs.p50)}` : ''
  const note = isOfAll ? ' The lines in the picture count failures as well.' : ''
  return `${head}. ${served}${failed}${refused}. ${count(requests.unfinished)} had no answer at the end.${note}`
}

/** Bin by bin: how many ended in which way, how long they took, and how many were under way. */
export function heatTable(run: VariantRun, buckets: number, kinds: readonly HeatOutcome[]): Table {
  const bins = binsOf(run, buckets)
  const bands = bandsOf(run, { first: 0, buckets, count: bins.count, seconds: 1 }, kinds)
  const who = kinds.length > 1 ? 'all that ended' : 'served'
  const ms = (latency: number | undefined): number | undefined =>
    latency === undefined ? undefined : Number((latency / 1e6).toPrecision(3))
  return {
    caption: heatSentence(run, kinds.length > 1),
    columns: [
      'from (s)',
      'served (requests)',
      'failed (requests)',
      'failed fast (requests)',
      `p50 of ${who} (ms)`,
      `p99 of ${who} (ms)`,
      'under way at the end (requests)',
    ],
    rows: bands.map(({ percentiles }, bin) => {
      const { ok, slow, degraded, failed, refused, waiting } = bins.sums
      return [
        binSpan(run, bins, bin).from / 1e9,
        ok[bin]! + slow[bin]! + degraded[bin]!,
        failed[bin],
        refused[bin],
        ms(percentiles?.p50),
        ms(percentiles?.p99),
        waiting[bin],
      ]
    }),
  }
}
