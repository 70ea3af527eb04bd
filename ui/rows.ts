/** The rows of the stack, from top to bottom: which there are, how high, and which are on the screen. */
import { later } from './lazy.ts'
import type * as MoreRows from './more-rows.ts'
import type { VariantRun } from './runs.ts'
import type { Side, State, View as Look } from './state.ts'
import type { View } from './view.ts'
import { breakerSwimlanes } from './views/breaker-swimlanes.ts'
import { latencyHeatmap } from './views/latency-heatmap.ts'
import { outcomeAreas } from './views/outcome-areas.ts'
import { queueDepth } from './views/queue-depth.ts'

/** What a stack is put together for; `phone` is the part for charts of a small screen. */
export type Arrangement = 'run' | 'compare' | 'phone'

/** One row. */
export interface RowKind {
  readonly id: string
  /** What it shows; the rows of A and of B have the same. */
  readonly kind: string
  /** Name in the menu of rows, without the variant. */
  readonly name: string
  readonly view: View
  /** The variants it shows: it is dimmed while their result is an old one. */
  readonly of: 'A' | 'B' | 'AB'
  /** Height in pixels that it is made for, and what each service adds to it, up to a bound. */
  readonly height: number
  readonly perService: number
  /** Share of that height below which it is not made lower: the stack scrolls then. */
  readonly least: number
  /** Arrangements that show it unless somebody has chosen otherwise. */
  readonly in: readonly Arrangement[]
  /** On the screen only while this is on, in place of the rows of these kinds, if any. */
  readonly instead: { readonly when: 'isDifference' | 'isOverlay'; readonly of: string } | undefined
}

/** Whether a row has nothing to say of a variant that is looked at alone. */
function isIdle({ id }: RowKind, run: VariantRun | undefined): boolean {
  return id === 'circuits' && run !== undefined && run.lanes.length === 0
}

/** Views that few look at: their code comes when one of them is wanted. */
const served = more((all) => all.servedOverlay)
const outcomes = more((all) => all.outcomeDifferenceRow)
const latencies = more((all) => all.differenceHeatmap)
const cascadeA = more((all) => all.cascadeStrip('A'))
const cascadeB = more((all) => all.cascadeStrip('B'))
const retries = more((all) => all.retryAmplification)
const saturation = more((all) => all.saturationRows)

function more(pick: (all: typeof MoreRows) => View): View {
  return later(async () => pick(await import('./more-rows.ts')))
}

/** All rows. */
export const ROWS: readonly RowKind[] = [
  row('requests-a', 'Requests', outcomeAreas('A'), 'A', { height: 52, in: everywhere() }),
  row('requests-b', 'Requests', outcomeAreas('B'), 'B', { height: 52, in: everywhere() }),
  row('served', 'Served, B over A', served, 'AB', { height: 80, ...over('requests') }),
  row('outcomes-difference', 'Requests, B − A', outcomes, 'AB', { height: 50, ...minus('') }),
  row('latency-a', 'Response times', latencyHeatmap('A'), 'A', { height: 82, in: everywhere() }),
  row('latency-b', 'Response times', latencyHeatmap('B'), 'B', { height: 82, in: everywhere() }),
  row('latency-difference', 'Response times, B − A', latencies, 'AB', {
    height: 84,
    ...minus('latency'),
  }),
  row('cascade-a', 'Cascade', cascadeA, 'A', strip()),
  row('cascade-b', 'Cascade', cascadeB, 'B', strip()),
  row('retries', 'Retries', retries, 'AB', { height: 56, in: ['run', 'phone'] }),
  row('saturation', 'Saturation', saturation, 'AB', { height: 76, in: ['run', 'phone'] }),
  row('circuits', 'Circuit breakers', breakerSwimlanes, 'AB', { height: 34, in: everywhere() }),
  row('queue', 'Fullest queue', queueDepth, 'AB', { height: 48, in: everywhere() }),
]

/** Only while B is drawn over A, in place of the rows of a kind. */
function over(of: string): Rest {
  return { instead: { when: 'isOverlay', of } }
}

/** Only while B - A is drawn, in place of the rows of a kind. */
function minus(of: string): Rest {
  return { instead: { when: 'isDifference', of } }
}

type Rest = Partial<Pick<RowKind, 'height' | 'perService' | 'least' | 'in' | 'instead'>>

function row(id: string, name: string, view: View, of: RowKind['of'], rest: Rest): RowKind {
  const { height = 50, perService = 0, least = 0.6, in: shown = [], instead } = rest
  const kind = of === 'AB' ? id : id.slice(0, -2)
  return { id, kind, name, view, of, height, perService, least, in: shown, instead }
}

function everywhere(): readonly Arrangement[] {
  return ['run', 'compare', 'phone']
}

/** The strip has a line for each service. */
function strip(): Rest {
  return { height: 44, perService: 5, least: 0.8, in: ['run', 'phone'] }
}

/** No row is made for more than this, pixels. */
const HIGHEST = 170

/** Height that a row is made for, in pixels, in a system of so many services. */
export function heightOf({ height, perService }: RowKind, services: number): number {
  return Math.min(Math.max(height, HIGHEST), height + perService * services)
}

/** What the stack is put together for now. */
export function arrangementOf({ mode }: Pick<Look, 'mode'>, isPhone: boolean): Arrangement {
  if (isPhone) return 'phone'
  return mode === 'run' ? 'run' : 'compare'
}

/** A row as the menu of rows lists it. */
export interface Entry {
  readonly row: RowKind
  /** Under this name it stands in `View.rows`: what is chosen for one arrangement holds there only. */
  readonly key: string
  readonly name: string
  readonly isOn: boolean
  readonly isPinned: boolean
}

/** The rows that can be switched on and off in an arrangement, as they stand from top to bottom. */
export function entriesOf(view: Look, arrangement: Arrangement): readonly Entry[] {
  const rows = ROWS.filter((one) => !one.instead && isOfSide(one, view.side, arrangement))
  return pinnedFirst(rows, view).map((one) => {
    const key = keyOf(one, arrangement)
    return {
      row: one,
      key,
      name: one.of === 'AB' || arrangement === 'run' ? one.name : `${one.name} in ${one.of}`,
      isOn: view.rows[key] ?? one.in.includes(arrangement),
      isPinned: view.pinned.includes(one.id),
    }
  })
}

/** In Run only the rows of one variant have a place. */
function isOfSide({ of }: RowKind, side: Side, arrangement: Arrangement): boolean {
  return arrangement !== 'run' || of === 'AB' || of === side
}

function keyOf({ id, kind }: RowKind, arrangement: Arrangement): string {
  return arrangement === 'run' ? `run ${kind}` : `${arrangement} ${id}`
}

/** The rows that are on the screen, from top to bottom; `run` is the variant that is looked at alone, if one is. */
export function shownRows(
  { view }: Pick<State, 'view'>,
  arrangement: Arrangement,
  run?: VariantRun,
): readonly RowKind[] {
  const entries = entriesOf(view, arrangement).filter(({ isOn }) => isOn)
  const on = new Set(entries.map((entry) => entry.row).filter((one) => !isIdle(one, run)))
  const isInstead = ({ instead }: RowKind): boolean =>
    arrangement !== 'run' && instead !== undefined && view[instead.when]
  const gone = new Set(ROWS.filter(isInstead).map(({ instead }) => instead!.of))
  const rows = ROWS.filter((one) => (on.has(one) && !gone.has(one.kind)) || isInstead(one))
  return pinnedFirst(rows, view)
}

function pinnedFirst(rows: readonly RowKind[], { pinned }: Look): readonly RowKind[] {
  const rank = ({ id }: RowKind): number =>
    pinned.includes(id) ? pinned.indexOf(id) : pinned.length
  return rows.toSorted((a, b) => rank(a) - rank(b))
}
