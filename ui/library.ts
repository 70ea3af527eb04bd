/** The scenarios that come with Faultline: every file in `scenarios`. */

const files = import.meta.glob<string>('../scenarios/**/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** A scenario to choose. */
export interface Entry {
  /** Name of the file without folder and ending; what a link says. */
  readonly name: string
  /** `theory` …; empty for those at the top. */
  readonly folder: string
  readonly title: string
  readonly text: string
}

/** The scenario that the page opens with. */
export const HOME = 'retry-storm'

/** All of them: those at the top first, then by title. */
export const library: readonly Entry[] = Object.entries(files)
  .map(([path, text]) => entryOf(path, text))
  .toSorted((a, b) => rank(a, b))

/** The one of a name. */
export function entryNamed(name: string | undefined): Entry | undefined {
  return library.find((entry) => entry.name === name)
}

function entryOf(path: string, text: string): Entry {
  const parts = path
    .replace('../scenarios/', '')
    .replace(/\.yaml$/, '')
    .split('/')
  const name = parts.at(-1)!
  const title = /^title: *(.+?) *$/m.exec(text)?.[1] ?? name
  return { name, folder: parts.slice(0, -1).join('/'), title: unquoted(title), text }
}

function unquoted(text: string): string {
  return /^(['"]).*\1$/.test(text) ? text.slice(1, -1) : text
}

function rank(a: Entry, b: Entry): number {
  if (a.name === HOME || b.name === HOME) return a.name === HOME ? -1 : 1
  if (a.folder !== b.folder) return a.folder < b.folder ? -1 : 1
  return a.title < b.title ? -1 : 1
}
