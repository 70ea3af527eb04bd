/**
 * A very long run in little memory: `npm run -s soak -- [--events 1e9] [--file scenarios/retry-storm.yaml]`.
 * Prints the heap after each tenth, and fails when it is more than 5 % larger at the end than after the first tenth.
 */
import { pathToFileURL } from 'node:url'
import { bundle } from '../../cli/bundle.mjs'

const home = await bundle({
  name: 'soak',
  entries: { main: 'tests/bench/soak.ts' },
  sources: ['engine', 'tests/bench', 'tests/support'],
})
await import(pathToFileURL(`${home}/main.js`).href)
