/** The system at the cursor: who calls whom, how much, how it ends, who is busy, who waits, what was in trouble first. */
import { drawing, type Drawing, type Repaintable, type Size, type View } from '../view.ts'
import type { Runs, VariantRun } from '../runs.ts'
import type { Selection } from '../selection.ts'
import type { Side } from '../state.ts'
import { flowColours, type FlowColours } from '../draw/flow-colours.ts'
import { Scene } from '../draw/scene.ts'
import { tableOf } from '../facts/topology-table.ts'
import { planFor, type Drawn } from './topology-plan.ts'
import { Parts } from './topology-parts.ts'
import { Sharing } from './topology-sharing.ts'
import { describe, dotsOf, readingOf, showingOf, type Reading } from './topology-showing.ts'

/** The pictures of both variants; they share what is pointed at, folded, dragged and zoomed. */
export function topologies(): Readonly<Record<Side, View>> {
  const sharing = new Sharing()
  return { A: topology('A', sharing), B: topology('B', sharing) }
}

function topology(side: Side, sharing: Sharing): View {
  return {
    create(host) {
      const parts = new Parts(host, side, sharing)
      const picture = new TopologyPicture(side, parts, sharing)
      const made: Repaintable = drawing(parts.room, {
        paint: (size, runs, selection) => picture.paint(size, runs, selection),
        seek: (_, runs, selection) => picture.seek(runs, selection),
        table: (runs, selection) => tableOf(runs, side, selection),
      })
      const stop = sharing.listen(() => made.repaint())
      return { ...made, destroy: () => (stop(), parts.destroy(), made.destroy()) } satisfies Drawing
    },
  }
}

/** One picture: its marks, and what they were last brought up to date with. */
class TopologyPicture {
  private readonly side: Side
  private readonly parts: Parts
  private readonly sharing: Sharing
  private readonly still = matchMedia('(prefers-reduced-motion: reduce)')
  private scenes = 0
  private scene: { readonly scene: Scene; readonly drawn: Drawn } | undefined
  private reading: Reading | undefined
  private colours: FlowColours | undefined

  constructor(side: Side, parts: Parts, sharing: Sharing) {
    this.side = side
    this.parts = parts
    this.sharing = sharing
  }

  paint(size: Size, runs: Runs, selection: Selection): void {
    const run = runs[this.side]
    if (!run) return
    this.reading = undefined
    this.colours = flowColours(this.parts.room)
    this.sharing.forget(run.layout.scenario)
    this.sharing.see(runs.opened)
    this.arrange(size, runs, run, selection)
  }

  /** Plans the picture anew when something has changed that it depends on. */
  private arrange(size: Size, runs: Runs, run: VariantRun, selection: Selection): void {
    const { parts, sharing } = this
    const drawn = planFor({ size, runs, run, selection, sharing, letters: parts.ruler.letters() })
    parts.head(runs, this.side, selection, drawn)
    if (this.scene?.drawn.key === drawn.key) return
    const { line } = drawn
    const scene = new Scene(drawn.plan(), size, line, ++this.scenes)
    scene.lay(parts.paper, line)
    parts.place(scene.plan, run)
    this.scene = { scene, drawn }
  }

  seek(runs: Runs, selection: Selection): void {
    const { scene: made, colours, parts, sharing, side } = this
    const run = runs[side]
    if (!run || !made || !colours) return
    const { scene } = made
    const reading = readingOf(runs, side, selection, this.reading)
    if (reading !== this.reading) {
      this.reading = reading
      scene.show(parts.paper, showingOf(reading, selection, sharing, made.drawn), colours)
      describe(parts, reading, selection, sharing, scene.plan)
    }
    const dots = dotsOf(reading, selection, this.still.matches)
    scene.flow(parts.paper, dots, sharing.callsPerDot(run), colours)
  }
}
