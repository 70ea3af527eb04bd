/** Bundles the fuzzer and runs it: `npm run -s fuzz -- --runs 1000 --seed 1`. */
import { pathToFileURL } from 'node:url'
import { bundle } from '../../cli/bundle.mjs'

const home = await bundle({
  name: 'fuzz',
  entries: { main: 'tests/fuzz/main.ts' },
  sources: ['engine', 'tests/fuzz'],
})
await import(pathToFileURL(`${home}/main.js`).href)
