/** How far the runs are, how fast, for how much longer, a way to stop and a way to make it shorter; then what it came to. */
import { formatDuration } from '../../engine/units.ts'
import { el, setText } from '../dom.ts'
import { shorterRun } from '../facts/shorter.ts'
import { count, digits, large } from '../format.ts'
import type { Runs } from '../runs.ts'
import { isComputing, SIDES, type Progress, type State } from '../state.ts'
import type { Desk, Show } from './panel.ts'

/** How long a run may take before a shorter one is offered, ms. */
const SLOW = 2000
/** Before so much time has passed nobody knows how long it will take, ms. */
const KNOWN_AFTER = 500

/** The part of the header. */
export function statusPart(desk: Desk): { element: HTMLElement; show: Show } {
  const text = el('span', { class: 'status-words' })
  const bar = el('progress', { max: 1, 'aria-label': 'Computed share of both runs' })
  const shorter = button('Use a shorter run', () => shorten(desk))
  const cancel = button('Cancel', () => desk.conductor.cancel())
  const again = button('Resume', () => desk.conductor.retry())
  const watch = new Stopwatch()
  const spoken = el('span', { class: 'hidden', role: 'status' })
  const element = el('span', { class: 'status' }, text, spoken, bar, shorter, cancel, again)
  return {
    element,
    show(state, runs) {
      const pace = watch.paceOf(state, runs)
      const words = wordsOf(state, runs, pace)
      setText(text, words)
      text.title = sizeOf(runs)
      setText(spoken, spokenOf(state))
      bar.value = pace.share
      const isBusy = isComputing(state)
      const isSlow = isBusy && pace.left !== undefined && pace.left > SLOW
      bar.hidden = cancel.hidden = !isBusy
      shorter.hidden = !isSlow || isStored(state) || !canShorten(state)
      again.hidden = isBusy || !SIDES.some((side) => state.progress[side].phase === 'stopped')
      element.classList.toggle('busy', isBusy)
    },
  }
}

/** What the recordings take, known before the first event. */
function sizeOf({ A, B }: Runs): string {
  const bytes = (A?.layout.bytes ?? 0) + (B?.layout.bytes ?? 0)
  return bytes > 0 ? `The recordings take ${(bytes / 1e6).toFixed(1)} MB` : ''
}

function canShorten({ opened }: State): boolean {
  return opened !== undefined && shorterRun(opened.scenario) !== undefined
}

function button(text: string, act: () => unknown): HTMLButtonElement {
  return el('button', { class: 'btn', type: 'button', onclick: () => void act() }, text)
}

/** What a screen reader is told, once each. */
function spokenOf(state: State): string {
  const phases = SIDES.map((side) => state.progress[side].phase)
  if (phases.includes('computing')) return 'Computing.'
  if (phases.includes('stopped')) return 'Computing was stopped.'
  return phases.every((phase) => phase === 'done') ? 'Both runs are computed.' : ''
}

/** How it goes. */
interface Pace {
  /** Computed share of both runs, 0 to 1. */
  readonly share: number
  /** Since it began, ms. */
  readonly elapsed: number
  /** Until it is done, as far as one can tell, ms. */
  readonly left: number | undefined
  /** Events a second. */
  readonly speed: number
}

/** Times the runs from outside: when they begin again, so does it. */
class Stopwatch {
  private startedAt = 0
  private wasBusy = false
  private shareBefore = 0

  paceOf(state: State, runs: Runs): Pace {
    const isBusy = isComputing(state)
    const share = shareOf(state, runs)
    if (isBusy && (!this.wasBusy || share < this.shareBefore)) this.startedAt = performance.now()
    this.wasBusy = isBusy
    this.shareBefore = share
    const elapsed = performance.now() - this.startedAt
    const events = SIDES.reduce((sum, side) => sum + state.progress[side].events, 0)
    const isKnown = isBusy && elapsed > KNOWN_AFTER && share > 0.01
    return {
      share,
      elapsed,
      left: isKnown ? (elapsed * (1 - share)) / share : undefined,
      speed: isKnown ? events / (elapsed / 1000) : 0,
    }
  }
}

function durationOf({ opened }: State, { A, B }: Runs): number {
  return (A ?? B)?.layout.duration ?? opened?.scenario.duration ?? 1
}

function reached({ progress }: State, duration: number): number {
  const ends = SIDES.map((side) => progress[side]).map(({ phase, to }: Progress) =>
    phase === 'done' ? duration : to,
  )
  return Math.min(...ends)
}

function shareOf(state: State, runs: Runs): number {
  const duration = durationOf(state, runs)
  const ends = SIDES.map((side) => state.progress[side])
  return ends.reduce((sum, { phase, to }) => sum + (phase === 'done' ? 1 : to / duration), 0) / 2
}

function isStored({ progress }: State): boolean {
  return SIDES.some((side) => progress[side].stored === 'shown')
}

function wordsOf(state: State, runs: Runs, pace: Pace): string {
  const phases = SIDES.map((side) => state.progress[side].phase)
  const seconds = Math.floor(reached(state, durationOf(state, runs)) / 1e9)
  if (phases.includes('computing')) return busyWords(seconds, pace, isStored(state))
  if (phases.includes('stopped'))
    return isStored(state) ? 'stored result' : `stopped at ${seconds} s`
  return phases.every((phase) => phase === 'done') ? doneWords(state, runs) : ''
}

/** `computed to 71 s · 1.2 M events/s · 3 s left`. */
function busyWords(seconds: number, { left, speed }: Pace, isOfStored: boolean): string {
  const start = isOfStored
    ? `stored result · computed here to ${seconds} s`
    : `computed to ${seconds} s`
  if (left === undefined) return start
  const rest = left < 1000 ? 'under 1 s left' : `${lasting(left)} left`
  return isOfStored ? start : `${start} · ${large(speed)} events/s · ${rest}`
}

/** `3.2 s`, `13 min`. */
function lasting(ms: number): string {
  return ms < 120_000 ? `${digits(ms / 1000, 2)} s` : `${digits(ms / 60_000, 2)} min`
}

/** `2 × 36,116 requests · 2.4 M events · 1.3 s, as stored`. */
function doneWords({ progress }: State, runs: Runs): string {
  const all = SIDES.map((side) => progress[side])
  const events = all.reduce((sum, one) => sum + one.events, 0)
  const took = Math.max(...all.map((one) => one.took))
  const offered = runs.B?.result?.requests.offered ?? 0
  const end = all.every(({ stored }) => stored === 'same') ? ', as stored' : ''
  const speed = `${(took / 1000).toFixed(1)} s${end}`
  return `2 × ${count(offered)} requests · ${large(events)} events · ${speed}`
}

/** About half as long; one step that can be undone. */
function shorten({ store }: Desk): void {
  const { opened } = store.get()
  const duration = opened && shorterRun(opened.scenario)
  if (duration === undefined) return
  store.edit('shorter run', (draft) => {
    draft.set['duration'] = formatDuration(duration)
  })
}
