/** What keys do to the time axis: come nearer, go along, fit, and pick a stretch from where the cursor is. */
import { fitted, panned, stretchOf, wholeOf, zoomed, type Extent } from './facts/zoom.ts'
import { switchShares } from './panels/legend.ts'
import type { Player } from './player.ts'
import type { Runs } from './runs.ts'
import type { Span } from './selection.ts'
import type { State } from './state.ts'
import type { Store } from './store.ts'

/** One press comes nearer by so much, and goes along by such a share of what is drawn. */
const NEARER = 1.5
const ALONG = 0.15

/** What these actions may touch. */
export interface Reach {
  readonly store: Store<State>
  readonly player: Player
  runs(): Runs | undefined
}

/** The actions by name. `steps` is ten with Shift. */
export function timeActions({ store, player, runs }: Reach) {
  const extent = (): Extent | undefined => (runs()?.A ?? runs()?.B)?.layout
  const change = (next: (extent: Extent, part: Span) => Span | undefined): void => {
    const run = extent()
    if (!run) return
    const span = next(run, store.get().view.span ?? wholeOf(run))
    store.update((draft) => void (draft.view.span = span))
  }
  const zoom = (factor: number): void => {
    const { hover } = store.get().view
    change((run, part) => zoomed(run, part, factor, hover ?? player.now()))
  }
  const pan = (share: number): void => {
    change((run, part) => panned(run, part, share * (part.until - part.from)))
  }
  const mark = (end: keyof Span): void => {
    const run = extent()
    if (!run) return
    const range = marked(run, store.get().view.range, end, player.now())
    store.update((draft) => void (draft.view.range = range))
  }
  return {
    'zoom-in': () => zoom(NEARER),
    'zoom-out': () => zoom(1 / NEARER),
    'pan-left': (steps: number) => pan(-ALONG * Math.min(steps, 3)),
    'pan-right': (steps: number) => pan(ALONG * Math.min(steps, 3)),
    fit: () => change((run, part) => fitted(run, part, store.get().view.range)),
    'range-from': () => mark('from'),
    'range-until': () => mark('until'),
    shares: switchShares,
  }
}

/** A stretch with one end at the cursor; the other end is where it was, or that of the run. */
function marked(run: Extent, range: Span | undefined, end: keyof Span, time: number): Span {
  const { from, until } = range ?? wholeOf(run)
  const isFrom = end === 'from'
  const other = isFrom ? until : from
  const isTurned = isFrom ? time >= other : time <= other
  return stretchOf(run, time, isTurned ? (isFrom ? run.duration : 0) : other)
}
