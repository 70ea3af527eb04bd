/** Finding scenarios: by what they are about, by how hard they are, by words. */
import type { Entry } from '../library.ts'

/** What is asked for; empty: anything. */
export interface Asked {
  readonly words: string
  /** Family of a pattern: `resilience` … */
  readonly family: string
  readonly problem: string
  readonly difficulty: string
}

/** Nothing is asked for. */
export const ANYTHING: Asked = { words: '', family: '', problem: '', difficulty: '' }

/** Difficulties from easy to hard. */
const LEVELS = ['beginner', 'intermediate', 'advanced']

/** Families of the patterns of a scenario, by the families of all patterns. */
export function familiesOf({ tags }: Entry, families: ReadonlyMap<string, string>): string[] {
  return [...new Set(tags.patterns.flatMap((name) => families.get(name) ?? []))]
}

/** The scenarios that are asked for, in their own order. */
export function found(
  all: readonly Entry[],
  asked: Asked,
  families: ReadonlyMap<string, string>,
): Entry[] {
  const words = asked.words.toLowerCase().split(/\s+/)
  return all.filter((entry) => {
    const { title, question, tags, name } = entry
    const text = [title, question, name, tags.problem, ...tags.patterns].join(' ').toLowerCase()
    return (
      words.every((word) => text.includes(word) || text.replaceAll('-', ' ').includes(word)) &&
      (asked.family === '' || familiesOf(entry, families).includes(asked.family)) &&
      (asked.problem === '' || tags.problem === asked.problem) &&
      (asked.difficulty === '' || tags.difficulty === asked.difficulty)
    )
  })
}

/** Problems that there are, by the alphabet. */
export function problems(all: readonly Entry[]): string[] {
  return [...new Set(all.map(({ tags }) => tags.problem))].filter(Boolean).toSorted()
}

/** Difficulties that there are, from easy to hard. */
export function difficulties(all: readonly Entry[]): string[] {
  const there = new Set(all.map(({ tags }) => tags.difficulty))
  return LEVELS.filter((level) => there.has(level))
}
