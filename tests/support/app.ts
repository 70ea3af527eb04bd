import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, preview, type Plugin } from 'vite'
import type { TestProject } from 'vitest/node'
import { headers, headersAlways } from '../../cli/build/policy.mjs'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the built page is served, with a slash at the end. */
    app: string
    /** The folder that it was built into. */
    built: string
  }
}

/** A built page that is being served. */
export interface ServedApp {
  readonly app: string
  readonly built: string
  close(): Promise<void>
}

/** Builds the page once, serves it for all browser tests, and tells them where. */
export default async function serveApp(project: TestProject): Promise<() => Promise<void>> {
  const { app, built, close } = await serveBuilt(project.config.root, 4273)
  project.provide('app', app)
  project.provide('built', built)
  return close
}

/** Builds the page and serves it. */
export async function serveBuilt(home: string, port?: number): Promise<ServedApp> {
  const outDir = await mkdtemp(join(tmpdir(), 'faultline-app-'))
  const shared = {
    root: join(home, 'ui'),
    configFile: join(home, 'vite.config.ts'),
    logLevel: 'warn' as const,
    build: { outDir, emptyOutDir: true },
  }
  await build(shared)
  // As `npm start` serves it; besides, browsers tell the server of everything that the policy stopped.
  const policy = `${headers['Content-Security-Policy']}; report-uri ${REPORTS}`
  const server = await preview({
    ...shared,
    plugins: [reporting(), headersAlways()],
    preview: {
      host: '127.0.0.1',
      ...(port && { port }),
      headers: { ...headers, 'Content-Security-Policy': policy },
    },
  })
  const address = server.httpServer.address()
  if (!address || typeof address === 'string') throw new Error('The page is not being served')
  return {
    app: `http://127.0.0.1:${address.port}/`,
    built: outDir,
    async close() {
      await server.close()
      await rm(outDir, { recursive: true, force: true })
    },
  }
}

/** Where browsers tell what the policy stopped; asked (GET), it answers all that they told, and forgets it. */
export const REPORTS = '/policy-reports'

function reporting(): Plugin {
  let told: string[] = []
  return {
    name: 'policy-reports',
    configurePreviewServer({ middlewares }) {
      middlewares.use(REPORTS, (request, response) => {
        let body = ''
        request.on('data', (part: Buffer) => (body += part.toString()))
        request.on('end', () => {
          if (request.method === 'POST') told.push(body)
          response.setHeader('Content-Type', 'application/json')
          response.end(JSON.stringify(told))
          if (request.method === 'GET') told = []
        })
      })
    },
  }
}
