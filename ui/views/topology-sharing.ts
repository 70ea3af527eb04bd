/** What the pictures of A and B have in common beside the selection: what is folded, pointed at, dragged and zoomed. */
import { Layouts } from '../draw/elk-layout.ts'
import { callsPerDot } from '../draw/dots.ts'
import { extentOf, WHOLE, type Extent, type Zoom } from '../draw/fit.ts'
import type { Place, Position } from '../draw/graph.ts'
import { edgeIn } from '../facts/edges.ts'
import { FOCUSES, type Focus } from '../facts/folding.ts'
import type { VariantRun } from '../runs.ts'
import type { Opened } from '../state.ts'

/** What somebody points at. */
export interface Pointed {
  readonly service?: string | undefined
  readonly edge?: string | undefined
}

/** The shared part of both pictures. Whoever changes it tells all who draw. */
export class Sharing {
  readonly layouts = new Layouts()
  /** Positions of services that are being dragged, or whose new position is not in the file yet. */
  readonly moves = new Map<string, Position>()
  /** The domain whose capsule is open. */
  opened: string | undefined
  pointed: Pointed = {}
  zoom: Zoom = WHOLE
  /** Undefined: as suits the size of the system. */
  focus: Focus | undefined
  private readonly listeners = new Set<() => void>()
  private extent: { readonly of: string; readonly is: Extent } | undefined
  private dot: number | undefined
  private scenario: string | undefined
  private seen: Opened | undefined
  private isSettling = false

  /** Calls a function whenever something has changed. Answers how to stop. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  tell(): void {
    for (const listener of this.listeners) listener()
  }

  /** Points at something, or at nothing. */
  point(pointed: Pointed): void {
    if (pointed.service === this.pointed.service && pointed.edge === this.pointed.edge) return
    this.pointed = pointed
    this.tell()
  }

  /** The next focus: all, the cascade, and what is near the chosen service, if one is chosen. */
  nextFocus(now: Focus, isChosen: boolean): void {
    const all = FOCUSES.filter((focus) => focus !== 'near' || isChosen)
    this.focus = all[(all.indexOf(now) + 1) % all.length]
    this.opened = undefined
    this.tell()
  }

  /** Opens the capsule of a domain, or closes it. */
  toggle(domain: string | undefined): void {
    this.opened = this.opened === domain ? undefined : domain
    this.tell()
  }

  /** Zooms; never farther out than the whole picture. */
  zoomTo(zoom: Zoom): void {
    this.zoom = zoom.factor <= 1 ? WHOLE : zoom
    this.tell()
  }

  /** What is drawn of the plane. As long as one system is open it only grows, so that a drag moves one service alone. */
  extentFor(system: string, places: Iterable<Place>): Extent {
    const before = this.extent?.of === system ? this.extent.is : undefined
    const is = extentOf(places, before)
    this.extent = { of: system, is }
    return is
  }

  /** What has been moved is in the file: with the next reading of it, that is what counts, whatever it says. */
  settle(): void {
    this.isSettling = true
  }

  /** What is open now; each reading of the file is another object. */
  see(opened: Opened | undefined): void {
    if (opened === this.seen) return
    this.seen = opened
    if (!this.isSettling) return
    this.isSettling = false
    this.moves.clear()
  }

  /** Another system is open: nothing of the last one is left. */
  forget(scenario: string): void {
    if (this.scenario === scenario) return
    this.scenario = scenario
    this.moves.clear()
    this.zoom = WHOLE
    this.focus = undefined
    this.opened = undefined
    this.dot = undefined
  }

  /** Calls to a dot: fixed when a scenario is first seen, so that twice the load has twice the dots. */
  callsPerDot(run: VariantRun): number {
    if (this.dot !== undefined) return this.dot
    const { layout, filled } = run
    const stretch = { from: 0, to: Math.max(1, filled) }
    const edges = layout.edges.filter(({ from }) => layout.loads.some(({ name }) => name === from))
    const rates = edges.map(({ name }) => edgeIn(run, name, stretch).calls)
    const calls = callsPerDot(Math.max(1, ...rates))
    if (filled >= layout.buckets / 4) this.dot = calls
    return calls
  }
}
