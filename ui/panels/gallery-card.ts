/** A card of the gallery: title, question, what it is about, and how A and B end in small. */
import { el, sideTag, svg } from '../dom.ts'
import { wholePercent, words } from '../format.ts'
import type { Entry } from '../library.ts'
import type { Spark, Sparks, Sliver } from '../sparks.ts'
import { SIDES } from '../state.ts'

/** Room of a spark, pixels. */
const WIDTH = 90
const HEIGHT = 18

/** A card; its sparks come later. */
export function cardOf(entry: Entry, isOpen: boolean, take: (entry: Entry) => void): HTMLElement {
  const { title, question, tags, folder } = entry
  const about = [tags.difficulty, tags.problem, ...tags.patterns.map(words), folder]
  return el(
    'button',
    {
      class: `scene${isOpen ? ' open' : ''}`,
      type: 'button',
      'data-scenario': entry.name,
      'aria-current': isOpen ? 'true' : undefined,
      onclick: () => take(entry),
    },
    el('b', {}, title, isOpen ? el('small', {}, ' open now') : undefined),
    el('span', { class: 'card-question' }, question),
    el('span', { class: 'card-sparks' }),
    el(
      'span',
      { class: 'card-tags' },
      about.filter((one) => one !== '').map((one) => el('span', {}, one)),
    ),
  )
}

/** Puts the sparks on a card. */
export function drawSparks(card: Element, sparks: Sparks): void {
  const rows = SIDES.flatMap((side) => {
    const spark = sparks[side]
    if (!spark) return []
    const share = el('span', {}, `${wholePercent(spark.served)} served`)
    return [el('span', { class: 'spark' }, sideTag(side), pictureOf(spark), share)]
  })
  card.querySelector('.card-sparks')?.replaceChildren(...rows)
}

const LAYERS = [
  ['ok', ({ served }: Sliver) => served],
  ['fast', ({ refused }: Sliver) => refused],
  ['fail', ({ failed }: Sliver) => failed],
] as const

/** What was served, refused and failed, from below. */
function pictureOf({ slivers }: Spark): SVGSVGElement {
  const wide = WIDTH / Math.max(1, slivers.length)
  const tops = slivers.map(() => HEIGHT)
  const paths = LAYERS.map(([hue, share]) => {
    const bars = slivers.map((one, at) => {
      const height = share(one) * HEIGHT
      tops[at]! -= height
      if (height < 0.05) return ''
      return `M${(at * wide).toFixed(1)} ${tops[at]!.toFixed(1)}h${(wide + 0.2).toFixed(1)}v${height.toFixed(1)}h-${(wide + 0.2).toFixed(1)}Z`
    })
    return svg('path', { class: `spark-${hue}`, d: bars.join('') })
  })
  const size = { width: WIDTH, height: HEIGHT, viewBox: `0 0 ${WIDTH} ${HEIGHT}` }
  return svg('svg', { ...size, 'aria-hidden': 'true' }, ...paths)
}
