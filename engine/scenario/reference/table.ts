/** Markdown for the reference: tables of keys from a JSON Schema. */
import type { JsonSchema } from '../json-schema.ts'

/** A row of a table of keys. */
export interface Row {
  readonly key: string
  readonly what: string
  readonly written: string
  readonly standard: string
}

/** A Markdown table. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

/** A value as code. */
export function code(value: unknown): string {
  return `\`${inYaml(value)}\``
}

/** A value in the flow style of YAML. */
export function inYaml(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${value.map(inYaml).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const entries = Object.entries(value).map(([key, item]) => `${key}: ${inYaml(item)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}

/** A table of the keys of a mapping; those of mappings within it follow with their path. */
export function keyTable(schema: JsonSchema): string {
  const rows = rowsOf(schema, '')
  return table(
    ['key', 'what it is', 'written', 'default'],
    rows.map(({ key, what, written, standard }) => [key, what, written, standard]),
  )
}

function rowsOf(schema: JsonSchema, prefix: string): Row[] {
  const required = schema.required ?? []
  return Object.entries(schema.properties ?? {}).flatMap(([key, part]) => {
    const path = `${prefix}${key}`
    const row = rowOf(path, part, required.includes(key))
    return [row, ...rowsOf(part, `${path}.`)]
  })
}

function rowOf(key: string, part: JsonSchema, isNeeded: boolean): Row {
  const standard = isNeeded ? 'needed' : defaultOf(part)
  return { key: `\`${key}\``, what: whatOf(part), written: writtenAs(part), standard }
}

function whatOf(part: JsonSchema): string {
  return (
    part.description ?? (part.anyOf ?? []).map((one) => one.description ?? '').find(Boolean) ?? ''
  )
}

function defaultOf(part: JsonSchema): string {
  const { default: initial } = part
  const isEmpty = initial === undefined || initial === '' || part.properties !== undefined
  return isEmpty ? '' : code(initial)
}

/** How a value is written: its words, its bounds, or an example. */
export function writtenAs(part: JsonSchema): string {
  if (part.const !== undefined) return code(part.const)
  if (part.enum) return part.enum.map(code).join(', ')
  const bounds = boundsOf(part)
  const examples = examplesOf(part).slice(0, 2).map(code).join(', ')
  const isCount = part.type === 'integer' || part.type === 'number'
  const plain = isCount ? `${part.type === 'integer' ? 'a whole number' : 'a number'}${bounds}` : ''
  if (part.type === 'boolean') return '`true` or `false`'
  if (examples === '' && part.type === 'array') return 'a list'
  if (examples === '' && part.type === 'string') return 'text'
  return [plain, examples].filter(Boolean).join(', ')
}

function examplesOf(part: JsonSchema): readonly unknown[] {
  if (part.examples) return part.examples
  return (part.anyOf ?? []).flatMap((one) => one.examples?.slice(0, 1) ?? [])
}

function boundsOf({ minimum, maximum }: JsonSchema): string {
  if (minimum === undefined && maximum === undefined) return ''
  if (maximum === undefined) return ` from ${minimum}`
  return minimum === undefined ? ` up to ${maximum}` : ` from ${minimum} to ${maximum}`
}
