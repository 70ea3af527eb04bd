/** A run in one word: `file.yaml?seed=7&off=breaker&variant=B&set=services.db.queue=10`. */
import { readTask } from '../engine/scenario/read.ts'
import type { Scenario } from '../engine/scenario/scenario.ts'
import { taskOf } from './execution.ts'
import { BadInput } from './exit.ts'
import type { OpenedFile } from './files.ts'
import { openFile } from './files.ts'
import { splitList, splitSetting } from './options.ts'
import { inFile } from './problems.ts'

/** A run that is described: what it is called, and its scenario with everything applied. */
export interface Described {
  readonly label: string
  readonly scenario: Scenario
}

const WORDS = ['seed', 'variant', 'off', 'on', 'inert', 'set']

/** Reads a descriptor; a seed given beside it holds where it names none itself. */
export function describe(text: string, seed: string | undefined, variant?: string): Described {
  const at = text.indexOf('?')
  const path = at < 0 ? text : text.slice(0, at)
  const query = new URLSearchParams(at < 0 ? '' : text.slice(at + 1))
  const unknown = [...query.keys()].find((word) => !WORDS.includes(word))
  if (unknown !== undefined) {
    throw new BadInput(`"${unknown}" is not known in ${text}: there are ${WORDS.join(', ')}.`)
  }
  const list = (word: string): string[] => query.getAll(word).flatMap(splitList)
  const set = Object.fromEntries(query.getAll('set').map(splitSetting))
  const changes = { off: list('off'), on: list('on'), inert: list('inert'), set }
  const own = query.get('variant') ?? variant
  const scenario = scenarioOf(openFile(path), changes, own, query.get('seed') ?? seed)
  return { label: [path, own, `seed ${scenario.seed}`].filter(Boolean).join(', '), scenario }
}

function scenarioOf(
  file: OpenedFile,
  changes: Parameters<typeof taskOf>[1],
  variant: string | undefined,
  seed: string | undefined,
): Scenario {
  const read = readTask(taskOf(file, changes, variant, seed))
  if (!read.ok) throw new BadInput('', inFile(file.path, read.errors))
  return read.scenario
}
