/**
 * Alerts: when the cursor passes a circuit that opens, or a headline, a note appears in the header for a while. A click
 * goes to the moment. Screen readers hear of it while the run is played, once in two seconds at most.
 */
import { el, setText } from '../dom.ts'
import { alertsOf, passed, type Alert } from '../facts/alerts.ts'
import { recall, remember } from '../memory.ts'
import type { Runs } from '../runs.ts'
import { askSeek } from '../selection.ts'
import type { Show } from './panel.ts'

const MEMORY = 'alerts'
/** How long a note stays, ms. */
const STAYS = 5000
/** Between two announcements at least, ms. */
const PAUSE = 2000
/** A cursor that moves further than this at once does not pass what lies between: it jumps. Share of the run. */
const STEP = 0.02

/** Whether alerts are wanted. */
export function alertsAreOn(): boolean {
  return recall(MEMORY) !== 'off'
}

/** Wants alerts, or none, for good. */
export function switchAlerts(isOn: boolean): void {
  remember(MEMORY, isOn ? 'on' : 'off')
}

/** The note and what brings it up to date. */
export function alertsPanel(): { element: HTMLElement; show: Show } {
  const note = el('button', { class: 'alert', type: 'button', hidden: true })
  const spoken = el('span', { class: 'hidden', 'aria-live': 'polite' })
  const show = noteShown(note)
  const say = announcer(spoken)
  const watch = watching((alert, isPlaying) => {
    show(alert)
    if (isPlaying) say(alert.words)
  })
  return { element: el('span', { class: 'alerts' }, note, spoken), show: watch }
}

/** Tells of every alert that the cursor passes. */
function watching(tell: (alert: Alert, isPlaying: boolean) => void): Show {
  let of: { readonly revision: number; readonly alerts: readonly Alert[] } | undefined
  let before: number | undefined
  return ({ view }, runs) => {
    const { time = 0, isPlaying } = view
    const last = before
    before = time
    if (last === undefined || time <= last || !canAlert(runs)) return
    if (time - last > STEP * runs.A!.layout.duration) return
    if (of?.revision !== runs.revision) of = { revision: runs.revision, alerts: alertsOf(runs) }
    const alert = passed(of.alerts, last, time)
    if (alert) tell(alert, isPlaying)
  }
}

/** Not in a story, which says all this itself. */
function canAlert({ A }: Runs): boolean {
  return A !== undefined && document.body.dataset['story'] === undefined && alertsAreOn()
}

function noteShown(note: HTMLElement): (alert: Alert) => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let time = 0
  note.addEventListener('click', () => askSeek(note, time))
  return (alert) => {
    ;({ time } = alert)
    setText(note, alert.words)
    note.hidden = false
    clearTimeout(timer)
    timer = setTimeout(() => (note.hidden = true), STAYS)
  }
}

/** Says the last of what comes within a pause. */
function announcer(spoken: HTMLElement): (words: string) => void {
  let last = -Infinity
  let waiting: ReturnType<typeof setTimeout> | undefined
  return (words) => {
    clearTimeout(waiting)
    const wait = Math.max(0, last + PAUSE - performance.now())
    waiting = setTimeout(() => {
      last = performance.now()
      setText(spoken, words)
    }, wait)
  }
}
