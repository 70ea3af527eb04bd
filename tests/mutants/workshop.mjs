/** A copy of the house that may be broken. */
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { cache, root } from '../../cli/bundle.mjs'

/** What the tests of the engine need. */
const NEEDED = ['engine', 'tests', 'workers', 'cli', 'scenarios', 'ui', 'docs']
const FILES = [
  'package.json',
  'package-lock.json',
  'vite.config.ts',
  'tsconfig.json',
  'README.md',
  'FIDELITY.md',
]

/** Makes the copy and answers where it is; whoever asked for it takes it away. */
export function workshop() {
  const place = join(cache, `mutants-${process.pid}`)
  mkdirSync(place, { recursive: true })
  for (const name of [...NEEDED, ...FILES, 'scenario.schema.json'])
    if (existsSync(join(root, name)))
      cpSync(join(root, name), join(place, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'))
  return place
}
