/** How soon a run that is cancelled is over: `npm run -s cancel -- [--rounds 200] [--workers 2]`, in threads of Node. */
import { pathToFileURL } from 'node:url'
import { bundle } from '../../cli/bundle.mjs'

const home = await bundle({
  name: 'cancel',
  entries: { main: 'tests/bench/cancel.ts', 'node-worker': 'workers/node-worker.ts' },
  sources: ['engine', 'workers', 'tests/bench', 'tests/support', 'tests/workers'],
})
const { measure } = await import(pathToFileURL(`${home}/main.js`).href)
await measure(pathToFileURL(`${home}/node-worker.js`).href)
