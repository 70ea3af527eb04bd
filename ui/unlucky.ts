/** Finds a request to tell a story with: the same request failed in A and was served in B. */
import type { Inspecting } from '../workers/inspection-protocol.ts'
import type { Runs } from './runs.ts'
import type { Side } from './state.ts'

/** Somebody to ask about each variant. */
export interface Questioned {
  of(side: Side): Pick<Inspecting, 'requests'>
}

/** Requests are looked for in stretches of this length, ns, and so many stretches at most. */
const STRETCH = 5e8
const MOST_STRETCHES = 8
/** Longest that its answer in B is looked for after its arrival, ns. */
const PATIENCE = 10e9

/**
 * A request that failed in A and was served in B, the one of them with the most calls; undefined when none is found.
 * It is looked for from the cursor on: there it failed.
 */
export async function someUnluckyRequest(
  runs: Runs,
  inspectors: Questioned,
  time: number,
): Promise<number | undefined> {
  const { duration = 0 } = runs.A?.layout ?? {}
  for (let nth = 0; nth < MOST_STRETCHES; nth++) {
    const from = time + nth * STRETCH
    if (from >= duration) return undefined
    const found = await unluckyIn(inspectors, from, from + STRETCH)
    if (found !== undefined) return found
  }
  return undefined
}

const ANY = { lowest: 0, highest: Infinity, only: undefined, limit: 1000 } as const

async function unluckyIn(
  inspectors: Questioned,
  from: number,
  until: number,
): Promise<number | undefined> {
  const failed = await inspectors.of('A').requests({ ...ANY, from, until, outcome: 'failed' })
  if (!failed.ok || failed.value.requests.length === 0) return undefined
  const first = Math.min(...failed.value.requests.map(({ arrivedAt }) => arrivedAt))
  const span = { from: first, until: until + PATIENCE }
  const limit = Infinity
  const served = await inspectors.of('B').requests({ ...ANY, ...span, limit, outcome: 'served' })
  if (!served.ok) return undefined
  const lucky = new Set(served.value.requests.map(({ request }) => request))
  const unlucky = failed.value.requests.filter(({ request }) => lucky.has(request))
  return unlucky.toSorted((a, b) => b.calls - a.calls)[0]?.request
}
