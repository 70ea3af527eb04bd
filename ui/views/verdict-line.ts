/** The heading of the page: what happened and what the pattern changed, in one sentence; below it, how sure that is. */
import { el, setText } from '../dom.ts'
import { judgeOf } from '../facts/judge.ts'
import { seedLine } from '../facts/seed-words.ts'
import { knowsSignals, learnSignals } from '../facts/signal-help.ts'
import type { Table } from '../facts/table.ts'
import { onlyDifference, verdict, type Part, type Verdict } from '../facts/verdict.ts'
import { moment } from '../format.ts'
import { withPartIfThere } from '../lazy.ts'
import { loadPatterns } from '../patterns.ts'
import type { Runs } from '../runs.ts'
import { SIDES } from '../state.ts'
import { drawing, type View } from '../view.ts'

/** Characters beyond which the heading is set smaller. */
const LONG = 95

/** The H1 and the line below it. */
export const verdictLine: View = {
  create(host) {
    const heading = el('h1', {}, 'Faultline')
    const below = el('p', {}, 'One fault, two worlds, the same requests.')
    host.replaceChildren(heading, below)
    let judged: Verdict | undefined
    const made = drawing(host, {
      paint(_, runs) {
        const { A, B, opened } = runs
        if (!opened) return
        judged = A?.isDone && B?.isDone ? verdict(runs) : undefined
        if (judged) sayVerdict(heading, judged)
        else sayQuestion(heading, opened.scenario)
        if (!knowsSignals() && claimsSignals(runs)) void learn().then(() => made.repaint())
      },
      seeds(_, runs) {
        if (runs.opened) setText(below, judged ? `${seedLine(runs)} ${judged.below}` : soFar(runs))
      },
      table: (runs) => tableOf(heading.textContent, runs),
    })
    return made
  },
}

function sayVerdict(heading: HTMLElement, { parts }: Verdict): void {
  heading.replaceChildren(...parts.map(partOf))
  heading.classList.toggle('long', heading.textContent.length > LONG)
}

function sayQuestion(
  heading: HTMLElement,
  { question, title }: { question: string; title: string },
) {
  heading.classList.remove('long')
  setText(heading, question || title)
}

/** A stretch of a sentence, in the hue of good or bad news. */
export function partOf({ text, tone }: Part): Node | string {
  return tone ? el('span', { class: tone }, text) : text
}

/** Only then the words of signals are needed, which come with the catalogue. */
function claimsSignals({ opened }: Runs): boolean {
  return opened?.scenario.expect.some(({ text }) => text.includes('signal(')) ?? false
}

function learn(): Promise<void> {
  return withPartIfThere(loadPatterns, learnSignals)
}

function soFar(runs: Runs): string {
  const first = SIDES.flatMap((side) => (runs[side] ? [runs[side].now] : []))
  const done = first.length > 0 ? `Computed to ${moment(Math.min(...first), 0)}. ` : ''
  return `${done}${onlyDifference(runs.difference)}`
}

/** What the sentence was made of. */
function tableOf(sentence: string, runs: Runs): Table | undefined {
  const judge = judgeOf(runs)
  if (!judge) return undefined
  const { measure, standing } = judge
  const rows = SIDES.map((side) => {
    const result = runs[side]!.result!
    const { fate, served, servedLast, recovery } = standing(result)
    return [side, result.seed, fate, served, servedLast, seconds(recovery), measure.read(result)]
  })
  const asked = measure.clause.replace('$', '…')
  const served = ['served (share)', 'served in the last tenth (share)']
  const columns = ['variant', 'seed', 'fate', ...served, 'recovered after (s)', asked]
  return { caption: `${sentence} ${seedLine(runs)}`, columns, rows }
}

function seconds(ns: number): number | undefined {
  return Number.isFinite(ns) ? ns / 1e9 : undefined
}
