import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync, type ParseResult } from 'vite'

/** The folder that holds `package.json`. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** A file as the tidy rules see it: parsed, so that comments and strings are never code. */
export interface Source {
  /** From the root, with `/`. */
  readonly path: string
  readonly text: string
  readonly program: ParseResult['program']
  readonly comments: ParseResult['comments']
}

/** The source of a path, with the given text instead of the file's where there is one. */
export function source(path: string, text = readFileSync(join(root, path), 'utf8')): Source {
  const { program, comments, errors } = parseSync(path, text)
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`)
  return { path, text, program, comments }
}

/** The paths of the TypeScript and JavaScript files in a folder and all below it. */
export function codeIn(folder: string): string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return codeIn(path)
    return /\.m?[tj]s$/.test(entry.name) ? [path] : []
  })
}

/** The number of the line that an offset into the text lies on, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
