/** What something in a scenario may be called. */
import { codeName, isControl, isInvisible, isSurrogate } from '../problem.ts'

/** Signs that mean something in paths, selectors, expressions and YAML. */
const TAKEN = '.,:;#*>@()[]{}"\'`|&!%?=/\\'
/** Longest name, in characters. */
const LONGEST_NAME = 64

/** What is wrong with a name, as the rest of the sentence "it …"; undefined when nothing is. */
export function faultOfName(name: string): string | undefined {
  if (name === '') return 'is empty'
  if (name.length > LONGEST_NAME) return `is longer than ${LONGEST_NAME} characters`
  if (name === '__proto__') return 'is a word that JavaScript keeps for itself'
  for (const character of name) {
    const fault = faultOfCharacter(character)
    if (fault !== undefined) return fault
  }
  if (name !== name.normalize('NFC')) return 'is written with combining characters (not in NFC)'
  return name.startsWith('-') || isDigit(name[0]!) ? 'must start with a letter' : undefined
}

function faultOfCharacter(character: string): string | undefined {
  const code = character.codePointAt(0)!
  if (isControl(code)) return `holds the control character ${codeName(code)}`
  if (isSurrogate(code)) return `holds half of a surrogate pair, ${codeName(code)}`
  if (isInvisible(code)) return `holds the invisible character ${codeName(code)}`
  if (/\s/.test(character)) return 'holds a space'
  return TAKEN.includes(character) ? `holds the sign ${character}` : undefined
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9'
}

/** How two names are told apart: names that differ in case or composition only are too easy to confuse. */
export function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase()
}
