/** The corpus of bad inputs as files: all rows that have one, and those that are made. `KEYS.md` says what is what. */
import { readdirSync, readFileSync } from 'node:fs'

/** A file that somebody gives us. */
export interface BadInput {
  /** `B07`, or `B24-number` for another form of a row. */
  readonly name: string
  readonly bytes: Uint8Array
}

const folder = new URL('../fixtures/bad-inputs/', import.meta.url)
/** Read, perhaps with a warning. */
const ACCEPTED = new Set(['B08', 'B54', 'B55-run', 'B56-run', 'B58', 'B63'])

const made = (name: string, text: string): BadInput => ({
  name,
  bytes: new TextEncoder().encode(text),
})

const fromFiles = readdirSync(folder)
  .filter((file) => file.endsWith('.txt'))
  .toSorted((a, b) => Number(a > b) - Number(a < b))
  .map((file) => ({
    name: file.slice(0, -'.txt'.length),
    bytes: new Uint8Array(readFileSync(new URL(file, folder))),
  }))

const MADE: readonly BadInput[] = [
  made('B45', '['.repeat(20_000) + ']'.repeat(20_000)),
  made('B45-json', '{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000)),
  made('B46', `a:\n${'- 1\n'.repeat(524_288)}`),
]

const all = [...fromFiles, ...MADE]

/** All that must be refused. */
export const REFUSED: readonly BadInput[] = all.filter(({ name }) => !ACCEPTED.has(name))

/** All that are read: `B08`, with warnings `B54` and `B58`, to be stopped when they run `B55-run` and `B56-run`, and `B63`. */
export const READ: ReadonlyMap<string, Uint8Array> = new Map(
  all.filter(({ name }) => ACCEPTED.has(name)).map(({ name, bytes }) => [name, bytes]),
)

/** Rows of the corpus that are about files: all but B64, which is about links. */
export const FILE_ROWS: readonly string[] = Array.from(
  { length: 63 },
  (_, at) => `B${String(at + 1).padStart(2, '0')}`,
)
