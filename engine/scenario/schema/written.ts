/** Values of knobs as an author writes them: the way back from engine units. */
import type { Param, Params, WorkflowStep } from '../../params.ts'
import { formatSize, formatSpan, short } from './values.ts'

/** A value of a knob as it stands in a file: `250ms`, `50%`, `300/s`. */
export function written(param: Param<unknown>, value: unknown): unknown {
  switch (param.kind) {
    case 'ratio':
      return `${short((value as number) * 100)}%`
    case 'duration':
      return formatSpan(value as number)
    case 'rate':
      return `${short(value as number)}/s`
    case 'size':
      return formatSize(value as number)
    case 'count-or-duration':
      return (value as number) >= 1e6 ? formatSpan(value as number) : value
    case 'group':
      return writtenValues(param.members!, value as Record<string, unknown>)
    case 'steps':
      return (value as readonly WorkflowStep[]).map(writtenStep)
    case 'count':
    case 'number':
    case 'choice':
    case 'toggle':
    case 'service':
    case 'services':
    case 'failures':
      return value
  }
}

/** A set of values as it stands in a file. */
export function writtenValues(
  params: Params,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const known = Object.entries(params).filter(([name]) => Object.hasOwn(values, name))
  return Object.fromEntries(known.map(([name, param]) => [name, written(param, values[name])]))
}

function writtenStep({ service, act, undo }: WorkflowStep): Record<string, string> {
  return undo === undefined ? { service, act } : { service, act, undo }
}
