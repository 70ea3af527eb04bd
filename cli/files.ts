/** Scenario files from the disk. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import type { Patch, Problem } from '../engine/scenario/read.ts'
import { readScenario } from '../engine/scenario/read.ts'
import type { Scenario } from '../engine/scenario/scenario.ts'
import { BadInput } from './exit.ts'
import type { FileProblem } from './problems.ts'
import { inFile, unreadable } from './problems.ts'

/** A file that was read, and that holds a scenario. */
export interface OpenedFile {
  /** As the user wrote it. */
  readonly path: string
  /** Without folder and ending. */
  readonly name: string
  readonly text: string
  readonly scenario: Scenario
  readonly warnings: readonly Problem[]
}

const ENDINGS = ['.yaml', '.yml', '.json']

/** Every scenario file that is meant: files as they are, folders with all that is below. */
export function filesIn(paths: readonly string[]): string[] {
  return paths.flatMap((path) => (isFolder(path) ? filesBelow(path) : [path]))
}

function filesBelow(folder: string): string[] {
  const found = readdirSync(folder, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return filesBelow(path)
      return ENDINGS.includes(extname(entry.name)) && !isSchema(entry.name) ? [path] : []
    })
  return found
}

/** A JSON schema lies beside the scenarios it describes, and is none. */
function isSchema(name: string): boolean {
  return name.endsWith('.schema.json')
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

/** Reads files, with a patch laid over each. What is wrong with any of them ends the command. */
export function openFiles(paths: readonly string[], patch: Patch = {}): OpenedFile[] {
  const read = filesIn(paths).map((path) => readFile(path, patch))
  const problems = read.flatMap((each) => ('problems' in each ? each.problems : []))
  if (read.length === 0) throw new BadInput(`There are no scenario files in ${paths.join(', ')}.`)
  if (problems.length > 0) throw new BadInput('', problems)
  return read.flatMap((each) => ('problems' in each ? [] : [each]))
}

/** Reads one file, with a patch laid over it. */
export function openFile(path: string, patch: Patch = {}): OpenedFile {
  const read = readFile(path, patch)
  if ('problems' in read) throw new BadInput('', read.problems)
  return read
}

/** Reads a file, or says what is wrong with it. */
export function readFile(
  path: string,
  patch: Patch = {},
): OpenedFile | { readonly problems: readonly FileProblem[] } {
  const bytes = bytesOf(path)
  if (typeof bytes === 'string') return { problems: [unreadable(path, bytes)] }
  const name = basename(path, extname(path))
  const read = readScenario(bytes, name, patch)
  if (!read.ok) return { problems: inFile(path, read.errors) }
  const text = new TextDecoder().decode(bytes)
  return { path, name, text, scenario: read.scenario, warnings: read.warnings }
}

function bytesOf(path: string): Uint8Array | string {
  try {
    return readFileSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return 'There is no such file.'
    if (code === 'EISDIR') return 'That is a folder, not a file.'
    return code === 'EACCES' ? 'The file may not be read.' : `The file cannot be read (${code}).`
  }
}
