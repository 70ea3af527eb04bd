/** The story of the page: the button beside the verdict, and the bar that takes the place of the verdict. */
import { el, setAll, setText } from '../dom.ts'
import { setIcon } from '../draw/icons.ts'
import { withPart } from '../lazy.ts'
import { recall, remember } from '../memory.ts'
import type { Runs } from '../runs.ts'
import { isComputing, type Document, type State } from '../state.ts'
import type { Store } from '../store.ts'
import { storyBar } from '../story/bar.ts'
import { isOnSwitch, setStage } from '../story/stagecraft.ts'
import type { Script } from '../story/step.ts'
import { Story } from '../story/story.ts'
import type { Show } from './panel.ts'

/** Where it is kept that somebody has seen a story: the button is small from then on. */
const SEEN = 'story'

/** A story and the panel that shows it. */
export interface StoryPanel {
  readonly story: Story
  readonly show: Show
  /** Begins, when there is something to tell. */
  start(): void
}

/**
 * Builds the panel.
 * @param host where the button stands; the bar lies beside it
 * @param luck says in how many seeds it comes out like this; undefined: not counted
 */
export function storyPanel(
  host: HTMLElement,
  store: Store<State>,
  luck: () => string | undefined,
): StoryPanel {
  const still = matchMedia('(prefers-reduced-motion: reduce)')
  const story = new Story(store, () => still.matches)
  const bar = storyBar(story)
  let runs: Runs | undefined
  let told: Document | undefined
  const begin = (script: Script | undefined): void => {
    if (!script || story.isOn) return
    told = store.get().document
    remember(SEEN, 'seen')
    isUsed = true
    story.start(script)
    bar.element.querySelector('button')?.focus()
  }
  const start = (): void =>
    void withPart(
      () => import('../story/script.ts'),
      ({ scriptOf }) => begin(runs && scriptOf(runs, luck())),
    )
  const opener = openerOf(start)
  let isUsed = recall(SEEN) !== undefined
  host.replaceChildren(opener)
  host.after(bar.element)
  bar.element.hidden = true
  listen(story)
  let wasOn = false
  return {
    story,
    start,
    show(state, now) {
      runs = now
      if (story.isOn && told !== state.document) story.stop()
      showOpener(opener, isUsed, !isComputing(state) && isFinished(now))
      if (!story.isOn && !wasOn) return
      wasOn = story.isOn
      host.parentElement!.classList.toggle('telling', story.isOn)
      bar.element.hidden = !story.isOn
      bar.show()
      setStage(story.step, (state.view.time ?? 0) / (now.A?.layout.duration ?? 1))
      if (!wasOn) opener.focus()
    },
  }
}

function openerOf(start: () => void): HTMLButtonElement {
  const made = el('button', { class: 'btn primary story-opener', type: 'button', onclick: start })
  setIcon(made, 'play')
  made.append(el('span', {}))
  return made
}

/** The button waits for both runs; once used, it is small. */
function showOpener(opener: HTMLButtonElement, isUsed: boolean, isReady: boolean): void {
  setText(opener.lastElementChild!, isUsed ? 'Story' : 'Play the story')
  setAll(opener, { 'aria-label': 'Play the story' })
  opener.classList.toggle('primary', !isUsed)
  opener.disabled = !isReady
}

function isFinished({ A, B }: Runs): boolean {
  return A?.result !== undefined && B?.result !== undefined && A.isDone && B.isDone
}

/** Keys of the story, and the switch that it waits for. */
function listen(story: Story): void {
  addEventListener('keydown', (event) => hear(event, story), { capture: true })
  document.addEventListener(
    'click',
    (event) => {
      if (!story.isOn || !isOnSwitch(event, story.step?.sight)) return
      event.preventDefault()
      event.stopImmediatePropagation()
      story.turn()
    },
    { capture: true },
  )
}

function hear(event: KeyboardEvent, story: Story): void {
  if (!story.isOn || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
  const { target } = event
  if (document.querySelector('dialog[open]') || isOwner(target, event.code)) return
  const acts: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => story.back(),
    ArrowRight: () => story.next(),
    Escape: () => story.stop(),
    Space: () => (story.isPlaying ? story.pause() : story.play()),
  }
  const act = acts[event.code]
  if (!act) return
  event.preventDefault()
  event.stopPropagation()
  act()
}

/** Whether the focused control has a use of its own for a key. */
function isOwner(target: EventTarget | null, code: string): boolean {
  if (!(target instanceof Element) || code === 'Escape') return false
  if (code === 'Space') return target.closest('button, input, select, summary, a') !== null
  return target.closest('input, select, textarea, [role=slider]') !== null
}
