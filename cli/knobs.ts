/** Knobs of a pattern in the words of a scenario file. */
import type { Param, ParamKind, Params } from '../engine/params.ts'
import { formatDuration } from '../engine/units.ts'

/** A knob as the catalogue prints it; values as a file would have them. */
export interface Knob {
  /** Members of a group come as `slidingWindow.size`. */
  readonly name: string
  readonly kind: ParamKind
  /** What a value is counted in; '' where it has no unit. */
  readonly unit: string
  readonly default: string
  readonly min: string | undefined
  readonly max: string | undefined
  readonly choices: readonly string[] | undefined
  readonly help: string
}

const UNITS: Partial<Record<ParamKind, string>> = {
  ratio: '%',
  duration: 'time',
  rate: '/s',
  size: 'bytes',
  'count-or-duration': 'count or time',
}

/** All knobs, those of groups after the group itself. */
export function knobsOf(params: Params, within = ''): Knob[] {
  return Object.entries(params).flatMap(([name, param]) => {
    const path = within + name
    return param.members ? knobsOf(param.members, `${path}.`) : [knobOf(path, param)]
  })
}

function knobOf(name: string, param: Param<unknown>): Knob {
  const { kind, initial, min, max, choices, help } = param
  const bound = (value: number | undefined) =>
    value === undefined ? undefined : written(kind, value)
  const unit = UNITS[kind] ?? ''
  return {
    name,
    kind,
    unit,
    default: written(kind, initial),
    min: bound(min),
    max: bound(max),
    choices,
    help,
  }
}

/** The range of a knob: `1 to 1000`, `a, b or c`. */
export function rangeOf({ min, max, choices }: Knob): string {
  if (choices) return choices.join(', ')
  return min === undefined && max === undefined ? '' : `${min ?? ''} to ${max ?? ''}`
}

function written(kind: ParamKind, value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(String).join(', ')
  if (typeof value !== 'number') return value === '' ? 'none' : String(value)
  if (value === Infinity) return 'none'
  if (kind === 'ratio') return `${Number((value * 100).toPrecision(6))}%`
  if (kind === 'duration') return formatDuration(value)
  if (kind === 'rate') return `${value}/s`
  return kind === 'size' ? `${value}B` : String(value)
}
