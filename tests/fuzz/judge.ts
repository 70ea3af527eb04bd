/** Judges a scenario: reads its text as any stranger's, runs it, and holds all laws against it. */
import { hashText } from '../../engine/core/hash.ts'
import { readScenario } from '../../engine/scenario/read.ts'
import type { Scenario } from '../../engine/scenario/scenario.ts'
import { inert, powerless } from './laws/absences.ts'
import { beside, doubled, permuted } from './laws/changes.ts'
import { drained } from './laws/drain.ts'
import type { Law, Subject } from './laws/law.ts'
import { runOf } from './laws/law.ts'
import { pushed } from './laws/pushes.ts'
import { again, resumed, sliced } from './laws/repeats.ts'
import { spent } from './laws/spent.ts'
import { recorded, results } from './laws/results.ts'
import { watch, watched } from './laws/watched.ts'

/** Laws that cost a run or two each. */
const MORE: readonly Law[] = [
  recorded,
  sliced,
  resumed,
  again,
  permuted,
  beside,
  doubled,
  powerless,
  inert,
  pushed,
  spent,
  drained,
]

/** Every law there is. */
export const LAWS: readonly Law[] = [results, watched, ...MORE]

/** What was found. */
export interface Judgement {
  /** The scenario, when the reader takes it; else why not. */
  readonly scenario: Scenario | undefined
  readonly refusal: string | undefined
  /** The first law that does not hold, and what is wrong. */
  readonly broken: { readonly law: string; readonly complaints: readonly string[] } | undefined
  /** What happened in the watched run. */
  readonly happened: ReadonlySet<string>
  readonly events: number
}

const NOTHING: ReadonlySet<string> = new Set()

/** How a scenario is judged. */
export interface Options {
  /** Laws beyond those that are always held against it; undefined: all. They are chosen by the text, so that the choice can be had again. */
  readonly most?: number | undefined
  /** Only this law counts: while a failure shrinks, it stays the same failure. */
  readonly only?: string | undefined
  readonly laws?: readonly Law[]
}

/** Reads and judges the text of a scenario. */
export function judge(text: string, { most, only, laws = LAWS }: Options = {}): Judgement {
  const read = guarded(() => readScenario(text, 'fuzz'))
  if ('thrown' in read) return failed('reading', [read.thrown])
  const { value } = read
  if (!value.ok) return refused(value.errors)
  const { scenario } = value
  const straight = guarded(() => runOf(scenario).finish())
  if ('thrown' in straight) return { ...failed('running', [straight.thrown]), scenario }
  const subject = { scenario, straight: straight.value }
  const held = laws.filter(({ name }) => only === undefined || name === only)
  const chosen = most === undefined || only !== undefined ? held : some(held, text, most)
  return { ...verdict(subject, chosen), scenario }
}

function verdict(subject: Subject, laws: readonly Law[]): Judgement {
  let happened = NOTHING
  for (const law of laws) {
    const found = guarded(() => {
      if (law !== watched) return law.check(subject)
      const sight = watch(subject)
      happened = sight.happened
      return sight.complaints
    })
    const complaints = 'thrown' in found ? [found.thrown] : found.value
    if (complaints.length > 0) return { ...failed(law.name, complaints), happened }
  }
  const { events } = subject.straight
  return { scenario: subject.scenario, refusal: undefined, broken: undefined, happened, events }
}

function failed(law: string, complaints: readonly string[]): Judgement {
  const broken = { law, complaints: complaints.slice(0, 10) }
  return { scenario: undefined, refusal: undefined, broken, happened: NOTHING, events: 0 }
}

function refused(errors: readonly { code: string; message: string }[]): Judgement {
  const [first] = errors
  if (first === undefined) return failed('reading', ['refused without a reason'])
  const refusal = `${first.code} ${first.message}`
  return { scenario: undefined, refusal, broken: undefined, happened: NOTHING, events: 0 }
}

/** The laws that always hold first, and as many of the others as are wanted. */
function some(laws: readonly Law[], text: string, most: number): Law[] {
  const always = laws.filter((law) => !MORE.includes(law))
  const others = laws.filter((law) => MORE.includes(law))
  const start = hashText(text) % Math.max(1, others.length)
  return [...always, ...[...others.slice(start), ...others.slice(0, start)].slice(0, most)]
}

function guarded<T>(action: () => T): { readonly value: T } | { readonly thrown: string } {
  try {
    return { value: action() }
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { thrown: stack.split('\n').slice(0, 4).join(' ') }
  }
}
