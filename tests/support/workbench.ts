/** Builds and serves the workbench: a page with the pool of the real page and nothing else. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, preview } from 'vite'
import { headers, headersAlways } from '../../cli/build/policy.mjs'
import type { EnginePage } from './engines.ts'
import { root } from './source.ts'

/** A workbench that is being served. */
export interface ServedWorkbench {
  readonly address: string
  close(): Promise<void>
}

/** Builds it as the page is built, and serves it with the same headers. */
export async function serveWorkbench(): Promise<ServedWorkbench> {
  const outDir = await mkdtemp(join(tmpdir(), 'faultline-workbench-'))
  const shared = {
    root: join(root, 'tests/support/workbench'),
    configFile: false as const,
    logLevel: 'warn' as const,
    worker: { format: 'es' as const },
    build: { outDir, emptyOutDir: true, target: 'es2023' },
  }
  await build(shared)
  const plugins = [headersAlways()]
  const server = await preview({ ...shared, plugins, preview: { host: '127.0.0.1', headers } })
  const place = server.httpServer.address()
  if (!place || typeof place === 'string') throw new Error('The workbench is not being served')
  return {
    address: `http://127.0.0.1:${place.port}/`,
    async close() {
      await server.close()
      await rm(outDir, { recursive: true, force: true })
    },
  }
}

/** Opens the workbench in a page and has it do something; answers what came of it. */
export async function atWorkbench(
  page: EnginePage,
  address: string,
  work: string,
  timeout = 300_000,
): Promise<unknown> {
  await page.goto(address)
  await page.waitFor('return globalThis.workbench')
  await page.evaluate(`globalThis.answer = undefined
    workbench.${work}.then(
      (value) => { globalThis.answer = JSON.stringify(value) },
      (error) => { globalThis.answer = JSON.stringify({ error: String(error) }) },
    )`)
  return JSON.parse(String(await page.waitFor('return globalThis.answer', timeout)))
}
