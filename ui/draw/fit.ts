/** From the units of a file to pixels and back: whatever positions there are fill the room, with margins for labels. */
import type { Size } from '../view.ts'
import type { Dot } from './bezier.ts'
import type { Place } from './graph.ts'

/** A point of the picture, and how big what stands there is. */
export interface Spot extends Dot {
  readonly radius: number
}

/** The part of the plane that positions take, in units of the file. */
export interface Extent {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Pixels that a label takes. */
export type Measure = (text: string) => number

/** Where things are drawn. */
export interface Fit {
  readonly radius: number
  spotOf(place: Pick<Place, 'x' | 'y'>): Spot
  /** The position of a pixel, in whole units. */
  placeOf(dot: Dot): [x: number, y: number]
}

/** How far somebody has zoomed in: factor, and the pixels by which the picture is shifted. */
export interface Zoom {
  readonly factor: number
  readonly x: number
  readonly y: number
}

/** The whole picture. */
export const WHOLE: Zoom = { factor: 1, x: 0, y: 0 }

/** The largest and the smallest circle of a service. */
const RADIUS = { most: 10.5, least: 5 } as const
/** Pixels around a circle for the ring of one in trouble. */
const HALO = 6
/** Between circle and label. */
const GAP = 8

/** What the positions take of the plane; never less than `before`, so that a drag does not move all others. */
export function extentOf(places: Iterable<Pick<Place, 'x' | 'y'>>, before?: Extent): Extent {
  const [xs, ys]: [number[], number[]] = [[], []]
  for (const { x, y } of places) {
    xs.push(x)
    ys.push(y)
  }
  if (before) {
    xs.push(before.left, before.right)
    ys.push(before.top, before.bottom)
  }
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  return { left, top, right: Math.max(...xs), bottom: Math.max(...ys) }
}

/** What a fit may be told. */
export interface FitOptions {
  readonly extent?: Extent | undefined
  readonly zoom?: Zoom | undefined
  /** Services that are drawn one by one. */
  readonly count?: number | undefined
  /** Room that the label of a place takes, in pixels. */
  labelOf(place: Place): Size
}

/** Fits places into a room: as wide as labels allow, as high as there is room. */
export function fitOf(places: readonly Place[], room: Size, options: FitOptions): Fit {
  const { extent = extentOf(places), zoom = WHOLE, count = places.length, labelOf } = options
  const radius = radiusOf(count, room)
  const frame = { room, extent, radius, labelOf }
  const [across, down] = [horizontal(places, frame), vertical(places, frame)]
  return {
    radius: Math.min(RADIUS.most + 2, radius * Math.sqrt(zoom.factor)),
    spotOf: ({ x, y }) => ({
      x: (across.start + (x - extent.left) * across.scale) * zoom.factor + zoom.x,
      y: (down.start + (y - extent.top) * down.scale) * zoom.factor + zoom.y,
      radius: Math.min(RADIUS.most + 2, radius * Math.sqrt(zoom.factor)),
    }),
    placeOf: ({ x, y }) => [
      Math.round(((x - zoom.x) / zoom.factor - across.start) / across.scale + extent.left),
      Math.round(((y - zoom.y) / zoom.factor - down.start) / down.scale + extent.top),
    ],
  }
}

/** Circles get smaller with more of them, and with less room. */
function radiusOf(count: number, { width, height }: Size): number {
  const share = Math.sqrt((width * height) / Math.max(1, count))
  return Math.max(RADIUS.least, Math.min(RADIUS.most, height / 20, share * 0.16))
}

interface Axis {
  readonly start: number
  readonly scale: number
}

interface Frame extends Pick<FitOptions, 'labelOf'> {
  readonly room: Size
  readonly extent: Extent
  readonly radius: number
}

/** Leaves have their labels to the right, the others below. */
function horizontal(
  places: readonly Place[],
  { room, extent: { left, right }, radius, labelOf }: Frame,
): Axis {
  const span = Math.max(1, right - left)
  const half = (place: Place): number => labelOf(place).width / 2
  const first = places.filter(({ x }) => x - left < span * 0.06)
  const start = Math.max(radius + HALO, ...first.map(half))
  const scales = places.map((place) => {
    const beside = radius + GAP + labelOf(place).width
    const taken = place.isLeaf ? beside : Math.max(radius + HALO, half(place))
    return (room.width - start - taken) / Math.max(1, place.x - left)
  })
  const whole = (room.width - start - radius - HALO) / span
  return { start, scale: Math.max(0.001, Math.min(...scales, whole)) }
}

function vertical(
  places: readonly Place[],
  { room, extent: { top, bottom }, radius, labelOf }: Frame,
): Axis {
  const start = radius + HALO
  const scales = places.map((place) => {
    const below = place.isLeaf ? HALO : GAP / 2 + labelOf(place).height
    return (room.height - start - radius - below) / Math.max(1, place.y - top)
  })
  const whole = (room.height - 2 * start) / Math.max(1, bottom - top)
  return { start, scale: Math.max(0.001, Math.min(...scales, whole)) }
}
