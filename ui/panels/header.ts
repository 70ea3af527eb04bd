/** The top bar: which scenario, which seed, how far it is, and what to do with it. */
import { el, setText } from '../dom.ts'
import { icon, type Sign } from '../draw/icons.ts'
import { count, large } from '../format.ts'
import { library } from '../library.ts'
import type { Runs } from '../runs.ts'
import { SIDES, type State } from '../state.ts'
import { openHelp } from './help.ts'
import { pickFile } from './open-file.ts'
import type { Desk, Panel, Show } from './panel.ts'
import { nextSeed } from '../next-seed.ts'
import { switchTheme } from '../theme.ts'

/** The panel. */
export const headerPanel: Panel = (host, desk) => {
  const scenario = scenarioPart(desk)
  const seed = seedPart(desk)
  const status = statusPart(desk)
  const buttons = [
    iconButton('undo', 'Undo (Ctrl Z)', () => desk.store.undo()),
    iconButton('redo', 'Redo (Ctrl Shift Z)', () => desk.store.redo()),
    iconButton('theme', 'Light or dark', switchTheme),
    iconButton('help', 'Keys and help', () => openHelp()),
  ]
  const share = el('button', { class: 'btn share', type: 'button' }, 'Copy link')
  share.addEventListener('click', () => void copyLink(share))
  host.replaceChildren(brand(), scenario.element, seed.element, status.element, share, ...buttons)
  return (state, runs) => {
    scenario.show(state, runs)
    seed.show(state, runs)
    status.show(state, runs)
    buttons[0]!.disabled = !desk.store.canUndo
    buttons[1]!.disabled = !desk.store.canRedo
  }
}

interface Part {
  readonly element: HTMLElement
  readonly show: Show
}

function brand(): HTMLElement {
  return el(
    'span',
    { class: 'brand' },
    el('i', { class: 'logo', 'aria-hidden': 'true' }),
    'Faultline',
  )
}

function scenarioPart({ conductor }: Desk): Part {
  const options = library.map(({ name, title }) => el('option', { value: name }, title))
  const own = el('option', { value: '', hidden: true })
  const select = el('select', { 'aria-label': 'Scenario', name: 'scenario' }, own, options)
  select.addEventListener('change', () => {
    const entry = library.find(({ name }) => name === select.value)
    if (entry) void conductor.open(entry.name, entry.text)
  })
  const open = el('button', { class: 'btn open', type: 'button' }, 'Open…')
  open.addEventListener('click', () => void pickFile(conductor))
  return {
    element: el('span', { class: 'scenario' }, select, open),
    show({ document, opened }) {
      const isKnown = library.some(
        ({ name, text }) => name === document.name && text === document.text,
      )
      const title = opened?.scenario.title ?? document.name
      setText(own, isKnown ? '' : `${title} (changed)`)
      const value = isKnown ? document.name : ''
      if (select.value !== value) select.value = value
    },
  }
}

function seedPart({ store }: Desk): Part {
  const input = el('input', {
    type: 'text',
    name: 'seed',
    'aria-label': 'Seed',
    size: 4,
    maxlength: 200,
  })
  const set = (seed: string): void =>
    store.edit(`seed ${seed}`, (draft) => {
      draft.seed = seed
    })
  input.addEventListener('change', () => input.value !== '' && set(input.value))
  const next = el(
    'button',
    { type: 'button', title: 'Next seed', 'aria-label': 'Next seed' },
    icon('next'),
  )
  next.addEventListener('click', () => set(nextSeed(input.value)))
  return {
    element: el(
      'span',
      { class: 'seed' },
      el('span', { 'aria-hidden': 'true' }, 'seed'),
      input,
      next,
    ),
    show({ document, opened }) {
      const seed = document.seed ?? opened?.scenario.seed ?? ''
      if (globalThis.document.activeElement !== input && input.value !== seed) input.value = seed
    },
  }
}

/** Progress while there is some, a way to stop it, and what it came to. */
function statusPart({ conductor }: Desk): Part {
  const text = el('span', { role: 'status' })
  const bar = el('progress', { max: 1, 'aria-label': 'Computed share of both runs' })
  const cancel = el('button', { class: 'btn', type: 'button' }, 'Cancel')
  const again = el('button', { class: 'btn', type: 'button' }, 'Resume')
  cancel.addEventListener('click', () => conductor.cancel())
  again.addEventListener('click', () => conductor.retry())
  return {
    element: el('span', { class: 'status' }, text, bar, cancel, again),
    show(state, runs) {
      const { share, words } = statusOf(state, runs)
      setText(text, words)
      bar.value = share
      const phases = SIDES.map((side) => state.progress[side].phase)
      const isBusy = phases.includes('computing')
      bar.hidden = !isBusy
      cancel.hidden = !isBusy
      again.hidden = isBusy || !phases.includes('stopped')
    },
  }
}

function statusOf({ progress }: State, runs: Runs): { share: number; words: string } {
  const all = SIDES.map((side) => ({ ...progress[side], run: runs[side] }))
  const duration = all[0]!.run?.layout.duration ?? 1
  const to = Math.min(...all.map((one) => (one.phase === 'done' ? duration : one.to)))
  const events = all.reduce((sum, one) => sum + one.events, 0)
  const seconds = Math.floor(to / 1e9)
  const share = to / duration
  if (all.some(({ phase }) => phase === 'computing')) {
    return { share, words: `computed to ${seconds} s · ${large(events)} events` }
  }
  if (all.some(({ phase }) => phase === 'stopped'))
    return { share, words: `stopped at ${seconds} s` }
  if (all.some(({ phase }) => phase !== 'done')) return { share, words: '' }
  const took = Math.max(...all.map((one) => one.took))
  const offered = all[1]!.run?.result?.requests.offered ?? 0
  const speed = `${(took / 1000).toFixed(1)} s`
  return { share, words: `2 × ${count(offered)} requests · ${large(events)} events · ${speed}` }
}

function iconButton(sign: Sign, title: string, act: () => unknown): HTMLButtonElement {
  return el(
    'button',
    { class: 'btn icon', type: 'button', title, 'aria-label': title, onclick: () => void act() },
    icon(sign),
  )
}

async function copyLink(button: HTMLElement): Promise<void> {
  const { href } = location
  try {
    await navigator.clipboard.writeText(href)
    setText(button, 'Copied')
  } catch {
    setText(button, 'It is in the address bar')
  }
  setTimeout(() => setText(button, 'Copy link'), 1500)
}
