/** Words and signs of an expectation, one after the other. */
import { parseDuration, splitNumber } from '../../units.ts'
import type { ProblemCode } from '../problem.ts'

/** A mistake in an expectation; the column counts from 1. */
export interface ExpectationProblem {
  readonly code: ProblemCode
  readonly column: number
  readonly says: string
  readonly hint: string
}

/** Thrown inside the parser, caught at its door. */
export class ExpectationError extends Error {
  readonly problem: ExpectationProblem

  constructor(code: ProblemCode, column: number, says: string, hint = '') {
    super(says)
    this.problem = { code, column, says, hint }
  }
}

const SIGNS = ['>=', '<=', '==', '!=', '>', '<', '+', '-', '*', '/', '(', ')', ',']

/** A number with what it stands for: shares, milliseconds, or nothing. */
export interface NumberToken {
  readonly value: number
  readonly unit: 'share' | 'ms' | 'number'
}

/** Reads a text from left to right. */
export class Reader {
  private at = 0
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  /** Column of what comes next. */
  get column(): number {
    this.skip()
    return this.at + 1
  }

  get atEnd(): boolean {
    this.skip()
    return this.at >= this.text.length
  }

  /** Takes a sign when it is next. */
  sign(...signs: readonly string[]): string | undefined {
    this.skip()
    const next = SIGNS.find((sign) => this.text.startsWith(sign, this.at))
    if (next === undefined || !signs.includes(next)) return undefined
    this.at += next.length
    return next
  }

  /** Takes a word when it is next. */
  word(...words: readonly string[]): string | undefined {
    this.skip()
    const next = this.peekWord()
    if (next === '' || (words.length > 0 && !words.includes(next))) return undefined
    this.at += next.length
    return next
  }

  /** Takes a number with its unit when it is next. */
  number(): NumberToken | undefined {
    this.skip()
    const end = endOf(this.text, this.at, '0123456789.')
    if (end === this.at) return undefined
    const unitEnd = endOf(this.text, end, 'abcdefghijklmnopqrstuvwxyzµ%')
    const word = this.text.slice(this.at, unitEnd)
    const token = numberOf(word)
    if (!token) {
      const hint = 'Numbers are written 5, 20%, 500ms or 2s.'
      throw new ExpectationError('E_UNIT', this.at + 1, `"${word.slice(0, 40)}" is no number`, hint)
    }
    this.at = unitEnd
    return token
  }

  /** Takes everything up to the next comma or bracket that is not in quotes. */
  argument(): { text: string; column: number } {
    const column = this.column
    const quote = '\'"'.includes(this.text[this.at] ?? ' ') ? this.text[this.at]! : undefined
    if (quote !== undefined) return this.quoted(quote, column)
    const end = firstOf(this.text, this.at, ',()')
    const text = this.text.slice(this.at, end).trim()
    this.at = end
    return { text, column }
  }

  private quoted(quote: string, column: number): { text: string; column: number } {
    const end = this.text.indexOf(quote, this.at + 1)
    if (end < 0) throw new ExpectationError('E_SYNTAX', column, 'a quote is not closed')
    const text = this.text.slice(this.at + 1, end)
    this.at = end + 1
    return { text, column: column + 1 }
  }

  private peekWord(): string {
    const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
    const end = endOf(this.text, this.at, letters)
    return end === this.at
      ? ''
      : this.text.slice(this.at, endOf(this.text, end, `${letters}0123456789`))
  }

  private skip(): void {
    this.at = endOf(this.text, this.at, ' \t\n')
  }
}

function endOf(text: string, from: number, characters: string): number {
  let at = from
  while (at < text.length && characters.includes(text[at]!)) at++
  return at
}

function firstOf(text: string, from: number, characters: string): number {
  let at = from
  while (at < text.length && !characters.includes(text[at]!)) at++
  return at
}

function numberOf(word: string): NumberToken | undefined {
  const parts = splitNumber(word)
  if (!parts || !Number.isFinite(parts.value)) return undefined
  if (parts.unit === '') return { value: parts.value, unit: 'number' }
  if (parts.unit === '%') return { value: parts.value / 100, unit: 'share' }
  const span = parseDuration(word)
  return span === undefined ? undefined : { value: span / 1e6, unit: 'ms' }
}
