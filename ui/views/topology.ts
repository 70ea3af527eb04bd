/** The system at the cursor: who calls whom, how much, how it ends, who is busy, who waits, what failed first. */
import type { Layout } from '../../engine/results/frame.ts'
import { el, setAll, setText, sideTag, svg } from '../dom.ts'
import { PICTURE, placesOf, type Place } from '../draw/graph.ts'
import { edgeMarks, type EdgeMarks, type Spot } from '../draw/topology-edges.ts'
import { loadMarks, nodeMarks, type LabelPlace, type NodeMarks } from '../draw/topology-nodes.ts'
import { caption } from '../facts/caption.ts'
import { firstTroubles, serviceAt } from '../facts/health.ts'
import { servedAt } from '../facts/window.ts'
import { count, listed, moment, wholePercent } from '../format.ts'
import type { VariantRun } from '../runs.ts'
import type { Side } from '../state.ts'
import { variantOf } from '../switches.ts'
import { drawing, type Size, type View } from '../view.ts'

/** Pixels that dots travel in a second of the run. */
const SPEED = 30

/** The picture of one variant. */
export function topology(side: Side): View {
  return {
    create(host) {
      const parts = createParts(host, side)
      const still = matchMedia('(prefers-reduced-motion: reduce)')
      let scene: Scene | undefined
      return drawing(parts.room, {
        paint(size, { [side]: run, opened }) {
          if (!run) return
          const variant = opened && variantOf(opened.scenario, side)
          setText(parts.title, variant?.title ?? opened?.scenario.title ?? '')
          if (!scene || !isSame(scene, run.layout, size)) scene = compose(parts, run.layout, size)
        },
        seek(_, { [side]: run }, { time }) {
          if (run && scene) show(parts, scene, run, time, still.matches ? 0 : (time / 1e9) * SPEED)
        },
      })
    },
  }
}

type Parts = ReturnType<typeof createParts>

function createParts(host: HTMLElement, side: Side) {
  const title = el('h2', {})
  const share = el('b', {})
  const now = el('span', { class: 'now' }, share, ' served now')
  const picture = svg('svg', { class: 'graph', role: 'img' })
  const list = el('ul', { class: 'hidden', 'aria-label': `Services in ${side}` })
  const room = el('div', { class: 'graph-room' }, picture)
  const below = el('p', { class: 'caption' })
  host.replaceChildren(el('header', {}, sideTag(side), title, now), room, below, list)
  return { side, title, share, picture, room, below, list }
}

/** Everything that is drawn for a layout in some room; made once, then only brought up to date. */
interface Scene {
  readonly layout: Layout
  readonly size: Size
  readonly edges: readonly EdgeMarks[]
  readonly nodes: ReadonlyMap<string, NodeMarks>
}

function isSame(scene: Scene, layout: Layout, size: Size): boolean {
  return scene.size === size && shapeOf(scene.layout) === shapeOf(layout)
}

function shapeOf({ scenario, services, edges, units }: Layout): string {
  const circuits = units.filter(({ states }) => states.length > 0).map(({ path }) => path)
  return JSON.stringify([scenario, services, edges.map(({ name }) => name), circuits])
}

function compose({ picture }: Parts, layout: Layout, size: Size): Scene {
  const places = placesOf(layout)
  const spots = spotsOf([...places.values()], size)
  const edges = layout.edges.map(({ name, from, to }) => {
    const units = layout.units.filter(({ place, states }) => place === name && states.length > 0)
    return edgeMarks(name, spots.get(from)!, spots.get(to)!, units)
  })
  const nodes = new Map(
    layout.services.map(({ name }) => {
      const place = places.get(name)!
      return [name, nodeMarks(place, spots.get(name)!, roomFor(place, layout, spots))]
    }),
  )
  const loadSpots = layout.loads.map(({ name }) => spots.get(name)!)
  const room = tightest(loadSpots) < 40 ? 'right' : 'below'
  const loads = layout.loads.map(({ name }, at) =>
    loadMarks(places.get(name)!, loadSpots[at]!, room),
  )
  picture.classList.toggle('dense', tightest([...spots.values()]) < DENSE)
  picture.replaceChildren(
    svg('g', {}, ...edges.map(({ group }) => group)),
    svg('g', {}, ...loads, ...[...nodes.values()].map(({ group }) => group)),
  )
  return { layout, size, edges, nodes }
}

/** Pixels of a letter of a label, and the letters of `900 waiting`. */
const LETTER = 6.3
const NOTE = 11

/** Places in pixels: as wide as labels allow, as high as there is room. */
function spotsOf(places: readonly Place[], { width, height }: Size): ReadonlyMap<string, Spot> {
  const bottom = Math.max(PICTURE.height, ...places.map(({ y }) => y + 14))
  const radius = Math.max(6, Math.min(12, height / 20, (height / places.length) * 0.9))
  const left = Math.max(...places.map(({ name, x }) => (x < 60 ? name.length * LETTER * 0.5 : 0)))
  const scales = places.map(({ name, x, isLeaf, isLoad }) => {
    const label = Math.max(name.length, isLoad ? 0 : NOTE) * LETTER
    const room = isLeaf ? radius + 8 + label : label / 2
    return (width - left - room) / Math.max(1, x - 30)
  })
  const scale = Math.min(...scales, (width - left) / (PICTURE.width - 30))
  const spot = ({ x, y }: Place): Spot => ({
    x: left + (x - 30) * scale,
    y: 8 + (y / bottom) * (height - 16),
    radius,
  })
  return new Map(places.map((place) => [place.name, spot(place)]))
}

/** Pixels between two services below which only those in trouble have a label. */
const DENSE = 14

/** The smallest distance of two services in a column. */
function tightest(spots: readonly Spot[]): number {
  const sorted = spots.toSorted((a, b) => a.x - b.x || a.y - b.y)
  const gaps = sorted
    .slice(1)
    .map(({ x, y }, at) => (Math.abs(x - sorted[at]!.x) < 8 ? y - sorted[at]!.y : Infinity))
  return Math.min(...gaps.map(Math.abs), Infinity)
}

/** Where a label has room: beside those that call nobody, or only one; else below. */
function roomFor(
  { name, isLeaf }: Place,
  layout: Layout,
  spots: ReadonlyMap<string, Spot>,
): LabelPlace {
  if (isLeaf) return 'right'
  const { x, y } = spots.get(name)!
  const column = [...spots.values()].filter((spot) => Math.abs(spot.x - x) < 25 && spot.y > y + 1)
  const below = Math.min(...column.map((spot) => spot.y - y))
  const isOneWay = layout.edges.filter(({ from }) => from === name).length === 1
  if (isOneWay) return below < 48 ? 'raised' : 'below'
  return below < 34 ? 'right' : 'below'
}

function show(parts: Parts, scene: Scene, run: VariantRun, time: number, phase: number): void {
  const troubles = firstTroubles(run).filter((trouble) => trouble.time <= time)
  const faulty = run.layout.faults.filter(({ from, until }) => time >= from && time < until)
  for (const edge of scene.edges) edge.update(run, time, phase)
  const lines: string[] = []
  for (const [name, node] of scene.nodes) {
    const now = serviceAt(run, name, time)
    const order = troubles.findIndex((trouble) => trouble.name === name) + 1
    node.update(now, {
      order,
      hasFault: faulty.some(({ target }) => target.split(/#| -> /)[0] === name),
    })
    const waiting = now.waiting >= 1 ? `, ${count(now.waiting)} waiting` : ''
    lines.push(`${name}, ${now.health}, ${count(now.busy)} of ${count(now.slots)} busy${waiting}`)
  }
  describe(parts, run, time, lines)
}

function describe(
  { share, below, picture, list, side }: Parts,
  run: VariantRun,
  time: number,
  lines: readonly string[],
): void {
  const served = servedAt(run, time)
  setText(share, wholePercent(served))
  share.className = served < 0.9 ? 'bad' : 'good'
  setText(below, caption(run, time))
  const failing = lines
    .filter((line) => line.includes(', failing'))
    .map((line) => line.split(',')[0]!)
  const trouble = failing.length > 0 ? `Failing: ${listed(failing, 5)}.` : 'No service is failing.'
  setAll(picture, {
    'aria-label': `Services of variant ${side} at ${moment(time)}: ${wholePercent(served)} served. ${trouble}`,
  })
  for (const [at, line] of lines.entries()) {
    const item = list.children[at] ?? list.appendChild(el('li'))
    setText(item, line)
  }
  while (list.children.length > lines.length) list.lastElementChild!.remove()
}
