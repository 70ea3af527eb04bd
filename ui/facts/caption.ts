/** What a picture of the services shows at a moment, in one or two sentences. */
import type { Time } from '../../engine/units.ts'
import { count, listed, moment, plural, span, wholePercent, words } from '../format.ts'
import type { VariantRun } from '../runs.ts'
import type { Selection, Span } from '../selection.ts'
import { serviceIn, type ServiceNow } from './health.ts'
import { lookedAt } from './window.ts'

/** The caption of a topology: of the brushed part of a run, else of the second before the cursor. */
export function caption(run: VariantRun, look: Pick<Selection, 'time' | 'range'>): string {
  const stretch = lookedAt(run, look)
  const services = run.layout.services.map(({ name }) => serviceIn(run, name, stretch))
  const until = look.range?.until ?? look.time
  const begin = look.range ? meanOver(look.range) : phase(run, look.time)
  const sentences = [begin, circuits(run, until), trouble(services)]
  return sentences.filter((sentence) => sentence !== '').join(' ')
}

function meanOver({ from, until }: Span): string {
  return `Means from ${moment(from)} to ${moment(until)}.`
}

function phase({ layout }: VariantRun, time: Time): string {
  const now = layout.faults.find((fault) => time >= fault.from && time < fault.until)
  if (now) return `The fault began ${span(roundSecond(time - now.from))} ago.`
  const past = layout.faults.filter((fault) => fault.until <= time)
  const ended = Math.max(...past.map((fault) => fault.until))
  return past.length > 0 ? `The fault ended ${span(roundSecond(time - ended))} ago.` : ''
}

function roundSecond(time: number): number {
  return time < 1e9 ? time : Math.round(time / 1e9) * 1e9
}

/** What the circuits do, as far as they differ from doing nothing. */
function circuits(run: VariantRun, time: Time): string {
  const lanes = run.lanes.filter(({ words: states }) => states.includes('open'))
  const now = lanes.filter(
    ({ unit, signal, words: states }) => run.stateAt(unit.path, signal, time) !== states[0],
  )
  const [first] = lanes
  if (!first) return ''
  if (now.length > 0) {
    return `${plural(now.length, words(first.unit.use))} open: calls are refused at once.`
  }
  const closed = run.transitions.findLast((one) => one.time <= time && one.word === 'closed')
  return closed ? `Circuits closed at ${moment(closed.time)}.` : ''
}

function trouble(services: readonly ServiceNow[]): string {
  const waiting = services.filter((service) => service.waiting >= 1)
  const worst = services.toSorted((a, b) => b.wasted - a.wasted)[0]
  if (worst && worst.wasted > 0.2) {
    return `${wholePercent(worst.wasted)} of ${worst.name}’s work is for callers that gave up.`
  }
  if (waiting.length === 0) return 'Nothing waits anywhere.'
  const total = waiting.reduce((sum, service) => sum + service.waiting, 0)
  if (total < 3) return ''
  return `${count(total)} calls wait at ${listed(waiting.map((service) => service.name))}.`
}
