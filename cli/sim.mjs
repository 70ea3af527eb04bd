#!/usr/bin/env node
/** Bundles the command line if the sources changed, then runs `main` of `cli/main.ts`. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundle, root } from './bundle.mjs'

const internalError = 3
const brokenPipe = 141

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
    if (error.code === 'EPIPE') process.exit(brokenPipe)
    throw error
  })
}

try {
  const home = await bundle({
    name: 'sim',
    entries: { main: 'cli/main.ts', 'node-worker': 'workers/node-worker.ts' },
    sources: ['engine', 'workers', 'cli', 'scenarios'],
  })
  const url = (/** @type {string} */ file) => pathToFileURL(join(home, file)).href
  globalThis.__faultline = { nodeWorker: url('node-worker.js'), root }
  process.setSourceMapsEnabled(true)
  const { main } = await import(url('main.js'))
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(error)
  process.exitCode = internalError
}
