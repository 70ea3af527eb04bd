/** The parts of a topology panel: heading, layers of the picture, buttons over the services, words below. */
import { el } from '../dom.ts'
import { paper } from '../draw/scene.ts'
import type { Plan } from '../draw/plan.ts'
import { CROWD } from '../facts/folding.ts'
import type { TopologyNow } from '../facts/topology-now.ts'
import { listed, moment, wholePercent } from '../format.ts'
import type { Runs, VariantRun } from '../runs.ts'
import type { Selection } from '../selection.ts'
import type { Side } from '../state.ts'
import { hearTopology } from '../picture-edits.ts'
import { edgeCard } from './edge-card.ts'
import { domainCard } from './domain-card.ts'
import { findBox } from './find-box.ts'
import { Ruler } from './letters.ts'
import { minimap } from './minimap.ts'
import { NodeButtons } from './node-buttons.ts'
import { pictureFoot } from './picture-foot.ts'
import { listenToHands } from './topology-hands.ts'
import { Heading, servedIn } from './topology-heading.ts'
import type { Drawn } from './topology-plan.ts'
import type { Sharing } from './topology-sharing.ts'
import type { Reading } from './topology-showing.ts'

/** What a panel is made of. */
export class Parts {
  readonly paper = paper()
  readonly below = el('p', { class: 'caption' })
  readonly room: HTMLElement
  readonly ruler = new Ruler(this.paper.picture)
  private readonly host: HTMLElement
  private readonly sharing: Sharing
  private readonly buttons: NodeButtons
  private readonly card = edgeCard()
  private readonly domain = domainCard(() => this.sharing.toggle(undefined))
  private readonly foot = pictureFoot()
  private readonly map: ReturnType<typeof minimap>
  private readonly find: ReturnType<typeof findBox>
  private readonly heading: Heading
  private readonly stops: readonly (() => void)[]

  /** Builds a panel in its place. */
  constructor(host: HTMLElement, side: Side, sharing: Sharing) {
    this.host = host
    this.sharing = sharing
    this.buttons = new NodeButtons(`Services in ${side}`)
    this.map = minimap(sharing)
    const { buttons, map, foot, card, domain } = this
    const over = [
      buttons.list,
      buttons.more,
      map.canvas,
      foot.element,
      card.element,
      domain.element,
    ]
    this.room = el('div', { class: 'graph-room' }, [...this.paper.elements], over)
    this.find = findBox(host, buttons)
    this.heading = new Heading(side, sharing, () => this.find.open())
    host.replaceChildren(this.heading.element, this.room, this.below, this.find.element)
    this.stops = [
      listenToHands({ host, room: this.room, buttons, sharing }),
      hearTopology(host, (order) =>
        order === 'find' ? this.find.open() : this.heading.nextFocus(),
      ),
    ]
  }

  /** Says what is drawn. A difference takes the room of both pictures. */
  head(runs: Runs, of: Side, selection: Selection, drawn: Drawn): void {
    const run = runs[of]!
    const { host, sharing } = this
    const isDifference = selection.isDifference && runs.A !== undefined && runs.B !== undefined
    this.heading.show(runs, of, selection, drawn, isDifference)
    this.foot.show(sharing.callsPerDot(run), drawn.computed)
    this.find.offer(run.layout.services.map(({ name }) => name))
    this.buttons.unplaced = drawn.computed
    host.classList.toggle('crowded', drawn.nodes > CROWD)
    host.classList.toggle('difference', isDifference && of === 'A')
    host.classList.toggle('zoomed', sharing.zoom.factor > 1)
    host.classList.toggle('twin', isDifference && of === 'B')
  }

  /** Puts buttons where a plan has services. */
  place(plan: Plan, run: VariantRun): void {
    this.buttons.place(plan, run.layout.edges)
    this.map.draw(plan, this.room)
  }

  /** Says how services do, in words by name, and brings the cards up to date. */
  tell(words: ReadonlyMap<string, string>, reading: Reading, selection: Selection): void {
    const { buttons, sharing } = this
    this.heading.tell(reading.run, selection)
    buttons.say(words, selection.service, sharing.opened)
    this.card.show(reading, selection, buttons.plan)
    this.domain.show(reading, sharing.opened, buttons.plan)
  }

  destroy(): void {
    for (const stop of this.stops) stop()
  }
}

/** A picture in one sentence, for who does not see it. */
export function sentence(
  { run, side, now }: Pick<Reading, 'run' | 'side'> & { readonly now: TopologyNow },
  look: Selection,
): string {
  const failing = [...now.services.values()].filter(({ health }) => health === 'failing')
  const names = failing.map(({ name }) => name)
  const trouble = names.length > 0 ? `Failing: ${listed(names, 5)}.` : 'No service is failing.'
  const share = wholePercent(servedIn(run, look))
  return `Services of variant ${side} ${whenOf(look)}: ${share} served. ${trouble}`
}

function whenOf({ time, range }: Selection): string {
  return range ? `from ${moment(range.from)} to ${moment(range.until)}` : `at ${moment(time)}`
}
