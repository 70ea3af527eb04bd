/** How trouble came to the service that is chosen: from what began it, step by step. Each step leads to its moment. */
import { chainTo, type CausalLink } from '../../engine/causes/chain.ts'
import { el, setAll, setText, sideTag } from '../dom.ts'
import { chainSteps, type ChainStep } from '../facts/chain-words.ts'
import { firstTroubles } from '../facts/health.ts'
import { hasCauses, knownCauses } from '../facts/known-causes.ts'
import type { Inspectors } from '../inspector.ts'
import type { Runs, VariantRun } from '../runs.ts'
import { askSeek, choose } from '../selection.ts'
import { SIDES, type Side } from '../state.ts'
import type { Show } from './panel.ts'

/** Whom the panel asks, and who keeps what was found. */
export interface ChainReach {
  readonly inspectors: Inspectors
  keep(run: VariantRun, links: readonly CausalLink[]): void
  /** Something else has changed. */
  repaint(): void
}

/** Builds the list over the host, in which it is shown for as long as a service in trouble is chosen. */
export function chainPanel(host: HTMLElement, reach: ChainReach): Show {
  const title = el('h3', {})
  const close = el(
    'button',
    { type: 'button', class: 'btn icon', 'aria-label': 'Close', title: 'Close' },
    '✕',
  )
  const list = el('ol', { class: 'chain-steps' })
  const box = el('section', { class: 'chain', hidden: true }, el('header', {}, title, close), list)
  host.append(box)
  let dismissed: string | undefined
  let key = ''
  close.addEventListener('click', () => {
    dismissed = key
    setAll(box, { hidden: true })
    choose(host, { service: undefined })
  })
  const asking = new Asking(reach)
  return ({ view: { service } }, runs) => {
    if (service === undefined) dismissed = undefined
    const found = service === undefined ? undefined : troubledIn(runs, service)
    setAll(box, { hidden: found === undefined || dismissed === key })
    if (!found || service === undefined) return
    const { side, run } = found
    for (const each of SIDES) {
      const other = runs[each]
      if (other && isTroubledIn(other, service)) asking.ask(other, each)
    }
    const now = `${side} ${service} ${run.result?.digest} ${hasCauses(run)} ${asking.problem}`
    if (now === key) return
    key = now
    setText(title, `How trouble came to ${service}`)
    title.append(' ', sideTag(side))
    list.replaceChildren(...linesOf(run, service, asking.problem, box))
  }
}

/** The variant in which the service was in trouble, A first. */
function troubledIn(runs: Runs, service: string): { side: Side; run: VariantRun } | undefined {
  for (const side of SIDES) {
    const run = runs[side]
    if (run && isTroubledIn(run, service)) return { side, run }
  }
  return undefined
}

function isTroubledIn(run: VariantRun, service: string): boolean {
  if (!run.isDone || !run.result) return false
  return firstTroubles(run).some(({ name }) => name === service)
}

/** Asks for the causes of each run once. */
class Asking {
  problem = ''
  private readonly reach: ChainReach
  private readonly asked = new WeakSet<VariantRun>()

  constructor(reach: ChainReach) {
    this.reach = reach
  }

  ask(run: VariantRun, side: Side): void {
    const { inspectors } = this.reach
    if (this.asked.has(run) || hasCauses(run) || inspectors.isComputing) return
    this.asked.add(run)
    this.problem = ''
    void this.settle(run, side)
  }

  private async settle(run: VariantRun, side: Side): Promise<void> {
    const answer = await this.reach.inspectors.of(side).causes()
    this.asked.delete(run)
    if (answer.ok) this.reach.keep(run, answer.value)
    if (answer.ok || answer.why === 'cancelled') return
    this.asked.add(run)
    this.problem = 'The causes could not be found.'
    this.reach.repaint()
  }
}

function linesOf(
  run: VariantRun,
  service: string,
  problem: string,
  box: HTMLElement,
): HTMLElement[] {
  if (problem !== '') return [el('li', { class: 'small' }, problem)]
  if (!hasCauses(run)) return [el('li', { class: 'small' }, 'Running it again to find the cause …')]
  const steps = chainSteps(run.layout, chainTo(knownCauses(run), service))
  return steps.map((step) => el('li', {}, lineOf(step, box)))
}

function lineOf({ time, what, words }: ChainStep, box: HTMLElement): HTMLElement {
  return el(
    'button',
    { type: 'button', onclick: () => askSeek(box, time) },
    el('time', {}, (time / 1e9).toFixed(1)),
    el('span', {}, el('b', {}, what), words === '' ? '' : ` ${words}`),
  )
}
