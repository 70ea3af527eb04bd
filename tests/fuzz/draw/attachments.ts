/** Patterns of the catalogue at every place where they may sit, with values their own rules agree to. */
import fc from 'fast-check'
import type { AnyComponent } from '../../../engine/component.ts'
import type { Params } from '../../../engine/params.ts'
import { sitsOn } from '../../../engine/scenario/check/attachments.ts'
import type { Catalogue } from '../../../engine/scenario/schema/patterns.ts'
import { choice, chosen, type Pen } from './draws.ts'
import { complete, type KnobDraw, knobs, resolved, writtenKnobs } from './knobs.ts'

/** A pattern before it is written. `rank` decides whether it is in: see `isIn`. */
export interface AttachmentDraw {
  readonly rank: number
  readonly values: Readonly<Record<string, KnobDraw>>
  /** Values that a config push brings, and those that differ at one place. */
  readonly others: Readonly<Record<string, KnobDraw>>
  readonly where: readonly number[]
  readonly onService: boolean
  readonly everywhere: boolean
  readonly differs: boolean
  readonly isUnchecked: boolean
}

/** One draw for every component, so that each is as likely as any other to be in. */
export function attachments(
  catalogue: Catalogue,
): fc.Arbitrary<Readonly<Record<string, AttachmentDraw>>> {
  const all = [...catalogue].map(([name, component]) => [name, attachment(component)])
  return fc.record(Object.fromEntries(all) as Record<string, fc.Arbitrary<AttachmentDraw>>)
}

function attachment({ params }: AnyComponent): fc.Arbitrary<AttachmentDraw> {
  return fc.record({
    rank: fc.nat({ max: 99 }),
    values: knobs(params as Params),
    others: knobs(params as Params),
    where: fc.array(choice, { minLength: 1, maxLength: 2 }),
    onService: fc.boolean(),
    everywhere: fc.boolean(),
    differs: fc.boolean(),
    isUnchecked: fc.nat({ max: 60 }).map((n) => n === 60),
  })
}

/** Swarm: of a hundred ranks the upper `density` are in; shrinking lowers ranks and takes patterns out. */
export function isIn({ rank }: AttachmentDraw, density: number): boolean {
  return rank >= 100 - density
}

/** What there is to sit on and to name. */
export interface Ground {
  readonly catalogue: Catalogue
  readonly services: readonly string[]
  readonly edges: readonly string[]
  readonly pen: Pen
}

/** Name of an attachment in the file; no other word of a file is like it. */
export const idOf = (component: string): string => `the-${component}`
/** The component of an attachment. */
export const componentOf = (id: string): string => id.slice('the-'.length)

/** The section `patterns`: one attachment of each component that is in. */
export function writtenAttachments(
  draws: Readonly<Record<string, AttachmentDraw>>,
  density: number,
  ground: Ground,
): Record<string, object> {
  const inside = Object.entries(draws).filter(([, draw]) => isIn(draw, density))
  return Object.fromEntries(
    inside.map(([name, draw]) => [idOf(name), writtenAttachment(name, draw, ground)]),
  )
}

function writtenAttachment(name: string, draw: AttachmentDraw, ground: Ground): object {
  const component = ground.catalogue.get(name)!
  const params = component.params as Params
  const values = valuesOf(component, draw, ground)
  const places = placesOf(component, draw, ground)
  return {
    use: name,
    where: draw.differs ? differing(component, draw, places, ground) : places,
    ...writtenKnobs(params, values, ground.pen),
  }
}

/** The first place keeps the values of the pattern, the others have some of their own. */
function differing(
  component: AnyComponent,
  draw: AttachmentDraw,
  places: readonly string[],
  ground: Ground,
): Record<string, unknown> {
  const params = component.params as Params
  const own = resolved(params, draw.others, targets(ground), ground.pen)
  const fits = complaints(component, { ...valuesOf(component, draw, ground), ...own }).length === 0
  const written = fits ? writtenKnobs(params, own, ground.pen) : {}
  return Object.fromEntries(places.map((place, at) => [place, at === 0 ? {} : written]))
}

/** Whom a knob may name: mostly the last services, which call nobody, so that no circle comes about. */
function targets({ services }: Ground): readonly string[] {
  const last = services.at(-1)!
  return [...services, last, last, last, last]
}

/** Drawn values that the component's own check agrees to: those it complains about are left out, the last first. */
export function valuesOf(
  component: AnyComponent,
  draw: AttachmentDraw,
  ground: Ground,
): Record<string, unknown> {
  const params = component.params as Params
  const values = resolved(params, withNames(params, draw.values), targets(ground), ground.pen)
  if (draw.isUnchecked) return values
  const names = Object.keys(values)
  for (const name of names.toReversed()) {
    if (complaints(component, values).length === 0) return values
    if (params[name]!.kind !== 'service' && params[name]!.kind !== 'steps') delete values[name]
  }
  return values
}

/** A service that a pattern may name is named: without it most such patterns do nothing. */
function withNames(
  params: Params,
  values: Readonly<Record<string, KnobDraw>>,
): Record<string, KnobDraw> {
  const named = Object.entries(params).flatMap(([name, { kind }]) => {
    if (kind === 'service') return [[name, values[name] ?? 999]]
    if (kind === 'steps') return [[name, values[name] ?? [{ service: 999, act: 'write' }]]]
    return []
  })
  return { ...values, ...Object.fromEntries(named) }
}

function complaints(component: AnyComponent, values: Record<string, unknown>): readonly string[] {
  return component.check?.(complete(component.params as Params, values) as never) ?? []
}

function placesOf(component: AnyComponent, draw: AttachmentDraw, ground: Ground): string[] {
  const { edges: onEdges, services: onServices } = sitsOn(component)
  const services = onServices && (draw.onService || !onEdges)
  if (draw.everywhere) return [services ? '*' : '* -> *']
  const list = services ? ground.services : ground.edges
  return [...new Set(draw.where.map((which) => chosen(list, which)!))]
}
