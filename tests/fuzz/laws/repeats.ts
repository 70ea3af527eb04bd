/** The same run again: in slices, from a checkpoint, before and after another one. */
import type { VariantResult } from '../../../engine/results/result.ts'
import type { Law } from './law.ts'
import { differences, happenings, runOf } from './law.ts'

/** A run split at any event or moment is the whole run. */
export const sliced: Law = {
  name: 'slices change nothing',
  check({ scenario, straight }) {
    const byEvents = runOf(scenario)
    const slice = Math.max(1, Math.floor(straight.events / 23))
    while (!byEvents.advance(slice));
    const byTime = runOf(scenario)
    const { world } = byTime.built
    for (let n = 1; n < 9; n++) world.run(Math.floor((scenario.duration * n) / 9) + (n % 2))
    return [
      ...differences('in slices of events', happenings(straight), happenings(byEvents.result())),
      ...differences('in slices of time', happenings(straight), happenings(byTime.finish())),
    ]
  },
}

/** A world that is taken back to an earlier moment goes on as it did before. */
export const resumed: Law = {
  name: 'a checkpoint goes on as the straight run does',
  check({ scenario, straight }) {
    const run = runOf(scenario)
    const { world } = run.built
    const checkpoints = [0.3, 0.6].map((part) => {
      run.advance(Math.max(1, Math.floor(straight.events * part) - world.events))
      return world.save()
    })
    run.advance(Infinity)
    return checkpoints.toReversed().flatMap((checkpoint, at) => {
      world.load(checkpoint)
      return differences(`from checkpoint ${1 - at}`, kept(straight), kept(run.finish()))
    })
  },
}

/** Histograms are not taken back to a checkpoint: what they say is left out. */
function kept({ digest, outcomeDigest, events, requests, edges, signals, stopped }: VariantResult) {
  return { digest, outcomeDigest, events, requests, edges, signals, stopped }
}

/** The same seed gives the same run, whatever ran in between; another seed gives another. */
export const again: Law = {
  name: 'a run can be had again',
  check({ scenario, straight }) {
    const other = runOf(scenario, false, `${scenario.seed}+`).finish()
    const same = runOf(scenario).finish()
    const isRandom = straight.requests.offered > 0 && straight.events > 300 && hasChance(scenario)
    return [
      ...differences('again', happenings(straight), happenings(same)),
      ...(isRandom && other.digest === straight.digest ? ['another seed gives the same run'] : []),
    ]
  },
}

function hasChance({ load }: { load: Readonly<Record<string, { arrivals: unknown }>> }): boolean {
  return Object.values(load).every(
    ({ arrivals }) => (arrivals as { kind?: string } | undefined)?.kind === 'poisson',
  )
}
