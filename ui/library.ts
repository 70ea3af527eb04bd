/**
 * The scenarios that come with Faultline: every file in `scenarios`. The one that the page opens with is there at
 * once, the others are fetched when they are first wanted.
 */
import home from '../scenarios/retry-storm.yaml?raw'

/** What a file says it is about. */
export interface Tags {
  /** Names of components. */
  readonly patterns: readonly string[]
  /** `cascading failure` …; empty: it does not say. */
  readonly problem: string
  /** `beginner`, `intermediate` or `advanced`; empty: it does not say. */
  readonly difficulty: string
}

/** A scenario to choose. */
export interface Entry {
  /** Name of the file without folder and ending; what a link says. */
  readonly name: string
  /** `theory` …; empty for those at the top. */
  readonly folder: string
  readonly title: string
  readonly question: string
  readonly tags: Tags
  readonly text: string
}

/** The scenario that the page opens with. */
export const HOME = 'retry-storm'

/** All that have been fetched: those at the top first, then by title. */
export const library: Entry[] = [entryOf(`../scenarios/${HOME}.yaml`, home)]

/** Fetches all of them. */
export async function loadLibrary(): Promise<readonly Entry[]> {
  const { files } = await import('./library-files.ts')
  const all = Object.entries(files).map(([path, text]) => entryOf(path, text))
  library.splice(0, library.length, ...all.toSorted((a, b) => rank(a, b)))
  return library
}

/** The one of a name, among those that have been fetched. */
export function entryNamed(name: string | undefined): Entry | undefined {
  return library.find((entry) => entry.name === name)
}

function entryOf(path: string, text: string): Entry {
  const parts = path
    .replace('../scenarios/', '')
    .replace(/\.yaml$/, '')
    .split('/')
  const name = parts.at(-1)!
  return {
    name,
    folder: parts.slice(0, -1).join('/'),
    title: lineOf('title', text) ?? name,
    question: lineOf('question', text) ?? '',
    tags: tagsOf(text),
    text,
  }
}

/** A line at the top of a file, as our own files have it; the real reader is in the workers. */
function lineOf(key: string, text: string): string | undefined {
  const found = new RegExp(`^${key}: *(.+?) *$`, 'm').exec(text)?.[1]
  return found === undefined ? undefined : unquoted(found)
}

/** `tags: { patterns: [retry], problem: cascading failure, difficulty: beginner }`, in any order. */
function tagsOf(text: string): Tags {
  const tags = /^tags: *\{(.*)\}/m.exec(text)?.[1] ?? ''
  const listed = /patterns: *\[([^\]]*)\]/.exec(tags)?.[1] ?? ''
  const word = (key: string): string =>
    unquoted(new RegExp(`${key}: *([^,}]+?) *(,|$)`).exec(tags)?.[1] ?? '')
  const patterns = listed.split(',').map((name) => name.trim())
  return {
    patterns: patterns.filter((name) => name !== ''),
    problem: word('problem'),
    difficulty: word('difficulty'),
  }
}

function unquoted(text: string): string {
  return /^(['"]).*\1$/.test(text) ? text.slice(1, -1) : text
}

function rank(a: Entry, b: Entry): number {
  if (a.name === HOME || b.name === HOME) return a.name === HOME ? -1 : 1
  if (a.folder !== b.folder) return a.folder < b.folder ? -1 : 1
  return a.title < b.title ? -1 : 1
}
