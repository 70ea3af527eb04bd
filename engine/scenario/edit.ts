/**
 * Changes of a scenario's text by machine: positions of services, and faults. Only what changes is written; comments,
 * order and layout of all else stay as they are.
 */
import { isMap, isScalar, isSeq, parseDocument, type Pair, type YAMLMap, type YAMLSeq } from 'yaml'

/** Text that takes the place of [from, to). */
interface Splice {
  readonly from: number
  readonly to: number
  readonly text: string
}

/** The text with positions of services; undefined when it cannot be changed by machine. */
export function withPlaces(
  text: string,
  places: ReadonlyMap<string, readonly [x: number, y: number]>,
): string | undefined {
  const services = sectionOf(text, 'services')
  if (!isMap(services)) return undefined
  const splices: Splice[] = []
  for (const pair of services.items) {
    const at = places.get(nameOf(pair))
    const splice = at && placeSplice(text, pair, `[${at[0]}, ${at[1]}]`)
    if (splice) splices.push(splice)
  }
  return splices.length < places.size ? undefined : spliced(text, splices)
}

/** The text with one more fault, the last of the list: `{ at: 30s, slow: db, by: 3 }`. */
export function withFault(text: string, fault: string): string | undefined {
  const faults = sectionOf(text, 'faults')
  if (isSeq(faults)) return spliced(text, [itemSplice(text, faults, fault)])
  const root = parse(text)
  if (faults !== undefined || !isMap(root)) return undefined
  if (root.flow) return spliced(text, [entrySplice(text, root, 'faults', `[${fault}]`)])
  return `${text.replace(/\n*$/, '\n')}faults:\n  - ${fault}\n`
}

function parse(text: string): unknown {
  const document = parseDocument(text, { schema: 'failsafe', logLevel: 'silent' })
  return document.errors.length > 0 ? undefined : document.contents
}

/** The value of a section; undefined when there is none. */
function sectionOf(text: string, name: string): unknown {
  const root = parse(text)
  return isMap(root) ? root.items.find((pair) => nameOf(pair) === name)?.value : undefined
}

function nameOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : ''
}

function spliced(text: string, splices: readonly Splice[]): string {
  const backwards = splices.toSorted((a, b) => b.from - a.from)
  return backwards.reduce(
    (now, { from, to, text: by }) => now.slice(0, from) + by + now.slice(to),
    text,
  )
}

/** Sets `at` of a service, in braces or as a block. */
function placeSplice(text: string, { value }: Pair, at: string): Splice | undefined {
  if (!isMap(value)) return undefined
  const known = value.items.find((pair) => nameOf(pair) === 'at')?.value
  const range = isSeq(known) || isScalar(known) ? known.range : undefined
  if (range) return { from: range[0], to: range[1], text: at + lineAfter(text, known, range) }
  return entrySplice(text, value, 'at', at)
}

/** A block takes the end of its last line with it; a value in brackets does not. */
function lineAfter(
  text: string,
  known: unknown,
  [, end]: readonly [number, number, number],
): string {
  return isSeq(known) && !known.flow && text[end - 1] === '\n' ? '\n' : ''
}

/** Adds an entry: to a mapping in braces as the last one, to a block as the first, where its indentation is known. */
function entrySplice(text: string, map: YAMLMap, key: string, value: string): Splice {
  const [start, end] = map.range!
  if (!map.flow) {
    const column = start - (text.lastIndexOf('\n', start - 1) + 1)
    return { from: start, to: start, text: `${key}: ${value}\n${' '.repeat(column)}` }
  }
  const isQuoted = map.items.some(({ key: one }) => isScalar(one) && one.type === 'QUOTE_DOUBLE')
  const entry = `${isQuoted ? `"${key}"` : key}: ${value}`
  const last = endOf(map.items.at(-1))
  if (last === undefined) return { from: start, to: end, text: `{ ${entry} }` }
  return { from: last, to: last, text: `, ${entry}` }
}

/** Where an entry ends; undefined when there is none. */
function endOf(pair: Pair | undefined): number | undefined {
  if (!pair) return undefined
  const { key, value } = pair
  const of = (node: unknown): number | undefined =>
    isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[1] : undefined
  return of(value) ?? of(key)
}

/** Adds an item to the end of a list. */
function itemSplice(text: string, list: YAMLSeq, item: string): Splice {
  const [start, end] = list.range!
  const last = list.items.at(-1) as YAMLMap | undefined
  if (list.flow) {
    const at = last?.range?.[1]
    if (at === undefined) return { from: start, to: end, text: `[${item}]` }
    return { from: at, to: at, text: `, ${item}` }
  }
  const column = start - (text.lastIndexOf('\n', start - 1) + 1)
  const full = endOfLine(text, (last?.range?.[1] ?? end) - 1)
  return { from: full, to: full, text: `\n${' '.repeat(column)}- ${item}` }
}

/** The end of the line that holds an offset; of the one before, when the offset is at the end of a line. */
function endOfLine(text: string, offset: number): number {
  if (text[offset] === '\n') return offset
  const at = text.indexOf('\n', offset)
  return at < 0 ? text.length : at
}
