import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, preview } from 'vite'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the built page is served, with a slash at the end. */
    app: string
    /** The folder that it was built into. */
    built: string
  }
}

/** Builds the page once, serves it for all browser tests, and tells them where. */
export default async function serveApp(project: TestProject): Promise<() => Promise<void>> {
  const outDir = await mkdtemp(join(tmpdir(), 'faultline-app-'))
  const shared = {
    root: join(project.config.root, 'ui'),
    configFile: join(project.config.root, 'vite.config.ts'),
    logLevel: 'warn' as const,
    build: { outDir, emptyOutDir: true },
  }
  await build(shared)
  const server = await preview({ ...shared, preview: { host: '127.0.0.1', port: 4273 } })
  const address = server.httpServer.address()
  if (!address || typeof address === 'string') throw new Error('The page is not being served')
  project.provide('app', `http://127.0.0.1:${address.port}/`)
  project.provide('built', outDir)
  return async () => {
    await server.close()
    await rm(outDir, { recursive: true, force: true })
  }
}
