/** A small picture of the whole system, for those too large to be seen at once. A click goes there. */
import { el } from '../dom.ts'
import type { Plan } from '../draw/plan.ts'
import { sharpness } from '../draw/canvas-layer.ts'
import type { Sharing } from './topology-sharing.ts'

/** More services than this have a small picture beside the large one. */
export const MANY = 80
const SIZE = { width: 96, height: 56 } as const

/** Makes the small picture. */
export function minimap(sharing: Sharing) {
  const canvas = el('canvas', { class: 'minimap', 'aria-hidden': 'true', hidden: true })
  let room: HTMLElement | undefined
  canvas.addEventListener('click', ({ offsetX, offsetY }) => {
    if (!room) return
    const { clientWidth, clientHeight } = room
    const factor = Math.max(2, sharing.zoom.factor)
    const [x, y] = [(offsetX / SIZE.width) * clientWidth, (offsetY / SIZE.height) * clientHeight]
    sharing.zoomTo({ factor, x: clientWidth / 2 - x * factor, y: clientHeight / 2 - y * factor })
  })
  return {
    canvas,
    /** Draws where everything is, and what of it is seen. */
    draw({ nodes, capsules }: Plan, of: HTMLElement): void {
      room = of
      const services = nodes.size + capsules.reduce((sum, { members }) => sum + members.length, 0)
      canvas.hidden = services <= MANY
      if (canvas.hidden) return
      const { factor, x, y } = sharing.zoom
      const scale = SIZE.width / of.clientWidth
      const context = paperOf(canvas)
      if (!context) return
      context.fillStyle = getComputedStyle(canvas).color
      for (const { spot } of nodes.values()) {
        const place = { x: (spot.x - x) / factor, y: (spot.y - y) / factor }
        context.fillRect(place.x * scale - 1, (place.y * SIZE.height) / of.clientHeight - 1, 2, 2)
      }
      context.strokeStyle = getComputedStyle(canvas).borderColor
      const [wide, high] = [SIZE.width / factor, SIZE.height / factor]
      const top = (-y / factor / of.clientHeight) * SIZE.height
      context.strokeRect((-x / factor) * scale + 0.5, top + 0.5, wide - 1, high - 1)
    },
  }
}

function paperOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D | undefined {
  const sharp = sharpness()
  canvas.width = SIZE.width * sharp
  canvas.height = SIZE.height * sharp
  const context = canvas.getContext('2d') ?? undefined
  context?.scale(sharp, sharp)
  return context
}
