/** The parts of a topology panel: heading, layers of the picture, buttons over the services, words below. */
import { el, setAll, setText, sideTag } from '../dom.ts'
import { icon } from '../draw/icons.ts'
import { paper } from '../draw/scene.ts'
import type { Plan } from '../draw/plan.ts'
import { ratePerDot } from '../draw/dots.ts'
import { CROWD, type Focus } from '../facts/folding.ts'
import type { TopologyNow } from '../facts/topology-now.ts'
import { outcomes, servedAt } from '../facts/window.ts'
import { digits, listed, moment, NBSP, wholePercent } from '../format.ts'
import type { Runs, VariantRun } from '../runs.ts'
import type { Selection } from '../selection.ts'
import type { Side } from '../state.ts'
import { variantOf } from '../switches.ts'
import { askPlaces, hearTopology } from '../picture-edits.ts'
import { edgeCard } from './edge-card.ts'
import { domainCard } from './domain-card.ts'
import { findBox } from './find-box.ts'
import { listenToHands } from './topology-hands.ts'
import { minimap } from './minimap.ts'
import { NodeButtons } from './node-buttons.ts'
import type { Drawn, Letters } from './topology-plan.ts'
import type { Sharing } from './topology-sharing.ts'
import type { Reading } from './topology-showing.ts'

/** What a panel is made of. */
export type Parts = ReturnType<typeof createParts>

/** Builds a panel in its place. */
export function createParts(host: HTMLElement, side: Side, sharing: Sharing) {
  const layers = paper()
  const buttons = new NodeButtons(`Services in ${side}`)
  const card = edgeCard()
  const domain = domainCard(() => sharing.toggle(undefined))
  const map = minimap(sharing)
  const foot = footOf()
  const room = el(
    'div',
    { class: 'graph-room' },
    [...layers.elements],
    [buttons.list, map.canvas, foot.element, card.element, domain.element],
  )
  const find = findBox(host, buttons)
  const heading = headingOf(side, sharing, () => find.open())
  const below = el('p', { class: 'caption' })
  host.replaceChildren(heading.element, room, below, find.element)
  const letters = lettersOf(layers.picture)
  const stops = [
    listenToHands({ host, room, buttons, sharing }),
    hearTopology(host, (order) => (order === 'find' ? find.open() : heading.nextFocus())),
  ]
  return {
    room,
    below,
    paper: layers,
    measure: letters,
    head(runs: Runs, of: Side, selection: Selection, drawn: Drawn): void {
      heading.show(runs, of, selection, drawn)
      foot.show(runs[of]!, drawn, sharing)
      find.offer(runs[of]!.layout.services.map(({ name }) => name))
      buttons.unplaced = drawn.computed ?? []
      host.classList.toggle('crowded', drawn.folding.folds.length > 0)
      const isDifference = selection.isDifference && runs.A !== undefined && runs.B !== undefined
      host.classList.toggle('difference', isDifference && of === 'A')
      host.classList.toggle('twin', isDifference && of === 'B')
    },
    place(plan: Plan, run: VariantRun): void {
      buttons.place(plan, run.layout.edges)
      map.draw(plan, room)
    },
    say(words: ReadonlyMap<string, string>, chosen: string | undefined): void {
      buttons.say(words, chosen, sharing.opened)
    },
    card(reading: Reading, selection: Selection): void {
      card.show(reading, selection, buttons.plan)
      domain.show(reading, sharing.opened, buttons.plan)
    },
    sentence,
    destroy: () => stops.forEach((stop) => stop()),
  }
}

/** The picture in one sentence, for who does not see it. */
function sentence(run: VariantRun, side: Side, now: TopologyNow, look: Selection): string {
  const failing = [...now.services.values()].filter(({ health }) => health === 'failing')
  const names = failing.map(({ name }) => name)
  const trouble = names.length > 0 ? `Failing: ${listed(names, 5)}.` : 'No service is failing.'
  const share = wholePercent(servedIn(run, look))
  return `Services of variant ${side} ${whenOf(look)}: ${share} served. ${trouble}`
}

function whenOf({ time, range }: Selection): string {
  return range ? `from ${moment(range.from)} to ${moment(range.until)}` : `at ${moment(time)}`
}

/** Share of requests that are served in what is looked at. */
function servedIn(run: VariantRun, { time, range }: Selection): number {
  if (!range) return servedAt(run, time)
  const { bucket } = run.layout
  const stretch = {
    from: run.bucketAt(range.from),
    to: Math.max(run.bucketAt(range.from) + 1, Math.ceil(range.until / bucket)),
  }
  const { served } = outcomes(run, stretch)
  return Number.isNaN(served) ? 1 : served
}

/** What the button of a focus says. */
const FOCUS_WORDS: Readonly<Record<Focus, string>> = {
  all: 'all',
  cascade: 'cascade',
  near: '2 hops',
}

function headingOf(side: Side, sharing: Sharing, find: () => void) {
  const title = el('h2', {})
  const share = el('b', {})
  const when = document.createTextNode('')
  const now = el('span', { class: 'now' }, share, ' ', when)
  let shown: Focus = 'all'
  let isChosen = false
  const focusWord = el('span', {})
  const focus = el(
    'button',
    { class: 'btn mini', type: 'button', onclick: () => sharing.nextFocus(shown, isChosen) },
    [icon('focus'), focusWord],
  )
  const search = el(
    'button',
    { class: 'btn mini', type: 'button', title: 'Find a service (/)', onclick: find },
    [icon('find'), el('kbd', { 'aria-hidden': 'true' }, '/')],
  )
  setAll(search, { 'aria-label': 'Find a service' })
  const element = el('header', {}, sideTag(side), title, now, focus, search)
  return {
    element,
    nextFocus: () => sharing.nextFocus(shown, isChosen),
    show(runs: Runs, of: Side, selection: Selection, drawn: Drawn): void {
      const { opened } = runs
      const run = runs[of]!
      const variant = opened && variantOf(opened.scenario, of)
      const isDifference = selection.isDifference && runs.A && runs.B
      setText(title, isDifference ? 'B − A' : (variant?.title ?? opened?.scenario.title ?? ''))
      const served = servedIn(run, selection)
      setText(share, wholePercent(served))
      share.className = served < 0.9 ? 'bad' : 'good'
      const words = selection.range ? 'served in the range' : 'served now'
      if (when.data !== words) when.data = words
      now.hidden = Boolean(isDifference)
      shown = drawn.focus
      isChosen = selection.service !== undefined
      const isCrowd = run.layout.services.length > CROWD
      setText(focusWord, isCrowd || shown !== 'all' ? FOCUS_WORDS[shown] : '')
      const says = `Focus: ${FOCUS_WORDS[shown]}. Next focus (G)`
      setAll(focus, { title: says, 'aria-label': says })
    },
  }
}

/** The scale of the dots, and a way to keep positions that were computed. */
function footOf() {
  const scale = el('span', { class: 'dot-scale' })
  const keep = el('button', { class: 'link', type: 'button' }, 'Keep these positions')
  const element = el('div', { class: 'graph-foot' }, scale, keep)
  let computed: Drawn['computed']
  keep.addEventListener('click', () => {
    if (!computed) return
    const places = computed.map(({ name, x, y }) => [name, [x, y]] as const)
    askPlaces(element, 'keep positions', new Map(places))
  })
  return {
    element,
    show(run: VariantRun, drawn: Drawn, sharing: Sharing): void {
      const calls = sharing.callsPerDot(run)
      const rate = digits(ratePerDot(calls), 2)
      setText(scale, `1 dot = ${calls} ${calls === 1 ? 'call' : 'calls'}`)
      setAll(scale, { title: `about ${rate}${NBSP}calls/s on an edge of usual length` })
      ;({ computed } = drawn)
      keep.hidden = computed === undefined
    },
  }
}

/** Widths of texts in the type of the picture, bold because names of troubled services are. */
function lettersOf(picture: SVGElement): () => Letters {
  const context = document.createElement('canvas').getContext('2d')
  const widths = new Map<string, number>()
  let of = ''
  return () => {
    const { fontFamily } = getComputedStyle(picture)
    const size = matchMedia('(max-width: 719px)').matches ? 12 : 11
    const font = `700 ${size}px ${fontFamily}`
    if (font !== of) widths.clear()
    of = font
    return {
      size,
      measure(text) {
        const known = widths.get(text)
        if (known !== undefined) return known
        if (context) context.font = font
        const width = context?.measureText(text).width ?? text.length * size * 0.62
        widths.set(text, width)
        return width
      },
    }
  }
}
