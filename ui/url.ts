/** The state in the fragment of the address: everything needed to see the same picture, nothing on a server. */
import { MILLISECOND, SECOND } from '../engine/units.ts'
import { SIDES, type Mode, type Side, type State } from './state.ts'

/** What a link says. Everything it leaves out is as the file has it. */
export interface Link {
  /** Name of a scenario of the library. */
  readonly scenario: string | undefined
  readonly seed: string | undefined
  readonly set: Readonly<Record<string, string>>
  readonly switches: Readonly<Record<Side, Readonly<Record<string, boolean>>>>
  /** Nanoseconds. */
  readonly time: number | undefined
  readonly mode: Mode | undefined
}

const MODES: readonly string[] = ['run', 'compare', 'replay', 'author'] satisfies Mode[]
/** Longest fragment that is read; longer ones are not ours. */
const LONGEST = 100_000

/** The fragment for a state, without `#`. */
export function writeLink({ document, view }: State): string {
  const parts: [string, string][] = [['s', document.name]]
  if (document.seed !== undefined) parts.push(['seed', document.seed])
  for (const side of SIDES) {
    const switches = writeSwitches(document.switches[side])
    if (switches !== '') parts.push([side.toLowerCase(), switches])
  }
  for (const [path, value] of Object.entries(document.set)) {
    parts.push(['set', `${path}=${value}`])
  }
  if (view.time !== undefined) parts.push(['t', String(Math.round(view.time / MILLISECOND) / 1000)])
  if (view.mode !== 'compare') parts.push(['mode', view.mode])
  return parts.map(([key, value]) => `${key}=${encode(value)}`).join('&')
}

/** What a fragment says, with or without `#`. What it does not understand, it leaves out. */
export function readLink(fragment: string): Link {
  const parts = partsOf(fragment)
  const last = (key: string): string | undefined => parts.findLast(([name]) => name === key)?.[1]
  const sets = parts.filter(([key, value]) => key === 'set' && value.includes('='))
  const mode = last('mode') ?? last('m')
  return {
    scenario: last('s'),
    seed: last('seed'),
    set: Object.fromEntries(sets.map(([, value]) => splitAt(value, value.indexOf('=')))),
    switches: { A: readSwitches(last('a')), B: readSwitches(last('b')) },
    time: readTime(last('t')),
    mode: mode !== undefined && MODES.includes(mode) ? (mode as Mode) : undefined,
  }
}

function partsOf(fragment: string): [string, string][] {
  if (fragment.length > LONGEST) return []
  return fragment
    .replace(/^#/, '')
    .split('&')
    .map((part) => splitAt(part, part.indexOf('=')))
    .map(([key, value]) => [key, decode(value)])
}

function splitAt(text: string, at: number): [string, string] {
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

/** Switches as `+breaker,-cache`. */
function writeSwitches(switches: Readonly<Record<string, boolean>>): string {
  return Object.entries(switches)
    .map(([id, isOn]) => `${isOn ? '+' : '-'}${id}`)
    .join(',')
}

function readSwitches(text: string | undefined): Record<string, boolean> {
  const found: [string, boolean][] = []
  for (const part of (text ?? '').split(',')) {
    const id = part.slice(1)
    if (id !== '' && (part.startsWith('+') || part.startsWith('-'))) {
      found.push([id, part.startsWith('+')])
    }
  }
  return Object.fromEntries(found)
}

function readTime(text: string | undefined): number | undefined {
  const seconds = Number(text)
  if (text === undefined || text === '' || !Number.isFinite(seconds) || seconds < 0)
    return undefined
  return Math.round(seconds * SECOND)
}

/** Keeps readable what a fragment may hold as it is. */
function encode(value: string): string {
  return encodeURIComponent(value).replaceAll(/%(2B|2C|3A|5B|5D|2F|40)/g, (code) =>
    decodeURIComponent(code),
  )
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
