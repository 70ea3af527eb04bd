/**
 * Why services came to be in trouble: the true parents of a cascade, not just its order.
 *
 * A service is in trouble for the first time when it was not well in two windows in a row (`results/trouble.ts`). Over
 * these two windows an observer has measured what its slots were held for (own work, by who asked for it; waiting, by
 * callee; slowdowns, pauses and losses by faults) and what failed its calls. What is usual is taken off: what the same
 * span came to while all was well, before the first fault and the first trouble. The largest part that is left is the
 * cause: a fault, an edge whose callee holds it up or whose caller calls more, and the service at its other end. Tries
 * that a service's own callers repeat because it fails are an echo: they count as a cause only when there is no other.
 *
 * The service behind a part has a parent in turn: its own first trouble if that came before, else whatever is behind
 * it in this same window. So a chain never leads into the future, and it ends at a fault, a load, or a service that
 * nothing stands behind.
 */
import { CauseObserver } from './causes/observer.ts'
import type { Because, CausalLink } from './causes/chain.ts'
import type { Question } from './causes/parts.ts'
import { Parts } from './causes/parts.ts'
import { Positions } from './causes/positions.ts'
import { reasonsOf, type Reason } from './causes/explain.ts'
import { WindowReader } from './causes/reader.ts'
import type { Window } from './causes/window.ts'
import type { AnyComponent } from './component.ts'
import type { World } from './model/world.ts'
import { troubleWindow, TroubleWatch } from './results/trouble.ts'
import { build } from './scenario/build.ts'
import type { Scenario } from './scenario/scenario.ts'

export { chainTo, type Because, type CausalLink } from './causes/chain.ts'

/** Runs a scenario once more, from its beginning, and finds the causes on the way. */
export class CauseFinder {
  readonly world: World
  readonly links: CausalLink[] = []
  private readonly positions: Positions
  private readonly observer: CauseObserver
  private readonly reader: WindowReader
  private readonly watch = new TroubleWatch()
  /** Links of the window at hand, by service and question. */
  private readonly here = new Map<string, number>()

  constructor(
    scenario: Scenario,
    { seed, catalogue }: { seed: string; catalogue: ReadonlyMap<string, AnyComponent> },
  ) {
    const built = build(scenario, seed, true, catalogue)
    this.world = built.world
    this.positions = new Positions(built)
    this.observer = new CauseObserver(built.world, this.positions)
    const step = troubleWindow(scenario.duration, built.world.recorder.width)
    this.reader = new WindowReader(built.world, this.positions, step)
    built.world.tracer = this.observer
  }

  /** Runs on by one window. Answers whether the run is over. */
  advance(): boolean {
    const { world, reader } = this
    const isOver = world.run(reader.until)
    const window = reader.next(this.observer.take())
    if (window !== undefined) this.look(window)
    return isOver && (world.now >= world.duration || world.stopped !== undefined)
  }

  /** Runs to the end. */
  finish(): readonly CausalLink[] {
    while (!this.advance());
    return this.links
  }

  /** Explains every service whose first trouble this window tells. */
  private look(window: Window): void {
    const { positions, watch } = this
    const names = positions.services.map(({ name }) => name)
    const isNew = names.map((name, at) => watch.begins(name, window.health[at]!))
    if (!isNew.includes(true)) return
    this.here.clear()
    const parts = new Parts(this.world, positions, window)
    names.forEach((_, at) => {
      if (isNew[at]) this.link(at, { about: 'service' }, { window, parts, path: [], isNew })
    })
  }

  /** Makes the link of a service in this window, after those of whatever stands behind it. Answers its position. */
  private link(service: number, question: Question, look: Look): number {
    const { window, isNew } = look
    const { name } = this.positions.services[service]!
    const key = keyOf(name, question)
    const known = this.here.get(key) ?? this.before(name, question)
    if (known !== undefined) return known
    const path = [...look.path, key]
    const reasons = reasonsOf(look.parts, service, window.health[service]!, question)
    const isNews = ({ because, question: next }: Reason): boolean =>
      because.service === undefined || !path.includes(keyOf(because.service, next))
    const reason = reasons.find(isNews) ?? NOTHING
    const behind = reason.because.service
    const parent =
      behind === undefined
        ? undefined
        : this.link(this.positions.named(behind), reason.question, { ...look, path })
    const { because, share, weight, words } = reason
    const isTroubled = isNew[service]! && question.about === 'service'
    const time = window.middle
    this.here.set(key, this.links.length)
    return (
      this.links.push({ service: name, time, isTroubled, because, share, weight, words, parent }) -
      1
    )
  }

  /** The link of a first trouble that was found in a window before. */
  private before(service: string, { about }: Question): number | undefined {
    if (about !== 'service') return undefined
    const at = this.links.findIndex((link) => link.service === service && link.isTroubled)
    return at < 0 ? undefined : at
  }
}

/** The window at hand, and by which questions the explanation came. */
interface Look {
  readonly window: Window
  readonly parts: Parts
  readonly path: readonly string[]
  readonly isNew: readonly boolean[]
}

/** One question is not asked twice on the way to a beginning. */
function keyOf(service: string, question: Question): string {
  return `${service} ${question.about} ${question.about === 'edge' ? question.edge : ''}`
}

/** A trouble of which nothing was measured beyond the usual. */
const NOTHING = {
  because: {} as Because,
  share: 0,
  weight: 0,
  words: 'nothing unusual was measured',
  question: { about: 'service' } as Question,
}
