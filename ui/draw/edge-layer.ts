/** The ribbons of all edges on one canvas: as wide as the load, in the hue of what goes wrong. Drawn only when one changes. */
import { scaleSqrt } from 'd3'
import type { EdgeNow } from '../facts/edges.ts'
import type { Size } from '../view.ts'
import type { Dot } from './bezier.ts'
import { canvasLayer } from './canvas-layer.ts'
import type { FlowColours } from './flow-colours.ts'
import type { EdgePlan } from './edge-furniture.ts'

/** How a ribbon looks. */
export interface Ribbon {
  readonly hue: 'calm' | 'fast' | 'fail' | 'less' | 'more'
  /** Pixels, in halves. */
  readonly width: number
  /** Beyond a circuit that turns calls away there is less; undefined: as before it. */
  readonly beyond?: Pick<Ribbon, 'hue' | 'width'> | undefined
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
export function ribbonOf(now: EdgeNow): Pick<Ribbon, 'hue' | 'width' | 'beyond'> {
  const hue = now.failed > BAD ? 'fail' : now.refused > BAD ? 'fast' : 'calm'
  const width = halves(widthOf(now.rate + now.blocked))
  if (now.blocked <= 0) return { hue, width }
  const passed = halves(widthOf(now.rate))
  return { hue, width, beyond: { hue: now.failed > BAD ? 'fail' : 'calm', width: passed } }
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
        for (const [at, edge] of edges.entries()) {
          const ribbon = ribbons[at]!
          if ((ribbon.hue !== 'calm') === isOver) draw(context, edge, ribbon, paint.colours)
        }
      }
    },
  }
}

interface Paint {
  readonly size: Size
  readonly colours: FlowColours
}

function keyOf({ hue, width, beyond, isDim, isMarked }: Ribbon): string {
  const rest = beyond ? `${beyond.hue}${beyond.width}` : ''
  return `${hue}${width}${rest}${isDim ? 'd' : ''}${isMarked ? 'm' : ''}`
}

const OPACITY = { calm: 0.5, fast: 0.32, fail: 0.34, less: 0.85, more: 0.85 } as const

function draw(
  context: CanvasRenderingContext2D,
  { curve, gate }: EdgePlan,
  ribbon: Ribbon,
  colours: FlowColours,
): void {
  const whole = pathOf(curve)
  if (ribbon.isMarked) mark(context, whole, ribbon.width, colours)
  const { beyond } = ribbon
  if (!beyond || gate === undefined) return stroke(context, whole, ribbon, ribbon.isDim, colours)
  const before = curve.points.slice(0, Math.ceil(gate * curve.points.length))
  const middle = curve.at(gate)
  const after = curve.points.slice(before.length)
  stroke(context, lineOf([...before, middle]), ribbon, ribbon.isDim, colours)
  stroke(context, lineOf([middle, ...after]), beyond, ribbon.isDim, colours)
}

function pathOf({ from, handles: [first, second], to }: EdgePlan['curve']): Path2D {
  const path = new Path2D()
  path.moveTo(from.x, from.y)
  path.bezierCurveTo(first.x, first.y, second.x, second.y, to.x, to.y)
  return path
}

function lineOf(points: readonly Dot[]): Path2D {
  const path = new Path2D()
  for (const { x, y } of points) path.lineTo(x, y)
  return path
}

/** An outline around what is chosen or pointed at. */
function mark(
  context: CanvasRenderingContext2D,
  path: Path2D,
  width: number,
  colours: FlowColours,
): void {
  for (const [colour, more] of [
    [colours.focus, 4],
    [colours.panel, 1.5],
  ] as const) {
    context.globalAlpha = 1
    context.strokeStyle = colour
    context.lineWidth = width + more
    context.stroke(path)
  }
}

function stroke(
  context: CanvasRenderingContext2D,
  path: Path2D,
  { hue, width }: Pick<Ribbon, 'hue' | 'width'>,
  isDim: boolean,
  colours: FlowColours,
): void {
  context.globalAlpha = OPACITY[hue] * (isDim ? 0.35 : 1)
  context.strokeStyle = colours[hue === 'calm' ? 'line2' : hue]
  context.lineWidth = width
  context.stroke(path)
}
