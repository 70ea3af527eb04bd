/** Builds the page and serves it on this machine: `npm start [-- --port 5000]`. */
import { parseArgs } from 'node:util'
import { build, preview } from 'vite'
import { headers, headersAlways } from './build/policy.mjs'
import { root } from './bundle.mjs'

const { values } = parseArgs({ options: { port: { type: 'string', default: '4173' } } })
const configFile = `${root}/vite.config.ts`

await build({ configFile, logLevel: 'warn' })
const server = await preview({
  configFile,
  logLevel: 'warn',
  plugins: [headersAlways()],
  preview: { host: '127.0.0.1', port: Number(values.port), strictPort: false, headers },
})
const address = server.httpServer.address()
const port = typeof address === 'object' && address ? address.port : values.port
console.log(`Faultline is at http://localhost:${port}/`)

// npm's shell does not pass on the signal that ends it, so the server goes when the shell goes.
if (process.env.npm_lifecycle_event) {
  const shell = process.ppid
  setInterval(() => process.ppid !== shell && process.exit(), 500)
}
