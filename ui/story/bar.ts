/** The bar of a story: what is said, what is asked, and how to go on, back or away. */
import { el, setAll, setText } from '../dom.ts'
import { setIcon, type Sign } from '../draw/icons.ts'
import type { Step } from './step.ts'
import type { Story } from './story.ts'

/** The bar and how to bring it up to date. */
export interface Bar {
  readonly element: HTMLElement
  show(): void
}

/** Builds the bar of a story. */
export function storyBar(story: Story): Bar {
  const words = el('p', { class: 'story-words', 'aria-live': 'polite' })
  const asks = askPart(story)
  const steers = steerPart(story)
  const element = el(
    'div',
    { class: 'story-bar', role: 'group', 'aria-label': 'Story' },
    words,
    asks.element,
    steers.element,
  )
  return {
    element,
    show() {
      const { step } = story
      if (!step) return
      setText(words, textOf(step, story.answer))
      asks.show(step)
      steers.show()
    },
  }
}

/** The sentence of a step; where it shows what came of the bet, that comes first. */
function textOf({ words, isReveal, bet }: Step, answer: boolean | undefined): string {
  if (bet) return `${words} ${bet.question}`
  return isReveal && answer !== undefined ? `You bet ${answer ? 'yes' : 'no'}. ${words}` : words
}

/** Buttons of the question, or of the switch. */
function askPart(story: Story) {
  const yes = button('Yes', () => story.bet(true))
  const no = button('No', () => story.bet(false))
  const turn = button('', () => story.turn())
  turn.classList.add('primary')
  return {
    element: el('span', { class: 'story-asks' }, yes, no, turn),
    show(step: Step) {
      yes.hidden = no.hidden = step.bet === undefined
      turn.hidden = step.turn === undefined
      setText(turn, step.turn ?? '')
      setAll(yes, { 'aria-pressed': String(story.answer === true) })
      setAll(no, { 'aria-pressed': String(story.answer === false) })
    },
  }
}

/** Back, play, on, away, and where it is. */
function steerPart(story: Story) {
  const back = sign('back', 'One step back', () => story.back())
  const play = sign('play', 'Play', () => (story.isPlaying ? story.pause() : story.play()))
  const next = sign('forward', 'Next step', () => story.next())
  const skip = button('Skip', () => story.stop())
  const count = el('span', { class: 'story-count' })
  const place = el('input', {
    type: 'range',
    min: 0,
    step: 0.1,
    'aria-label': 'Place in the story',
  })
  place.addEventListener('input', () => story.seek(Number(place.value)))
  return {
    element: el('span', { class: 'story-steers' }, back, play, next, count, skip, place),
    show() {
      const { index, length, isPlaying, position, total } = story
      const isLast = index === length - 1
      setText(count, `${index + 1} of ${length}`)
      setText(skip, isLast ? 'Close' : 'Skip')
      setIcon(play, isPlaying ? 'pause' : 'play')
      setAll(play, { 'aria-label': isPlaying ? 'Pause the story' : 'Play the story' })
      setAll(place, { max: total.toFixed(1), 'aria-valuetext': `step ${index + 1} of ${length}` })
      if (document.activeElement !== place || isPlaying) place.value = position.toFixed(1)
      back.disabled = index === 0
      next.disabled = isLast
    },
  }
}

function button(text: string, act: () => void): HTMLButtonElement {
  return el('button', { class: 'btn', type: 'button', onclick: act }, text)
}

function sign(icon: Sign, title: string, act: () => void): HTMLButtonElement {
  const made = el('button', {
    class: 'btn icon',
    type: 'button',
    'aria-label': title,
    onclick: act,
  })
  setIcon(made, icon)
  return made
}
