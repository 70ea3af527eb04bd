/** The button beside the verdict: plays from just before the first fault. */
import { el, setText } from '../dom.ts'
import type { Player } from '../player.ts'
import type { Show } from './panel.ts'

/** Seconds of the run before the fault. */
const BEFORE = 4e9

/** Builds the button. */
export function storyButton(host: HTMLElement, player: Player): Show {
  const key = el('kbd', {}, 'Space')
  const label = el('span', {})
  const button = el('button', { class: 'btn primary', type: 'button' }, label, key)
  let from: number | undefined
  let isPlaying = false
  button.addEventListener('click', () => {
    if (isPlaying) player.pause()
    else player.play(from ?? 0)
  })
  host.replaceChildren(button)
  return ({ view }, runs) => {
    const starts = (runs.A ?? runs.B)?.layout.faults.map((fault) => fault.from) ?? []
    from = starts.length > 0 ? Math.max(0, Math.min(...starts) - BEFORE) : undefined
    ;({ isPlaying } = view)
    setText(label, isPlaying ? 'Pause' : from === undefined ? 'Play' : 'Play the fault')
  }
}
