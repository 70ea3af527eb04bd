/** The state in the fragment of the address: everything needed to see the same picture, nothing on a server. */
import { MILLISECOND, SECOND } from '../engine/units.ts'
import type { Choice, Span } from './selection.ts'
import { SIDES, type Mode, type Side, type State, type View } from './state.ts'

/** What a link says. Everything it leaves out is as the file has it. */
export interface Link extends Choice {
  /** Name of a scenario of the library, or a whole file (`pack.ts`). */
  readonly scenario: string | undefined
  /** Name of a file that travels in the link. */
  readonly name: string | undefined
  readonly seed: string | undefined
  readonly set: Readonly<Record<string, string>>
  readonly switches: Readonly<Record<Side, Readonly<Record<string, boolean>>>>
  /** Nanoseconds. */
  readonly time: number | undefined
  readonly mode: Mode | undefined
  /** The variant that is looked at where only one is. */
  readonly side: Side
  /** First digits of the digests of A and B, 8 each: what the sender saw. */
  readonly hash: string | undefined
  /** Version of the engine that made it. */
  readonly version: string | undefined
}

const MODES: readonly string[] = ['run', 'compare', 'replay', 'author'] satisfies Mode[]
/** Longest fragment that is read; longer ones are not ours. */
export const LONGEST = 1_000_000

/**
 * The fragment for a state, without `#`.
 * @param packed the file of the document (`packText`), when it is not one of the library
 */
export function writeLink({ document, view }: State, packed?: string): string {
  const parts: [string, string][] = [['s', packed ?? document.name]]
  if (packed !== undefined) parts.push(['n', document.name])
  if (document.seed !== undefined) parts.push(['seed', document.seed])
  for (const side of SIDES) {
    const switches = writeSwitches(document.switches[side])
    if (switches !== '') parts.push([side.toLowerCase(), switches])
  }
  for (const [path, value] of Object.entries(document.set)) {
    parts.push(['set', `${path}=${value}`])
  }
  if (view.time !== undefined) parts.push(['t', String(Math.round(view.time / MILLISECOND) / 1000)])
  if (view.mode !== 'compare') parts.push(['m', view.mode])
  if (view.side !== 'A') parts.push(['side', view.side])
  parts.push(...writeChoice(view))
  return parts.map(([key, value]) => `${key}=${encode(value)}`).join('&')
}

/** What a sender saw, to add to a link: `h=1f00e2c4a7b39d10&v=0.1.0`. */
export function writeProof(digests: Readonly<Record<Side, string>>, version: string): string {
  return `h=${SIDES.map((side) => digests[side].slice(0, HEX)).join('')}&v=${encode(version)}`
}

/** Digits of a digest that a link has. */
export const HEX = 8

/** What is picked; nothing for what is not. */
function writeChoice(view: View): [string, string][] {
  const { range, span, service, edge, request, isDifference } = view
  const parts: [string, string | undefined][] = [
    ['range', range && writeSpan(range)],
    ['span', span && writeSpan(span)],
    ['service', service],
    ['edge', edge],
    ['r', request === undefined ? undefined : String(request)],
    ['d', isDifference ? '1' : undefined],
  ]
  return parts.filter((part): part is [string, string] => part[1] !== undefined)
}

function writeSpan({ from, until }: Span): string {
  return [from, until].map((time) => Math.round(time / MILLISECOND) / 1000).join('..')
}

function readSpan(text: string | undefined): Span | undefined {
  const [from, until] = (text ?? '').split('..').map(readTime)
  return from !== undefined && until !== undefined && from < until ? { from, until } : undefined
}

function readCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

function readHash(text: string | undefined): string | undefined {
  return text !== undefined && /^[0-9a-f]{16}$/.test(text) ? text : undefined
}

/** What a fragment says, with or without `#`. What it does not understand, it leaves out. */
export function readLink(fragment: string): Link {
  const parts = partsOf(fragment)
  const last = (key: string): string | undefined => parts.findLast(([name]) => name === key)?.[1]
  const sets = parts.filter(([key, value]) => key === 'set' && value.includes('='))
  const mode = last('m') ?? last('mode')
  return {
    scenario: last('s'),
    name: last('n'),
    seed: last('seed'),
    set: Object.fromEntries(sets.map(([, value]) => splitAt(value, value.indexOf('=')))),
    switches: { A: readSwitches(last('a')), B: readSwitches(last('b')) },
    time: readTime(last('t')),
    mode: mode !== undefined && MODES.includes(mode) ? (mode as Mode) : undefined,
    side: last('side') === 'B' ? 'B' : 'A',
    range: readSpan(last('range')),
    span: readSpan(last('span')),
    service: last('service'),
    edge: last('edge'),
    request: readCount(last('r')),
    isDifference: last('d') === '1',
    hash: readHash(last('h')),
    version: last('v'),
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
