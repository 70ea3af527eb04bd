/** Playing: to the start, back, play, on; the time; the speed; and what the hues mean. */
import { el, setText } from '../dom.ts'
import { setIcon, type Sign } from '../draw/icons.ts'
import { moment } from '../format.ts'
import type { Player } from '../player.ts'
import { legend } from './legend.ts'
import type { Show } from './panel.ts'

const SPEEDS = [0.25, 1, 4, 16]

/** Builds the bar. */
export function transportPanel(host: HTMLElement, player: Player): Show {
  const play = button('play', 'Play', () => player.toggle())
  const clock = el('output', { class: 'clock' })
  const length = el('span', { class: 'length' })
  const speeds = SPEEDS.map((speed) => el('option', { value: speed }, `${speed}×`))
  const speed = el('select', { 'aria-label': 'Speed', name: 'speed' }, speeds)
  speed.value = '1'
  speed.addEventListener('change', () => player.setSpeed(Number(speed.value)))
  play.classList.add('primary')
  host.replaceChildren(
    button('start', 'To the start', () => player.to(0)),
    button('back', 'One step back', () => player.step(-1)),
    play,
    button('forward', 'One step on', () => player.step(1)),
    clock,
    length,
    speed,
    legend(),
  )
  return ({ view }, runs) => {
    const run = runs.A ?? runs.B
    const { isPlaying } = view
    setIcon(play, isPlaying ? 'pause' : 'play')
    play.setAttribute('aria-label', isPlaying ? 'Pause' : 'Play')
    setText(clock, moment(player.now(), 1))
    setText(length, run ? `of ${moment(run.layout.duration, 0)}` : '')
  }
}

function button(sign: Sign, title: string, act: () => void): HTMLButtonElement {
  const made = el('button', {
    class: 'btn icon',
    type: 'button',
    title,
    'aria-label': title,
    onclick: act,
  })
  setIcon(made, sign)
  return made
}
