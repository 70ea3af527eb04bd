/** All dots of a picture on one canvas: small stamps, as many as there is room for, drawn again in every frame. */
import type { EdgeNow } from '../facts/edges.ts'
import type { VariantRun } from '../runs.ts'
import type { Size } from '../view.ts'
import { canvasLayer, sharpness } from './canvas-layer.ts'
import { firstAfter, trainOf } from './dot-train.ts'
import { periodOf, spacing, SPEED, type DotHue } from './dots.ts'
import type { FlowColours } from './flow-colours.ts'
import type { EdgePlan } from './edge-furniture.ts'

/** A dot on a curve, in pixels from its start. */
interface Mark {
  readonly hue: DotHue
  readonly way: number
}

/** What the dots of an edge are: moving at a moment, or standing for a stretch of time. */
export type Dots =
  | { readonly kind: 'moving'; readonly run: VariantRun; readonly time: number }
  | { readonly kind: 'standing'; readonly now: EdgeNow }

/** The dots of an edge that are on their way. Those that a circuit turns away come as far as its switch. */
export function marksOf(
  { name, curve: { length }, gate }: Pick<EdgePlan, 'name' | 'curve' | 'gate'>,
  dots: Dots,
  calls: number,
): Mark[] {
  const marks =
    dots.kind === 'moving' ? moving(name, length, dots, calls) : standing(length, dots.now, calls)
  const end = (gate ?? 1) * length
  return marks.filter(({ hue, way }) => hue !== 'blocked' || way <= end)
}

function moving(
  name: string,
  length: number,
  { run, time }: Dots & { kind: 'moving' },
  calls: number,
): Mark[] {
  const { times, hues } = trainOf(run, name, calls)
  const first = firstAfter(times, time - (length / SPEED) * 1e9)
  const marks: Mark[] = []
  for (let at = first; at < times.length && times[at]! <= time; at++) {
    marks.push({ hue: hues[at]!, way: ((time - times[at]!) / 1e9) * SPEED })
  }
  return marks
}

function standing(length: number, now: EdgeNow, calls: number): Mark[] {
  const sent = now.rate + now.blocked
  const gap = spacing(sent, calls)
  if (!Number.isFinite(gap)) return []
  const period = periodOf({
    ok: now.ok,
    fail: now.failed,
    fast: now.blocked > 0 ? 0 : now.refused,
    blocked: now.blocked / Math.max(sent, 1e-9),
  })
  const count = Math.max(1, Math.floor(length / gap))
  const step = Math.min(gap, length / count)
  return Array.from({ length: count }, (_, at) => ({
    hue: period[at % period.length]!,
    way: (at + 0.5) * step,
  }))
}

/** Half the size of a stamp, in CSS pixels. */
const HALF = 4

/** The layer of the dots. */
export function dotLayer() {
  const layer = canvasLayer('dots')
  let stamps: { readonly colours: FlowColours; readonly of: Stamps } | undefined
  return {
    canvas: layer.canvas,
    draw(
      edges: readonly EdgePlan[],
      dotsOf: (edge: EdgePlan, at: number) => { dots: Dots; isDim: boolean } | undefined,
      calls: number,
      { size, colours }: { readonly size: Size; readonly colours: FlowColours },
    ) {
      const context = layer.clear(size)
      if (!context) return
      if (stamps?.colours !== colours) stamps = { colours, of: stampsOf(colours) }
      for (const [at, edge] of edges.entries()) {
        const what = dotsOf(edge, at)
        if (!what) continue
        context.globalAlpha = what.isDim ? 0.3 : 1
        for (const { hue, way } of marksOf(edge, what.dots, calls)) {
          const { x, y } = edge.curve.at(way / edge.curve.length)
          context.drawImage(stamps.of[hue], x - HALF, y - HALF, 2 * HALF, 2 * HALF)
        }
      }
    },
  }
}

type Stamps = Readonly<Record<DotHue, HTMLCanvasElement>>

/** Round: served; a stroke: refused; a cross: failed. Shape tells what hue tells. */
function stampsOf(colours: FlowColours): Stamps {
  const fast = stamp((context) => line(context, colours.fast, [[-1.7, 1.7, 1.7, -1.7]]))
  return {
    ok: stamp((context) => {
      context.fillStyle = colours.ok
      context.arc(0, 0, 1.7, 0, 2 * Math.PI)
      context.fill()
    }),
    fast,
    blocked: fast,
    fail: stamp((context) =>
      line(context, colours.fail, [
        [-1.4, -1.4, 1.4, 1.4],
        [-1.4, 1.4, 1.4, -1.4],
      ]),
    ),
  }
}

function stamp(draw: (context: CanvasRenderingContext2D) => void): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  const sharp = sharpness()
  canvas.width = canvas.height = 2 * HALF * sharp
  const context = canvas.getContext('2d')
  if (!context) return canvas
  context.setTransform(sharp, 0, 0, sharp, HALF * sharp, HALF * sharp)
  draw(context)
  return canvas
}

function line(
  context: CanvasRenderingContext2D,
  colour: string,
  lines: readonly (readonly [number, number, number, number])[],
): void {
  context.strokeStyle = colour
  context.lineWidth = 1.6
  context.lineCap = 'round'
  for (const [fromX, fromY, toX, toY] of lines) {
    context.moveTo(fromX, fromY)
    context.lineTo(toX, toY)
  }
  context.stroke()
}
