/** What the page does when it is told to: by a key, or from the palette. One function for every entry of `keys.ts`. */
import { eventAfter, eventBefore } from './facts/happenings.ts'
import { askForRequest } from './follow.ts'
import { hearLetters, hearsLetters, type Actions } from './keys.ts'
import { withPart } from './lazy.ts'
import { loadLibrary } from './library.ts'
import { nextSeed, seedBefore } from './next-seed.ts'
import { notify } from './notices.ts'
import { alertsAreOn, switchAlerts } from './panels/alerts.ts'
import { share } from './panels/share.ts'
import type { StoryPanel } from './panels/story.ts'
import type { SparkMaker } from './sparks.ts'
import { arrange, toggleDelta, toggleOverlay } from './panels/modes.ts'
import { loadPatterns } from './patterns.ts'
import { pickFile } from './panels/open-file.ts'
import type { Desk } from './panels/panel.ts'
import { toggle } from './panels/patterns.ts'
import { pinFocused } from './panels/row-menu.ts'
import { showSide } from './panels/phone.ts'
import { dismissTrouble } from './panels/trouble.ts'
import { openViewMenu } from './panels/view-menu.ts'
import { askTopology } from './picture-edits.ts'
import type { Player } from './player.ts'
import type { Runs } from './runs.ts'
import { runSeedsUnasked, runsSeedsUnasked } from './seeds.ts'
import { isNothing, NOTHING } from './selection.ts'
import { isComputing } from './state.ts'
import { differenceOf } from './switches.ts'
import { timeActions } from './time-actions.ts'
import { switchTheme } from './theme.ts'

/** What actions may touch. */
export interface Reach {
  readonly desk: Desk
  readonly player: Player
  /** The runs that are on the screen. */
  runs(): Runs | undefined
  readonly story: StoryPanel
  readonly sparks: SparkMaker
}

/** Every action by its name; a number says how many steps. */
export function actionsOf({ desk, player, runs, story, sparks }: Reach): Actions {
  const { store, conductor } = desk
  const actions: Actions = {
    play: () => player.toggle(),
    back: (steps) => player.step(-steps),
    forward: (steps) => player.step(steps),
    start: () => player.to(0),
    end: () => player.to(Infinity),
    'next-event': () => jump(eventAfter(runs(), player.now()), player),
    'last-event': () => jump(eventBefore(runs(), player.now()), player),
    ...timeActions({ store, player, runs }),
    toggle: () => toggleDifference(desk),
    swap: () => showSide(store, store.get().view.side === 'A' ? 'B' : 'A'),
    'next-seed': () => changeSeed(nextSeed, desk),
    'last-seed': () => changeSeed(seedBefore, desk),
    difference: () => toggleDelta(store),
    overlay: () => toggleOverlay(store),
    run: () => arrange(store, 'run'),
    compare: () => arrange(store, 'compare'),
    pin: () => pinFocused(desk),
    rerun: () => conductor.rerun(),
    request: () => askForRequest(),
    find: () => askTopology('find'),
    focus: () => askTopology('focus'),
    undo: () => store.undo(),
    redo: () => store.redo(),
    theme: switchTheme,
    open: () => pickFile(conductor),
    export: openViewMenu,
    cancel: () => cancel(desk),
    help: () =>
      withPart(
        () => import('./panels/help.ts'),
        ({ openHelp }) => openHelp(),
      ),
    palette: () =>
      withPart(
        () => Promise.all([import('./panels/palette.ts'), loadLibrary()]),
        ([{ openPalette }]) => openPalette(actions, desk),
      ),
    gallery: () =>
      withPart(
        () => Promise.all([import('./panels/gallery.ts'), loadPatterns(), loadLibrary()]),
        ([{ openGallery }, patterns]) =>
          openGallery(patterns, conductor, sparks, store.get().document.name),
      ),
    story: () => (story.story.isOn ? story.story.stop() : story.start()),
    share: () => share(store, player.now(), document.querySelector<HTMLElement>('#share span')),
    alerts: () => choose('Alerts while playing', !alertsAreOn(), switchAlerts),
    seeds: () => choose('Runs of other seeds unasked', !runsSeedsUnasked(), runSeedsUnasked),
    letters: () => choose('Keys of a single character', !hearsLetters(), hearLetters),
  }
  return actions
}

/** Switches something on or off for good, and says so. */
function choose(what: string, isOn: boolean, tell: (isOn: boolean) => void): void {
  tell(isOn)
  const title = `${what} are ${isOn ? 'on' : 'off'}`
  notify({ id: 'choice', tone: 'plain', title, text: 'This browser remembers it.' })
}

/** Goes to a moment, if there is one. */
function jump(time: number | undefined, player: Player): void {
  if (time === undefined) return
  player.pause()
  player.to(time)
}

/** Another seed, as one step that can be undone. */
function changeSeed(other: (seed: string) => string, { store }: Desk): void {
  const { document, opened } = store.get()
  const seed = other(document.seed ?? opened?.scenario.seed ?? '1')
  store.edit(`seed ${seed}`, (draft) => {
    draft.seed = seed
  })
}

/** Stops what is being computed; when nothing is, picks nothing; when nothing was picked, all is read. */
export function cancel({ store, conductor }: Pick<Desk, 'store' | 'conductor'>): void {
  const state = store.get()
  if (isComputing(state)) return conductor.cancel()
  if (isNothing(state.view)) return dismissTrouble(store)
  store.update((draft) => void Object.assign(draft.view, NOTHING))
}

/** Switches in B the pattern that differs, or the one that was switched last. */
function toggleDifference(desk: Desk): void {
  const { opened, document } = desk.store.get()
  if (!opened) return
  const [first] = differenceOf(opened, document).patterns
  const last = Object.keys(document.switches.B).at(-1)
  const id = first?.attachment.id ?? last
  if (id !== undefined) toggle(id, 'B', desk)
}
