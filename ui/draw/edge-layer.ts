/** The ribbons of all edges on one canvas: as wide as the load, in the hue of what goes wrong. Drawn only when one changes. */
import { scaleSqrt } from 'd3'
import type { EdgeNow } from '../facts/edges.ts'
import type { Size } from '../view.ts'
import { canvasLayer } from './canvas-layer.ts'
import type { FlowColours } from './flow-colours.ts'
import type { EdgePlan } from './plan.ts'

/** How a ribbon looks. */
export interface Ribbon {
  readonly hue: 'calm' | 'fast' | 'fail' | 'less' | 'more'
  /** Pixels, in halves. */
  readonly width: number
  /** Drawn behind others, because something else is looked at. */
  readonly isDim: boolean
  /** Chosen or pointed at. */
  readonly isMarked: boolean
}

/** Shares of calls from which an edge counts as failing, or refusing. */
const BAD = 0.1
/** Calls per second to pixels. */
const widthOf = scaleSqrt([0, 300, 3000], [1, 5.5, 12]).clamp(true)
/** A difference in calls per second to pixels. */
const changeOf = scaleSqrt([0, 300], [1, 9]).clamp(true)
/** Smaller changes, per second, are noise. */
const NOISE = 2

/** The ribbon of an edge. */
export function ribbonOf(now: EdgeNow): Pick<Ribbon, 'hue' | 'width'> {
  const hue = now.failed > BAD ? 'fail' : now.refused > BAD ? 'fast' : 'calm'
  return { hue, width: halves(widthOf(Math.max(now.rate, now.blocked))) }
}

/** The ribbon of a difference in served calls per second. */
export function changeRibbon(change: number): Pick<Ribbon, 'hue' | 'width'> {
  const hue = Math.abs(change) < NOISE ? 'calm' : change > 0 ? 'more' : 'less'
  return { hue, width: halves(changeOf(Math.abs(change))) }
}

function halves(pixels: number): number {
  return Math.round(pixels * 2) / 2
}

/** The layer of the ribbons. */
export function edgeLayer() {
  const layer = canvasLayer('ribbons')
  let drawn = ''
  return {
    canvas: layer.canvas,
    /** `scene` names what the curves depend on: the ribbons are drawn again when it changes. */
    draw(scene: unknown, edges: readonly EdgePlan[], ribbons: readonly Ribbon[], paint: Paint) {
      const key = `${String(scene)} ${ribbons.map(keyOf).join()}`
      if (key === drawn) return
      drawn = key
      const context = layer.clear(paint.size)
      if (!context) return
      context.lineCap = 'round'
      for (const isOver of [false, true]) {
        for (const [at, { curve }] of edges.entries()) {
          const ribbon = ribbons[at]!
          if ((ribbon.hue !== 'calm') === isOver) stroke(context, curve, ribbon, paint.colours)
        }
      }
    },
  }
}

interface Paint {
  readonly size: Size
  readonly colours: FlowColours
}

function keyOf({ hue, width, isDim, isMarked }: Ribbon): string {
  return `${hue}${width}${isDim ? 'd' : ''}${isMarked ? 'm' : ''}`
}

const OPACITY = { calm: 0.5, fast: 0.32, fail: 0.34, less: 0.85, more: 0.85 } as const

function stroke(
  context: CanvasRenderingContext2D,
  { from, handles: [first, second], to }: EdgePlan['curve'],
  { hue, width, isDim, isMarked }: Ribbon,
  colours: FlowColours,
): void {
  const path = new Path2D()
  path.moveTo(from.x, from.y)
  path.bezierCurveTo(first.x, first.y, second.x, second.y, to.x, to.y)
  if (isMarked) {
    context.globalAlpha = 0.9
    context.strokeStyle = colours.focus
    context.lineWidth = width + 4
    context.stroke(path)
    context.globalAlpha = 1
    context.strokeStyle = colours.panel
    context.lineWidth = width + 1.5
    context.stroke(path)
  }
  context.globalAlpha = OPACITY[hue] * (isDim ? 0.35 : 1)
  context.strokeStyle = colours[hue === 'calm' ? 'line2' : hue]
  context.lineWidth = width
  context.stroke(path)
}
