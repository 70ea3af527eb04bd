/** The shared time axis over all rows: ruler, faults, the picked stretch, and one cursor. It is the scrubber. */
import { axisScene, type AxisScene } from '../draw/axis-scene.ts'
import { brushLayer } from '../draw/brush-layer.ts'
import { cursorLine } from '../draw/cursor-line.ts'
import { onSteps } from '../draw/drag.ts'
import { faultLayer } from '../draw/fault-layer.ts'
import { listenToPointer } from '../draw/gestures.ts'
import { overview } from '../draw/overview.ts'
import { tellPick, tellPoint } from '../draw/point.ts'
import { drawRuler } from '../draw/ruler.ts'
import { el, setAll, svg } from '../dom.ts'
import { faultMarks } from '../facts/faults.ts'
import { flagsOf } from '../facts/flags.ts'
import { fromTo } from '../facts/moment-words.ts'
import type { Table } from '../facts/table.ts'
import { isWhole, panned, revealing, stretchOf, zoomed } from '../facts/zoom.ts'
import { plural } from '../format.ts'
import { askHover, askSeek, askStep, choose } from '../selection.ts'
import { drawing, type View } from '../view.ts'

/** Lies over the whole stack, and hears the pointer for all of it. */
export const timeAxis: View = {
  create(host) {
    const parts = createParts(host)
    let scene: AxisScene | undefined
    const stack = host.parentElement!
    listenToPointer(stack, parts.room, new Pointer(host, stack, () => scene))
    listenToKeys(host, parts.field)
    return drawing(parts.room, {
      paint(size, runs, selection) {
        scene = axisScene(runs, size, selection)
        if (!scene) return
        setAll(parts.field, { 'aria-valuemax': scene.run.layout.duration / 1e9 })
        stack.classList.toggle('zoomed', !isWhole(scene.run.layout, selection.span))
        const taken = parts.faults.update(scene)
        drawRuler(parts.ruler, scene, taken, flagsOf(runs))
        parts.brush.update(scene)
        parts.overview.update(scene)
      },
      seek(size, runs, selection) {
        const before = scene?.selection.time
        scene = axisScene(runs, size, selection)
        if (!scene) return
        parts.cursor.update(scene)
        parts.overview.seek(scene)
        if (before !== undefined && before !== selection.time) reveal(host, scene)
      },
      table: () => scene && tableOf(scene),
    })
  },
}

type Scene = () => AxisScene | undefined

function createParts(host: HTMLElement) {
  const ruler = svg('svg', { class: 'ruler', 'aria-hidden': 'true' })
  const field = el(
    'div',
    {
      class: 'field',
      id: 'cursor',
      role: 'slider',
      tabindex: 0,
      'aria-label': 'Time',
      'aria-orientation': 'horizontal',
      'aria-valuemin': 0,
    },
    ruler,
  )
  const faults = faultLayer()
  const brush = brushLayer()
  const bar = overview()
  const cursor = cursorLine(field)
  const layers = [faults.bands, brush.element, cursor.hover, faults.chips, cursor.line, bar.element]
  const room = el('div', { class: 'axis-room' }, field, layers)
  host.replaceChildren(room)
  return { room, field, ruler, faults, brush, cursor, overview: bar }
}

/** Brings the cursor back into the picture when it has moved out of the part that is drawn. */
function reveal(host: HTMLElement, { run, selection }: AxisScene): void {
  const { span, time } = selection
  if (time >= span.from && time <= span.until) return
  choose(host, { span: revealing(run.layout, span, time) })
}

/** What the pointer does, asked of the page. */
class Pointer {
  private readonly host: HTMLElement
  private readonly stack: HTMLElement
  private readonly scene: Scene
  private pointed: Element | undefined
  private at: { x: number; y: number } | undefined
  private isDue = false

  constructor(host: HTMLElement, stack: HTMLElement, scene: Scene) {
    this.host = host
    this.stack = stack
    this.scene = scene
  }

  seek(x: number): void {
    const time = this.timeAt(x)
    if (time !== undefined) askSeek(this.host, time)
  }

  /** Goes there, tells the row that was clicked, and shows what is there for those who have no pointer to hover with. */
  click(x: number, y: number): void {
    const time = this.timeAt(x)
    if (time === undefined) return
    askSeek(this.host, time)
    this.point({ x, y })
    const plot = this.plotAt(y)
    if (plot) tellPick(plot, { time, y: y - plot.getBoundingClientRect().top })
  }

  brush(from: number, to: number): void {
    const scene = this.scene()
    if (!scene) return
    const range = stretchOf(scene.run.layout, scene.x.invert(from), scene.x.invert(to))
    choose(this.host, { range })
  }

  zoom(factor: number, x: number): void {
    const scene = this.scene()
    if (!scene) return
    const { span } = scene.selection
    choose(this.host, { span: zoomed(scene.run.layout, span, factor, scene.x.invert(x)) })
  }

  pan(by: number): boolean {
    const scene = this.scene()
    if (!scene || isWhole(scene.run.layout, scene.selection.span)) return false
    const time = scene.x.invert(by) - scene.x.invert(0)
    choose(this.host, { span: panned(scene.run.layout, scene.selection.span, time) })
    return true
  }

  /** At most once a frame: the pointer may move more often. */
  point(at: { x: number; y: number } | undefined): void {
    this.at = at
    if (this.isDue) return
    this.isDue = true
    requestAnimationFrame(() => {
      this.isDue = false
      this.tell()
    })
  }

  private tell(): void {
    const time = this.at && this.timeAt(this.at.x)
    const plot = this.at && this.plotAt(this.at.y)
    if (this.pointed && this.pointed !== plot) tellPoint(this.pointed, undefined)
    this.pointed = plot
    if (plot && time !== undefined) {
      tellPoint(plot, { time, y: this.at!.y - plot.getBoundingClientRect().top })
    }
    const isStill = time === this.scene()?.selection.hover
    askHover(this.host, isStill && time !== undefined ? time + 1e-3 : time)
  }

  private timeAt(x: number): number | undefined {
    const scene = this.scene()
    if (!scene) return undefined
    const { from, until } = scene.selection.span
    return Math.min(until, Math.max(from, scene.x.invert(x)))
  }

  private plotAt(y: number): Element | undefined {
    return [...this.stack.querySelectorAll('.plot')].find((plot) => {
      const { top, bottom } = plot.getBoundingClientRect()
      return y >= top && y < bottom
    })
  }
}

/** Steps of the paging keys, in buckets. */
const PAGE = 50

function listenToKeys(host: HTMLElement, field: HTMLElement): void {
  const step = (buckets: number): void => askStep(host, buckets)
  onSteps(field, 'horizontal', step)
  field.addEventListener('keydown', (event) => {
    const steps: Readonly<Record<string, number>> = {
      ArrowUp: 1,
      ArrowDown: -1,
      PageUp: PAGE,
      PageDown: -PAGE,
    }
    const by = steps[event.key]
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    step(event.shiftKey ? by * 10 : by)
  })
}

/** The faults on the axis. */
function tableOf({ run, runs }: AxisScene): Table {
  const marks = faultMarks(runs)
  const told = marks.map((mark) => `${mark.name} from ${fromTo(run, mark)}`).slice(0, 5)
  const list = told.length > 0 ? `: ${told.join('; ')}` : ''
  return {
    caption: `${plural(marks.length, 'fault')} in ${fromTo(run, { from: 0, until: run.layout.duration })}${list}.`,
    columns: ['fault', 'from (s)', 'until (s)'],
    rows: marks.map(({ name, from, until }) => [name, from / 1e9, until / 1e9]),
  }
}
