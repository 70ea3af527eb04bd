/** The command line for tests: called in this process, which is cheap, or started as users start it. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, vi } from 'vitest'
import { main } from '../../cli/main.ts'
import { root } from '../support/source.ts'
import { urlOf } from '../workers/threads.ts'

/** What a command left behind. */
export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Calls the command line; `entry` is the worker it starts where it needs more than one thread. */
export async function call(args: readonly string[], entry = 'node-worker'): Promise<Ended> {
  globalThis.__faultline = { nodeWorker: await urlOf(entry), root }
  const written = { stdout: '', stderr: '' }
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += String(text)
      return true
    }),
  )
  try {
    return { code: await main([...args]), ...written }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

/** Starts `sim` in a process of its own. */
export function start(...args: string[]): Promise<Ended> {
  const options = { cwd: root, maxBuffer: 1e8 }
  return new Promise((resolve) => {
    execFile(process.execPath, ['cli/sim.mjs', ...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr })
    })
  })
}

const folder = mkdtempSync(join(tmpdir(), 'faultline-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Writes a scenario file for a test and answers its path. */
export function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
