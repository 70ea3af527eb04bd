/** From text to a tree: YAML 1.2 without anchors, tags and surprises. */
import {
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Scalar,
  type YAMLError,
  type YAMLMap,
} from 'yaml'
import { type Finding, type Path, escaped, finding, findingAt } from '../problem.ts'
import type { Lines } from './lines.ts'
import { type Entry, type MapNode, type Node, type ScalarNode, bare } from './tree.ts'

export interface Composed {
  readonly root: Node | undefined
  readonly findings: readonly Finding[]
}

/** The tree of a text that `scan` let pass, and what is wrong with its syntax. */
export function compose(text: string, lines: Lines): Composed {
  const document = parseDocument(text, {
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    merge: false,
  })
  const errors = document.errors.map(syntaxFinding)
  if (errors.length > 0) return { root: undefined, findings: errors }
  const composer = new Composer(lines)
  return { root: composer.node(document.contents, 0, []), findings: composer.findings }
}

/** Turns the nodes of the parser into ours and keeps what is wrong with keys. */
class Composer {
  readonly findings: Finding[] = []
  private readonly lines: Lines

  constructor(lines: Lines) {
    this.lines = lines
  }

  node(node: unknown, fallback: number, path: Path): Node {
    if (isMap(node)) return this.map(node, fallback, path)
    if (isSeq(node)) {
      const start = node.range?.[0] ?? fallback
      const items = node.items.map((item, index) => this.node(item, start, [...path, index]))
      return { kind: 'list', start, items }
    }
    if (isScalar(node)) return scalarNode(node, fallback)
    return { kind: 'scalar', start: fallback, inset: undefined, value: null }
  }

  private map(map: YAMLMap, fallback: number, path: Path): MapNode {
    const start = map.range?.[0] ?? fallback
    const entries = new Map<string, Entry>()
    for (const pair of map.items) {
      const key = this.key(pair.key, start, path)
      if (key === undefined) continue
      const earlier = entries.get(key.text)
      if (earlier) this.duplicate(key, earlier.keyStart, path)
      const value = this.node(pair.value, key.end, [...path, key.text])
      if (!earlier) entries.set(key.text, { keyStart: key.start, keyInset: key.inset, value })
    }
    return { kind: 'map', start, entries }
  }

  private key(key: unknown, fallback: number, path: Path): Key | undefined {
    const place = placeOfKey(key, fallback)
    const text = isScalar(key) ? textOf(key) : undefined
    if (text === '<<') {
      const says = 'Merge keys (<<) are not allowed.'
      this.findings.push(
        findingAt('E_ALIAS', place.start, says, 'Write the values themselves.', path),
      )
    } else if (text === undefined) {
      const says = 'A key must be a word, not a list or a mapping.'
      this.findings.push(findingAt('E_SYNTAX', place.start, says, 'Write `key: value`.', path))
    }
    return text === undefined || text === '<<' ? undefined : { text, ...place }
  }

  private duplicate(key: Key, earlier: number, path: Path): void {
    const [first, second] = [this.lines.placeOf(earlier).line, this.lines.placeOf(key.start).line]
    const says = `The key "${escaped(key.text, 80)}" is there twice: in line ${first} and in line ${second}.`
    const isName = path.length === 1 && NAMED.has(String(path[0]))
    const code = isName ? 'E_DUP_ID' : 'E_DUP_KEY'
    const found = findingAt(code, key.start, says, 'Keep one of them.', [...path, key.text])
    this.findings.push(found)
  }
}

/** Sections whose keys are names. */
const NAMED = new Set(['services', 'load', 'patterns', 'compare'])

interface Key {
  readonly text: string
  readonly start: number
  readonly inset: number
  readonly end: number
}

function placeOfKey(key: unknown, fallback: number): Omit<Key, 'text'> {
  const range = isScalar(key) || isMap(key) || isSeq(key) ? key.range : undefined
  const inset = isScalar(key) && key.type !== 'PLAIN' ? 1 : 0
  return { start: range?.[0] ?? fallback, inset, end: range?.[1] ?? fallback }
}

const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/

/** What a plain word stands for. Anything that other readers see differently stays text. */
const WORDS: Readonly<Record<string, number | boolean | null>> = bare<number | boolean | null>([
  ['', null],
  ['~', null],
  ['null', null],
  ['true', true],
  ['false', false],
  ['.nan', Number.NaN],
  ['.inf', Infinity],
  ['-.inf', -Infinity],
])

/** The value of a plain word: a number, true, false, null, or its text. */
export function valueOf(word: string): string | number | boolean | null {
  const known = WORDS[word]
  if (known !== undefined) return known
  return NUMBER.test(word) ? Number(word) + 0 : word
}

/** Every scalar is text here; what it stands for is decided by us. */
function textOf({ value }: Scalar): string {
  return typeof value === 'string' ? value : ''
}

function scalarNode(scalar: Scalar, fallback: number): ScalarNode {
  const start = scalar.range?.[0] ?? fallback
  const text = textOf(scalar)
  if (scalar.type === 'PLAIN') {
    const inset = scalar.source === text ? 0 : undefined
    const value = valueOf(text)
    const node: ScalarNode = { kind: 'scalar', start, inset, value }
    return typeof value === 'number' ? { ...node, source: text } : node
  }
  const isQuoted = scalar.type === 'QUOTE_SINGLE' || scalar.type === 'QUOTE_DOUBLE'
  const isVerbatim = isQuoted && scalar.range?.[1] === start + text.length + 2
  return { kind: 'scalar', start, inset: isVerbatim ? 1 : undefined, value: text }
}

/** Our words for what the parser cannot read. */
const SYNTAX: Readonly<Record<string, readonly [says: string, hint: string]>> = bare<
  readonly [string, string]
>([
  ['BAD_DQ_ESCAPE', ['An escape in double quotes is not known.', 'Use single quotes.']],
  ['BAD_INDENT', ['The indentation does not fit.', 'Line it up with its neighbours.']],
  ['BAD_SCALAR_START', ['A word cannot start with this sign.', 'Put it in quotes.']],
  ['BLOCK_AS_IMPLICIT_KEY', ['A second `key:` on one line.', 'Start a new line, or quote it.']],
  ['BLOCK_IN_FLOW', ['A `key:` is not separated from what is before it.', 'Add a comma.']],
  ['KEY_OVER_1024_CHARS', ['A key is longer than 1024 characters.', 'Shorten it.']],
  ['MISSING_CHAR', ['A quote, bracket, comma or colon is missing.', 'Check the signs around it.']],
  ['MULTILINE_IMPLICIT_KEY', ['A key goes over several lines.', 'Is a colon missing above?']],
  ['RESOURCE_EXHAUSTION', ['The file is nested too deeply.', 'Flatten it.']],
  ['TAB_AS_INDENT', ['A tab is used for indentation.', 'Indent with spaces.']],
  ['UNEXPECTED_TOKEN', ['This does not belong here.', 'Check the signs around it.']],
])

function syntaxFinding(error: YAMLError): Finding {
  const deep = error.code === 'RESOURCE_EXHAUSTION'
  const [says, hint] = SYNTAX[error.code] ?? ['This is not YAML.', 'Check the signs around it.']
  return findingAt(deep ? 'E_TOO_DEEP' : 'E_SYNTAX', error.pos[0], says, hint)
}

/** One value as text would have it: `10`, `5ms`, `[a, b]`. */
export function composeValue(text: string, lines: Lines, path: Path): Node | Finding {
  const { root, findings } = compose(text, lines)
  if (root && findings.length === 0) return root
  const says = `The new value "${escaped(text, 80)}" cannot be read.`
  return finding('E_SYNTAX', path, says, { hint: 'Put it in quotes.' })
}
