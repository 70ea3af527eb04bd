/** The gates that a hazard must not get through: tidy rules, linter, and tests that are run under poison. */
import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { root, source } from '../support/source.ts'
import { rules, untidy } from '../support/tidy.ts'
import type { Hazard } from './list.ts'

/** Text of the file of a hazard, with the hazard in it. */
export function planted({ path, plant }: Hazard): string {
  return plant(readFileSync(join(root, path), 'utf8'))
}

/** What the tidy rules say of it that they do not say without it. */
export function tidySees(hazard: Hazard): string[] {
  const see = (text: string): string[] =>
    rules.flatMap((rule) => untidy(rule, source(hazard.path, text)))
  const before = new Set(see(readFileSync(join(root, hazard.path), 'utf8')).map(withoutLine))
  return see(planted(hazard)).filter((found) => !before.has(withoutLine(found)))
}

function withoutLine(found: string): string {
  return found.replace(/:\d+ /, ' ')
}

/**
 * What the linter says of every hazard, in the order of the hazards: each is a file of its own in the same room.
 * @param folder is empty
 */
export async function lintSees(hazards: readonly Hazard[], folder: string): Promise<string[][]> {
  const config = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')) as {
    options: { typeAware: boolean }
  }
  // What a type must be known for is no hazard.
  config.options.typeAware = false
  writeFileSync(join(folder, '.oxlintrc.json'), JSON.stringify(config))
  const files = hazards.map(({ path }, at) => path.replace(/\.ts$/, `-${at}.ts`))
  for (const [at, file] of files.entries()) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), planted(hazards[at]!))
  }
  const { said } = await run('node_modules/.bin/oxlint', ['--format', 'json', '.'], folder)
  const { diagnostics } = JSON.parse(said) as {
    diagnostics: { code: string; message: string; filename: string }[]
  }
  const ours = diagnostics.filter(({ code }) => code.includes('no-restricted'))
  return files.map((file) =>
    ours.filter(({ filename }) => filename.endsWith(file)).map(({ message }) => message),
  )
}

/** Parts of the house that the tests need. */
const PARTS = ['engine', 'workers', 'scenarios', 'cli', 'tests', 'ui']
const FILES = ['package.json', 'package-lock.json', 'vite.config.ts', 'tsconfig.json']

/** A copy of the house to plant hazards in. */
export function copyHouse(folder: string): void {
  for (const part of [...PARTS, ...FILES]) {
    if (existsSync(join(root, part)))
      cpSync(join(root, part), join(folder, part), { recursive: true })
  }
  const modules = join(folder, 'node_modules')
  mkdirSync(modules)
  // The packages themselves, but no cache: nothing that was made of the house is taken along.
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name === '.cache' || name === '.vite') continue
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
}

/** Runs tests in a copy of the house; answers whether one of them failed, and the first complaint. */
export async function testsSee(
  folder: string,
  tests: string,
): Promise<{ failed: boolean; said: string }> {
  // `file > name`: only those of the name.
  const [file = '', only] = tests.split(' > ')
  const which = only === undefined ? [file] : [file, '-t', only]
  const args = ['run', '--project', 'node', '--bail', '1', '--no-color', ...which]
  const { code, said } = await run('node_modules/.bin/vitest', args, folder)
  const complaint = /^\s*(\w*Error: .*)$/m.exec(said)?.[1] ?? said.slice(-2000)
  return { failed: code !== 0, said: code === 0 ? '' : complaint }
}

/** Plants a hazard in a copy, does something, and takes it out again. */
export async function withHazard<T>(
  folder: string,
  hazard: Hazard,
  act: () => Promise<T>,
): Promise<T> {
  const path = join(folder, hazard.path)
  const before = readFileSync(path, 'utf8')
  writeFileSync(path, planted(hazard))
  try {
    return await act()
  } finally {
    writeFileSync(path, before)
  }
}

function run(
  command: string,
  args: string[],
  cwd: string,
): Promise<{ code: number; said: string }> {
  const env = { ...process.env, UPDATE: undefined, VITEST: undefined, NO_COLOR: '1' }
  const options = { cwd, env, maxBuffer: 1e9 }
  return new Promise((resolve) => {
    execFile(join(root, command), args, options, (error, stdout, stderr) => {
      resolve({
        code: error === null ? 0 : 1,
        said: command.includes('vitest') ? stdout + stderr : stdout,
      })
    })
  })
}
