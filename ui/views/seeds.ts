/** Is it luck? The same comparison under many seeds: one square a seed, and the differences of the pairs. */
import { el, setAll, setText, svg } from '../dom.ts'
import { drawStrip } from '../draw/seed-strip.ts'
import { drawSquares, optionId } from '../draw/seed-squares.ts'
import { judgeOf } from '../facts/judge.ts'
import { summaryOf, type Summary } from '../facts/seed-summary.ts'
import { luck, seedTable } from '../facts/seed-words.ts'
import { plural } from '../format.ts'
import type { Runs } from '../runs.ts'
import { drawing, type Size, type View } from '../view.ts'
import { partOf } from './verdict-line.ts'

/** What somebody asks of the seeds. */
export type SeedRequest =
  { readonly load: string } | { readonly more: true } | { readonly untilNarrow: boolean }

/** The panel. */
export const seedsView: View = {
  create(host) {
    const parts = createParts(host)
    const hand: Hand = { seeds: [], current: '', chosen: undefined }
    const made = drawing(host, {
      paint() {},
      seeds: (size, runs) => show(parts, hand, size, runs),
      table: seedTable,
    })
    listen(host, parts, hand, () => made.repaint())
    return made
  },
}

/** Which seeds can be chosen, and which one the keys are on. */
interface Hand {
  seeds: readonly string[]
  current: string
  chosen: string | undefined
}

type Parts = ReturnType<typeof createParts>

function createParts(host: HTMLElement) {
  const done = el('small', { class: 'seeds-done', role: 'status' })
  const squares = svg('svg', { class: 'squares', role: 'listbox', tabindex: 0, 'aria-label': NAME })
  const strip = svg('svg', { class: 'strip', role: 'img' })
  const sentence = el('p', { class: 'luck-words' })
  const legend = el('small', {})
  const more = el('button', { class: 'link', type: 'button' }, 'more')
  const narrow = el('input', { type: 'checkbox', id: 'until-narrow' })
  const box = { class: 'check', for: 'until-narrow', title: NARROW_HELP }
  const foot = el('footer', {}, legend, more, el('label', box, narrow, 'until ±2 pt'))
  host.replaceChildren(done, squares, strip, sentence, foot)
  return { done, squares, strip, sentence, legend, more, narrow }
}

const NAME = 'Seeds: arrow keys choose one, Enter shows its runs'
const NARROW_HELP =
  'Adds seeds until the 95 % interval of the mean gain is narrower than ±2 points: looked at with 20, 40, 80, 160 and 200 of them. Stopping by width, and never because a difference shows, keeps the 95 %.'

function show(parts: Parts, hand: Hand, { width }: Size, runs: Runs): void {
  const { seeds: set } = runs
  const judge = judgeOf(runs)
  if (!set || !judge) return
  const summary = summaryOf(set, judge)
  const { current, isUntilNarrow, isRunning, command } = set
  Object.assign(hand, { current, seeds: set.pairs.map(({ seed }) => seed) })
  setText(parts.done, title(summary, isRunning))
  setAll(parts.done, { title: command === undefined ? '' : `The same numbers: ${command}` })
  setText(parts.legend, judge.legend)
  drawSquares(parts.squares, summary, { current, chosen: hand.chosen, width })
  drawStrip(parts.strip, summary, { measure: judge.measure, current, width })
  const said = luck(summary, judge, runs)
  parts.sentence.replaceChildren(...said.map(partOf))
  parts.narrow.checked = isUntilNarrow
  parts.more.disabled = set.pairs.length >= 200
}

function title({ n, wanted }: Summary, isRunning: boolean): string {
  if (n === wanted) return plural(n, 'seed')
  return `${n} of ${wanted} seeds${isRunning ? ' …' : ''}`
}

function listen(host: HTMLElement, parts: Parts, hand: Hand, repaint: () => void): void {
  const ask = (detail: SeedRequest): boolean =>
    host.dispatchEvent(new CustomEvent<SeedRequest>('seeds', { bubbles: true, detail }))
  parts.more.addEventListener('click', () => ask({ more: true }))
  parts.narrow.addEventListener('change', () => ask({ untilNarrow: parts.narrow.checked }))
  parts.squares.addEventListener('click', ({ target }) => {
    const square = (target as Element).closest<SVGGElement>('.square')
    if (square) ask({ load: square.dataset['seed']! })
  })
  parts.squares.addEventListener('blur', () => {
    hand.chosen = undefined
    repaint()
  })
  parts.squares.addEventListener('keydown', (event) => {
    const { seeds, current, chosen = current } = hand
    if ((event.key === 'Enter' || event.key === ' ') && hand.chosen !== undefined) {
      event.preventDefault()
      ask({ load: chosen })
    }
    const way = { ArrowRight: 1, ArrowDown: 20, ArrowLeft: -1, ArrowUp: -20 }[event.key]
    if (way === undefined) return
    event.preventDefault()
    const next = Math.max(0, Math.min(seeds.length - 1, seeds.indexOf(chosen) + way))
    hand.chosen = seeds[next]
    setAll(parts.squares, { 'aria-activedescendant': optionId(hand.chosen ?? '') })
    repaint()
  })
}
