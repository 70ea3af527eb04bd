/** A whole scenario, drawn: swarm options first, then everything that may be in a file, as the text of that file. */
import fc from 'fast-check'
import { stringify } from 'yaml'
import { MILLISECOND, SECOND } from '../../../engine/units.ts'
import type { Catalogue } from '../../../engine/scenario/schema/patterns.ts'
import type { AttachmentDraw } from './attachments.ts'
import { attachments, idOf, isIn, writtenAttachments } from './attachments.ts'
import { distribution, type DistributionDraw, writtenTimes } from './distributions.ts'
import { choice, chosen, mostly, oneOf, Pen, percent } from './draws.ts'
import { type FaultDraw, faults, writtenFaults } from './faults.ts'
import { loadEdges, type LoadDraw, loads, withRate, writtenLoads } from './loads.ts'
import { type ServiceDraw, serviceName, services, writtenServices } from './services.ts'

interface LinkDraw {
  readonly latency: DistributionDraw
  readonly loss: number
  readonly duplicate: number
  readonly bandwidth: number
  readonly fifo: boolean
}

/** Everything that is drawn for one file. */
interface ScenarioDraw {
  /** Percent of the patterns that are in: swarms of few and of many find different faults. */
  readonly density: number
  readonly isCoarse: boolean
  readonly hasFaults: boolean
  readonly duration: number
  readonly warmup: number
  readonly seed: number
  readonly services: readonly ServiceDraw[]
  readonly loads: readonly LoadDraw[]
  readonly link: LinkDraw
  readonly ownLink: LinkDraw | undefined
  readonly linked: number
  readonly attachments: Readonly<Record<string, AttachmentDraw>>
  readonly order: number
  readonly faults: readonly FaultDraw[]
  readonly budget: readonly [events: number, memory: string]
}

const link: fc.Arbitrary<LinkDraw> = fc.record({
  latency: distribution,
  loss: mostly(0, [0.02, 0.3], 2),
  duplicate: mostly(0, [0.02, 0.3], 2),
  bandwidth: mostly(Infinity, [1000, 100_000], 2),
  fifo: mostly(false, [true], 2),
})

/** The text of any file. */
export function scenarioText(catalogue: Catalogue): fc.Arbitrary<string> {
  return draw(catalogue).map((one) =>
    stringify(written(one, catalogue), { aliasDuplicateObjects: false }),
  )
}

function draw(catalogue: Catalogue): fc.Arbitrary<ScenarioDraw> {
  return fc.record({
    density: oneOf([0, 25, 40, 60, 90]),
    isCoarse: mostly(false, [true]),
    hasFaults: mostly(false, [true], 6),
    duration: oneOf([1, 0.2, 3, 10].map((seconds) => seconds * SECOND)),
    warmup: mostly(0, [0.1, 0.5], 2),
    seed: fc.nat({ max: 1_000_000 }),
    services,
    loads,
    link,
    ownLink: fc.option(link, { nil: undefined, freq: 2 }),
    linked: choice,
    attachments: attachments(catalogue),
    order: mostly(0, [1, 2, 3], 3),
    faults,
    budget: oneOf<readonly [number, string]>([
      [5000, '1GB'],
      [5000, '1GB'],
      [5000, '1GB'],
      [5000, '1GB'],
      [1000, '1GB'],
      [5000, '1MB'],
    ]),
  })
}

/** The file of a draw as plain data. */
function written(one: ScenarioDraw, catalogue: Catalogue): object {
  const pen = new Pen(one.isCoarse)
  const { duration } = one
  const places = writtenServices(one.services, pen)
  const names = Object.keys(places)
  const users = writtenLoads(one.loads, { duration, services: names.length, pen })
  const calls = edgesOf(places)
  const edges = [...calls, ...loadEdges(one.loads, names.length)]
  const ground = { catalogue, services: names, edges, pen }
  const patterns = writtenAttachments(one.attachments, one.density, ground)
  const inside = Object.entries(one.attachments)
    .filter(([, each]) => isIn(each, one.density))
    .map(([name, each]) => [idOf(name), each])
  const instances = one.services.flatMap((each, at) => instancesOf(each, at))
  const areas = areasOf(one.services)
  const loads = Object.keys(users)
  const range = { ...ground, duration, loads, rates: withRate(users), instances, areas }
  const list = one.hasFaults ? one.faults : []
  return {
    schema: 1,
    duration: pen.span(duration),
    ...(one.warmup > 0 ? { warmup: pen.span(Math.round(one.warmup * duration)) } : {}),
    seed: one.seed,
    services: places,
    links: writtenLinks(one, edges, pen),
    load: users,
    patterns,
    ...(one.order > 0 ? { order: ordered(Object.keys(patterns), one.order) } : {}),
    faults: writtenFaults(list, {
      ...range,
      patterns: Object.fromEntries(inside) as typeof one.attachments,
    }),
    objective: { p99: pen.span(50 * MILLISECOND) },
    budget: { events: one.budget[0], memory: one.budget[1] },
  }
}

/** Zones and regions that there are. */
function areasOf(draws: readonly ServiceDraw[]): string[] {
  const all = draws.flatMap(({ zone, region }) => [zone, region])
  return [...new Set(all)].filter((area) => area !== '')
}

function instancesOf({ instances }: ServiceDraw, index: number): string[] {
  return Array.from({ length: instances }, (_, n) => `${serviceName(index)}#${n}`)
}

/** Who calls whom, found in what was written. */
function edgesOf(places: Readonly<Record<string, object>>): string[] {
  const named = (value: unknown): string[] => {
    if (typeof value === 'string') return value in places ? [value] : []
    return typeof value === 'object' && value !== null ? Object.values(value).flatMap(named) : []
  }
  const edges = Object.entries(places).flatMap(([name, place]) =>
    named('calls' in place ? place.calls : []).map((callee) => `${name} -> ${callee}`),
  )
  return [...new Set(edges)]
}

function writtenLinks(one: ScenarioDraw, edges: readonly string[], pen: Pen): object {
  const own = one.ownLink && { [chosen(edges, one.linked)!]: writtenLink(one.ownLink, pen) }
  return { default: writtenLink(one.link, pen), ...own }
}

function writtenLink({ latency, loss, duplicate, bandwidth, fifo }: LinkDraw, pen: Pen): object {
  return {
    latency: writtenTimes(latency, pen),
    ...(loss > 0 ? { loss: percent(loss) } : {}),
    ...(duplicate > 0 ? { duplicate: percent(duplicate) } : {}),
    ...(bandwidth < Infinity ? { bandwidth: `${bandwidth}B/s` } : {}),
    ...(fifo ? { fifo } : {}),
  }
}

/** Some order of the layers that is not their own. */
function ordered(ids: readonly string[], which: number): string[] {
  if (which === 1) return ids.toReversed()
  const middle = Math.floor(ids.length / which)
  return [...ids.slice(middle), ...ids.slice(0, middle)]
}
