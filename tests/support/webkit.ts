/** WebKitGTK, driven by the plain WebDriver protocol: Playwright's own WebKit is another build, which is not here. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'

/** Where the driver, the browser that it drives, and a screen for it are. */
export interface WebKitChoice {
  readonly driver: string
  readonly browser: string
  readonly screen: string
}

/** The WebKitGTK to test with, where there is one: `apt-get install webkit2gtk-driver xvfb`. */
export function findWebKit(): WebKitChoice | undefined {
  const driver = onPath('WebKitWebDriver')
  const screen = onPath('Xvfb')
  const browser = miniBrowser()
  return driver && screen && browser ? { driver, screen, browser } : undefined
}

function onPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

function miniBrowser(): string | undefined {
  const libraries = [
    '/usr/lib/x86_64-linux-gnu',
    '/usr/lib/aarch64-linux-gnu',
    '/usr/lib64',
    '/usr/lib',
  ]
  const places = libraries.flatMap((folder) =>
    (existsSync(folder) ? readdirSync(folder) : [])
      .filter((name) => name.startsWith('webkit'))
      .map((name) => join(folder, name, 'MiniBrowser')),
  )
  return places.find((path) => existsSync(path))
}

/** Without a graphics card, composing a page of layers takes seconds for every frame. */
const PLAIN = { WEBKIT_DISABLE_COMPOSITING_MODE: '1', WEBKIT_DISABLE_DMABUF_RENDERER: '1' }

/** A window of WebKitGTK. */
export interface WebKitPage {
  goto(url: string): Promise<void>
  /** Runs the body of a function in the page and answers what it returns, as JSON can say it. */
  evaluate(body: string, ...args: readonly unknown[]): Promise<unknown>
  /** Waits until the body of a function answers something true, and answers that. */
  waitFor(body: string, timeout?: number): Promise<unknown>
  close(): Promise<void>
}

/** Starts a screen, the driver and a browser; all three go with `close`. */
export async function openWebKit(choice: WebKitChoice): Promise<WebKitPage> {
  const children: ChildProcess[] = []
  const end = (): void => {
    for (const child of children.splice(0)) endGroup(child)
  }
  try {
    const screen = start(choice.screen, ['-displayfd', '3', '-screen', '0', '1440x900x24'])
    children.push(screen)
    const display = `:${await firstLine(screen)}`
    const port = await freePort()
    children.push(start(choice.driver, [`--port=${port}`], { DISPLAY: display, ...PLAIN }))
    const driver = `http://127.0.0.1:${port}`
    await answered(driver)
    return await session(driver, choice.browser, end)
  } catch (error) {
    end()
    throw error
  }
}

function start(path: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  // In a group of its own: the driver starts a browser, and that its helpers.
  return spawn(path, args, {
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('The screen for WebKit could not be started')))
    child.stdio[3]!.once('data', (data: Buffer) => resolve(data.toString().trim()))
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** Waits until the driver answers at all. */
async function answered(driver: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await fetch(`${driver}/status`)
      return
    } catch (error) {
      if (tries === 100) throw error
      await later(100)
    }
  }
}

async function session(driver: string, browser: string, end: () => void): Promise<WebKitPage> {
  const options = { binary: browser, args: ['--automation'] }
  const alwaysMatch = { 'webkitgtk:browserOptions': options }
  const made = await ask(driver, 'POST', '/session', { capabilities: { alwaysMatch } })
  const path = `/session/${(made as { sessionId: string }).sessionId}`
  const timeouts = { script: 600_000, pageLoad: 60_000, implicit: 0 }
  await ask(driver, 'POST', `${path}/timeouts`, timeouts)
  const evaluate = (script: string, ...args: readonly unknown[]): Promise<unknown> =>
    ask(driver, 'POST', `${path}/execute/sync`, { script, args })
  return {
    goto: async (url) => void (await ask(driver, 'POST', `${path}/url`, { url })),
    evaluate,
    waitFor: (body, timeout = 50_000) => waitFor(() => evaluate(body), body, timeout),
    async close() {
      await ask(driver, 'DELETE', path).catch(() => {})
      end()
    },
  }
}

async function waitFor(look: () => Promise<unknown>, what: string, timeout: number) {
  const until = Date.now() + timeout
  for (;;) {
    const seen = await look()
    if (seen) return seen
    if (Date.now() > until) throw new Error(`WebKit: waited ${timeout} ms for ${what}`)
    await later(30)
  }
}

async function ask(driver: string, method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(driver + path, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  })
  const { value } = (await answer.json()) as { value: { error?: string; message?: string } | null }
  if (!answer.ok) throw new Error(`WebKit: ${value?.error}: ${value?.message}`)
  return value
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
