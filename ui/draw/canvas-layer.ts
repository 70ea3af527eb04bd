/** A canvas that lies over or under other layers of a picture, as sharp as the screen. */
import { el } from '../dom.ts'
import type { Size } from '../view.ts'

/** Pixels of the screen to a CSS pixel at most: more is not seen, and costs time. */
const SHARPEST = 2

/** One layer. */
export interface Layer {
  readonly canvas: HTMLCanvasElement
  /** An empty canvas in CSS pixels; undefined where the browser gives none. */
  clear(size: Size): CanvasRenderingContext2D | undefined
}

/** Makes a layer; it says nothing to screen readers. */
export function canvasLayer(name: string): Layer {
  const canvas = el('canvas', { class: `layer ${name}`, 'aria-hidden': 'true' })
  const context = canvas.getContext('2d') ?? undefined
  return {
    canvas,
    clear({ width, height }) {
      const sharp = sharpness()
      const [wide, high] = [Math.ceil(width * sharp), Math.ceil(height * sharp)]
      if (canvas.width !== wide || canvas.height !== high)
        [canvas.width, canvas.height] = [wide, high]
      context?.setTransform(sharp, 0, 0, sharp, 0, 0)
      context?.clearRect(0, 0, width, height)
      return context
    },
  }
}

/** Pixels of the screen to a CSS pixel. */
export function sharpness(): number {
  return Math.min(SHARPEST, devicePixelRatio || 1)
}
