/** A first, linear look at the words and signs of a file: turns away what would be slow or dangerous to read in full. */
import { Lexer } from 'yaml'
import { type Finding, escaped, findingAt } from '../problem.ts'

/** Deepest nesting of lists and mappings. */
export const DEEPEST = 64
/** Most words and signs of a file. */
export const MOST_TOKENS = 100_000

const OPENING: ReadonlyMap<string, string> = new Map([
  ['[', ']'],
  ['{', '}'],
])
const DOCUMENT = '\u0002'
const SCALAR = '\u001f'
const FLOW_END = '\u0018'
const UNSEEN = new Set([SCALAR, DOCUMENT, FLOW_END])

/** Everything that forbids reading on; empty when the text may be read. */
export function scan(text: string): Finding[] {
  const scanner = new Scanner()
  for (const token of new Lexer().lex(text)) if (!scanner.take(token)) break
  return scanner.finish()
}

/** Counts brackets, indents and documents while the tokens pass. */
class Scanner {
  private readonly findings: Finding[] = []
  private readonly open: { sign: string; offset: number }[] = []
  private readonly indents: number[] = []
  private offset = 0
  private lineStart = 0
  private tokens = 0
  private documents = 0
  private seesScalar = false
  private atIndent = true
  private freshDocument = false
  private content = false
  private tabAt = -1

  /** Whether the scan should go on. */
  take(token: string): boolean {
    if (++this.tokens > MOST_TOKENS) return this.tooMany()
    if (token === FLOW_END) return false
    if (token === DOCUMENT) this.startDocument()
    if (token === SCALAR) this.seesScalar = true
    if (UNSEEN.has(token)) return true
    if (!this.seesScalar && isOpenQuote(token)) return this.openQuote()
    const goOn = this.seesScalar ? this.scalar() : this.sign(token)
    this.seesScalar = false
    this.offset += token.length
    this.follow(token)
    return goOn
  }

  finish(): Finding[] {
    if (this.findings.length > 0) return this.findings
    if (this.documents > 1) return [this.severalDocuments()]
    if (!this.content) return [empty()]
    return this.open.map(({ sign, offset }) => unclosed(sign, offset))
  }

  private sign(token: string): boolean {
    const first = token[0]!
    if (first === '\n' || first === '#') return true
    if (first === ' ' || first === '\t') return this.space(token)
    if (token === '---') return this.marker()
    if (token === '...') return true
    if (this.tabAt >= 0) return this.tab()
    if (OPENING.has(token)) return this.opening(token)
    if (token === ']' || token === '}') return this.closing(token)
    if (token === '-' || token === '?') return this.indentedSign()
    if (token === ':' || token === ',') return true
    return forbidden(token, this.offset, this.findings) && this.scalar()
  }

  private scalar(): boolean {
    if (this.tabAt >= 0) return this.tab()
    this.content = true
    this.freshDocument = false
    return this.indent(false)
  }

  private space(token: string): boolean {
    const tab = token.indexOf('\t')
    const matters = this.atIndent && this.open.length === 0 && tab >= 0 && this.tabAt < 0
    if (matters) this.tabAt = this.offset + tab
    return true
  }

  private opening(token: string): boolean {
    this.content = true
    this.freshDocument = false
    this.open.push({ sign: token, offset: this.offset })
    return this.indent(false)
  }

  private closing(token: string): boolean {
    const last = this.open.pop()
    if (last && OPENING.get(last.sign) === token) return true
    const says = last ? `"${token}" does not close "${last.sign}".` : `"${token}" closes nothing.`
    return this.stop('E_SYNTAX', this.offset, says, 'Check the brackets before it.')
  }

  private indentedSign(): boolean {
    this.content = true
    return this.indent(true)
  }

  /** Notes a new level of nesting where a line, or what follows a `-`, starts further in. */
  private indent(staysOpen: boolean): boolean {
    if (this.atIndent && this.open.length === 0) {
      const column = this.offset - this.lineStart
      while (this.indents.length > 0 && this.indents.at(-1)! >= column) this.indents.pop()
      this.indents.push(column)
    }
    this.atIndent = staysOpen
    return this.indents.length + this.open.length <= DEEPEST || this.tooDeep()
  }

  private follow(token: string): void {
    const newline = token.lastIndexOf('\n')
    if (newline >= 0) this.lineStart = this.offset - token.length + newline + 1
    if (token !== '\n') return
    this.atIndent = true
    this.tabAt = -1
  }

  private startDocument(): void {
    this.documents++
    this.freshDocument = true
  }

  private marker(): boolean {
    if (!this.freshDocument) this.documents++
    this.freshDocument = false
    return true
  }

  private openQuote(): boolean {
    return this.stop('E_SYNTAX', this.offset, 'A quote is never closed.', 'Add the missing quote.')
  }

  private tab(): boolean {
    const says = 'A tab is used for indentation.'
    return this.stop('E_SYNTAX', this.tabAt, says, 'Indent with spaces.')
  }

  private tooDeep(): boolean {
    const says = `Lists and mappings are nested too deeply; the limit is ${DEEPEST}.`
    return this.stop('E_TOO_DEEP', this.offset, says, 'Flatten the file.')
  }

  private tooMany(): boolean {
    const says = `The file holds more than ${MOST_TOKENS} words and signs.`
    return this.stop('E_LIMIT', this.offset, says, 'Leave out what the scenario does not need.')
  }

  private severalDocuments(): Finding {
    const says = `A file holds one scenario; found ${this.documents} documents (one scenario per file).`
    return findingAt('E_SYNTAX', 0, says, 'Split the file at the --- lines.')
  }

  private stop(
    code: 'E_SYNTAX' | 'E_TOO_DEEP' | 'E_LIMIT',
    offset: number,
    says: string,
    hint: string,
  ): false {
    this.findings.push(findingAt(code, offset, says, hint))
    return false
  }
}

/** Whether a token is a quoted text without its end. */
function isOpenQuote(token: string): boolean {
  const quote = token[0]
  if (quote !== '"' && quote !== "'") return false
  for (let at = 1; at < token.length; at++) {
    const isDoubled = quote === "'" && token[at] === quote && token[at + 1] === quote
    const isEscape = quote === '"' && token[at] === '\\'
    if (isDoubled || isEscape) at++
    else if (token[at] === quote) return false
  }
  return true
}

/** Anchors, aliases, tags and directives: false, and a finding, when the token is one. */
function forbidden(token: string, offset: number, findings: Finding[]): boolean {
  const shown = escaped(token, 80)
  const add = (code: 'E_ALIAS' | 'E_TAG', says: string, hint: string): false => {
    findings.push(findingAt(code, offset, says, hint))
    return false
  }
  switch (token.slice(0, 1)) {
    case '&':
      return add('E_ALIAS', `Anchors are not allowed; found ${shown}.`, 'Write the value itself.')
    case '*':
      return add('E_ALIAS', `Aliases are not allowed; found ${shown}.`, starHint(token))
    case '!':
      return add('E_TAG', `Tags are not allowed; found ${shown}.`, 'Write the value without it.')
    case '%':
      return add('E_TAG', `Directives are not allowed; found ${shown}.`, 'Take the line out.')
    default:
      return true
  }
}

function starHint(token: string): string {
  return token === '*' ? "Put the selector in quotes: '* -> *'." : 'Write the value itself.'
}

function empty(): Finding {
  const hint = 'Start with the smallest scenario: docs/scenario-format.md shows it.'
  return findingAt('E_EMPTY', 0, 'The file is empty.', hint)
}

function unclosed(sign: string, offset: number): Finding {
  const says = `"${sign}" is never closed.`
  const hint = `Add the missing "${OPENING.get(sign)}", and indent what is inside.`
  return findingAt('E_SYNTAX', offset, says, hint)
}
