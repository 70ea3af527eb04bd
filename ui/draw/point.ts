/** What the time axis, which hears the pointer for the whole stack, tells the row under it. */
import type { Time } from '../../engine/units.ts'

/** A place in a row: a moment, and pixels below the top of its plot. */
export interface Point {
  readonly time: Time
  readonly y: number
}

/** Tells a plot where the pointer is in it; undefined: no longer in it. */
export function tellPoint(plot: Element, point: Point | undefined): void {
  plot.dispatchEvent(new CustomEvent<Point | undefined>('point', { detail: point }))
}

/** Tells a plot that it was clicked. */
export function tellPick(plot: Element, point: Point): void {
  plot.dispatchEvent(new CustomEvent<Point>('pick', { detail: point }))
}

/** Keeps where the pointer is in a plot. */
export function pointIn(plot: Element): () => Point | undefined {
  let point: Point | undefined
  plot.addEventListener('point', (event) => {
    point = (event as CustomEvent<Point | undefined>).detail ?? undefined
  })
  return () => point
}

/** Hears clicks on a plot. */
export function onPick(plot: Element, act: (point: Point) => void): void {
  plot.addEventListener('pick', (event) => act((event as CustomEvent<Point>).detail))
}
