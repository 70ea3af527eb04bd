/** Small expressions in values: `lognormal(5ms 0.5)`, `mixture(90% exponential(5ms) 10% 50ms)`. */

/** A word, with what stands in brackets behind it. */
export interface Expression {
  readonly word: string
  /** Undefined without brackets. */
  readonly args: readonly Expression[] | undefined
}

/** Deepest nesting of brackets. */
const DEEPEST = 4

/** The words of a text, or a sentence about what keeps it from being read. */
export function parseExpressions(text: string): Expression[] | string {
  const parser = new ExpressionParser(text)
  const items = parser.items(0)
  if (parser.fault === undefined && !parser.atEnd) return 'there is a ) too many'
  return parser.fault ?? items
}

class ExpressionParser {
  fault: string | undefined
  private at = 0
  private readonly text: string

  constructor(text: string) {
    this.text = text
  }

  get atEnd(): boolean {
    return this.at >= this.text.length
  }

  items(depth: number): Expression[] {
    const items: Expression[] = []
    this.skipSpaces()
    while (!this.atEnd && this.text[this.at] !== ')' && this.fault === undefined) {
      items.push(this.item(depth))
      this.skipSpaces()
    }
    return items
  }

  private item(depth: number): Expression {
    const start = this.at
    while (!this.atEnd && !' \n()'.includes(this.text[this.at]!)) this.at++
    const word = this.text.slice(start, this.at)
    if (word.includes(',')) this.fault = 'values in brackets are separated by spaces, not commas'
    if (this.text[this.at] !== '(') return { word, args: undefined }
    if (word === '' || depth === DEEPEST) this.fault = 'there is a ( too many'
    return { word, args: this.bracket(depth) }
  }

  private bracket(depth: number): Expression[] {
    this.at++
    const args = this.fault === undefined ? this.items(depth + 1) : []
    if (this.text[this.at] !== ')') this.fault ??= 'a ) is missing'
    this.at++
    return args
  }

  private skipSpaces(): void {
    while (!this.atEnd && ' \n'.includes(this.text[this.at]!)) this.at++
  }
}
