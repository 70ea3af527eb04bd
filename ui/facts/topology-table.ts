/** The numbers of a topology, in rows: services first, then edges. */
import { percent } from '../format.ts'
import type { Runs } from '../runs.ts'
import type { Selection } from '../selection.ts'
import type { Side } from '../state.ts'
import { caption } from './caption.ts'
import { circuitState, type EdgeNow } from './edges.ts'
import type { ServiceNow } from './health.ts'
import type { Cell, Table } from './table.ts'
import { topologyNow } from './topology-now.ts'

const COLUMNS = [
  'service or edge',
  'state',
  'busy (slots)',
  'slots',
  'waiting (calls)',
  'rate (1/s)',
  'attempts per call',
  'retries (1/s)',
  'timeouts (1/s)',
  'served',
  'refused',
  'failed',
] as const

/** The table of a variant in what is looked at; undefined before there is a run. */
export function tableOf(runs: Runs, side: Side, look: Selection): Table | undefined {
  const run = runs[side]
  if (!run) return undefined
  const now = topologyNow(run, look)
  const edges = [...now.edges.values()].map((edge) =>
    edgeRow(edge, circuitState(run, edge.name, now.until)),
  )
  return {
    caption: `Variant ${side}. ${caption(run, look)}`,
    columns: COLUMNS,
    rows: [...[...now.services.values()].map(serviceRow), ...edges],
  }
}

function serviceRow({ name, health, busy, slots, waiting, rate }: ServiceNow): Cell[] {
  const none = undefined
  const numbers = [busy, slots, waiting, rate].map(tenths)
  return [name, health, ...numbers, none, none, none, none, none, none]
}

function edgeRow(edge: EdgeNow, circuit: string | undefined): Cell[] {
  const { name, rate, tries, retries, timeouts, ok, refused, failed } = edge
  const state = circuit === undefined ? undefined : `circuit ${circuit}`
  const none = undefined
  const numbers = [rate, Math.round(tries * 100) / 100, retries, timeouts].map(tenths)
  return [name, state, none, none, none, ...numbers, ...[ok, refused, failed].map(percent)]
}

function tenths(value: number): number {
  return Math.round(value * 100) / 100
}
