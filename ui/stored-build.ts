/** Makes the stored result of the home scenario; the build of the page calls it, with the engine that the page has. */
import { readScenario } from '../engine/scenario/read.ts'
import { prepare } from '../workers/prepare.ts'
import { entryNamed, HOME } from './library.ts'
import { openingMoment } from './player.ts'
import { VariantRun } from './runs.ts'
import { pack } from './stored.ts'
import { writeStored } from './stored-run.ts'
import type { Side } from './state.ts'
import { variantName } from './switches.ts'

/** The JSON that the page carries. */
export async function storedHome(): Promise<string> {
  const { name, text } = entryNamed(HOME)!
  const reading = readScenario(text, name)
  if (!reading.ok) throw new Error(`${name}.yaml cannot be read: ${reading.errors[0]?.message}`)
  const { scenario, off } = reading
  const run = (side: Side): VariantRun => runToEnd(name, text, variantName(scenario, side))
  const runs = { A: run('A'), B: run('B') }
  const bytes = writeStored({ name, opened: { scenario, off }, runs }, openingMoment(runs.A))
  return JSON.stringify(await pack(bytes))
}

/** Runs a variant of a file as the page would, all at once. */
function runToEnd(name: string, text: string, variant: string | undefined): VariantRun {
  const untouched = { seed: undefined, on: [], off: [], inert: [], set: {} }
  const prepared = prepare({ name, text, variant, ...untouched, recording: 'columns' })
  if (!prepared.ok) throw new Error(`${name}.yaml cannot be run: ${prepared.problems[0]?.message}`)
  const ready = prepared.run
  const run = new VariantRun(ready.layout())
  ready.advance(Infinity)
  run.take(ready.frame(true))
  run.result = ready.result()
  return run
}
