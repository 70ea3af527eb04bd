/** The command line that computes what the page computes, for whoever wants to check it. */
import { entryNamed } from '../library.ts'
import { SIDES, type Document, type Opened } from '../state.ts'
import { tasksSwitches, variantName } from '../switches.ts'
import { wholeSeed } from './seed-set.ts'

/** `npm run -s sim -- compare …`; undefined where one command cannot say it: switches that differ, seeds of letters. */
export function compareCommand(
  document: Document,
  opened: Opened,
  row: readonly string[],
): string | undefined {
  const [first = ''] = row
  const [a, b] = SIDES.map((side) => tasksSwitches(opened, document, side))
  const isSame = JSON.stringify(a) === JSON.stringify(b)
  const isCompared = SIDES.every((side) => variantName(opened.scenario, side) !== undefined)
  if (!isSame || !isCompared || wholeSeed(first) === undefined) return undefined
  const words = ['npm run -s sim -- compare', fileOf(document)]
  words.push(`--seeds ${row.length}`, `--from ${first}`)
  if (a!.on.length > 0) words.push(`--on ${a!.on.join(',')}`)
  if (a!.off.length > 0) words.push(`--off ${a!.off.join(',')}`)
  for (const [path, value] of Object.entries(document.set)) words.push(`--set '${path}=${value}'`)
  return words.join(' ')
}

function fileOf({ name, text }: Document): string {
  const entry = entryNamed(name)
  if (entry?.text !== text) return `${name}.yaml`
  return ['scenarios', entry.folder, `${name}.yaml`].filter((part) => part !== '').join('/')
}
