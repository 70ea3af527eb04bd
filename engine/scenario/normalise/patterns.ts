/** Attachments with complete values, and what their components have to say about them. */
import type { AnyComponent } from '../../component.ts'
import { defaultsOf } from '../../params.ts'
import { sitsOn } from '../check/attachments.ts'
import { paramsOf } from '../check/world.ts'
import { type Finding, type Path, finding, pathText } from '../problem.ts'
import type { Attachment } from '../scenario.ts'
import { paramSchema } from '../schema/params.ts'
import type { Catalogue, PatternFile, WhereFile } from '../schema/patterns.ts'
import { covers, tidySelector } from '../text/selector.ts'
import { bare } from '../text/tree.ts'
import { merged } from './merge.ts'

/** All attachments of a file, and those of them that are switched in. */
export interface Attachments {
  readonly all: readonly Attachment[]
  readonly enabled: ReadonlySet<string>
  readonly findings: readonly Finding[]
}

/** Completes the values of every attachment and lets its component judge them. */
export function attachmentsOf(
  patterns: Readonly<Record<string, PatternFile>>,
  catalogue: Catalogue,
): Attachments {
  const entries = Object.entries(patterns)
  const all = entries.map(([id, file]) => attachmentOf(id, file, catalogue.get(file.use)!))
  const enabled = entries.filter(([, file]) => file.enabled).map(([id]) => id)
  const findings = all.flatMap((one) => judge(one, catalogue.get(one.use)!))
  return { all, enabled: new Set(enabled), findings }
}

function attachmentOf(id: string, file: PatternFile, component: AnyComponent): Attachment {
  const lines = file.where ?? [{ selector: everywhere(component), values: {} }]
  const where = lines.map(({ selector, values }) => ({ selector: tidySelector(selector), values }))
  return { id, use: file.use, where, values: merged(defaultsOf(paramsOf(component)), file.values) }
}

function everywhere(component: AnyComponent): string {
  const [first] = component.at
  const onEdges = first === 'client' || first === 'router'
  return sitsOn(component).edges && onEdges ? '* -> *' : '*'
}

function judge(attachment: Attachment, component: AnyComponent): Finding[] {
  const path = ['patterns', attachment.id]
  const whole = sentences(component, attachment.values, path)
  const lines = attachment.where.flatMap((line, index) => {
    if (Object.keys(line.values).length === 0) return []
    return sentences(component, valuesAt(attachment, index), [...path, 'where', line.selector])
  })
  const said = new Set(whole.map((one) => sentenceOf(one)))
  return [...whole, ...lines.filter((one) => !said.has(sentenceOf(one)))]
}

/** All settings that an attachment has somewhere: those of the whole, then those of each line of `where`. */
export function settingsOf(attachment: Attachment): Record<string, unknown>[] {
  const lines = attachment.where.map((_, index) => valuesAt(attachment, index))
  return [merged(attachment.values, {}), ...lines]
}

/** The values that hold at a line of `where`: its own over those of the lines before it that cover it. */
function valuesAt({ where, values }: Attachment, index: number): Record<string, unknown> {
  const line = where[index]!
  const before = where.slice(0, index).filter((other) => covers(other.selector, line.selector))
  return [...before, line].reduce<Record<string, unknown>>(
    (all, one: WhereFile) => merged(all, one.values),
    merged(values, {}),
  )
}

function sentences(component: AnyComponent, values: object, path: Path): Finding[] {
  const told = component.check?.(values as never) ?? []
  return told.map((sentence) => {
    const ended = sentence.endsWith('.') ? sentence : `${sentence}.`
    return finding('E_RANGE', path, `${pathText(path)}: ${ended}`, { at: 'key' })
  })
}

function sentenceOf(one: Finding): string {
  return one.says.slice(pathText(one.path).length)
}

/** What is switched by hand, over what the file says. */
export interface Switches {
  readonly without: ReadonlySet<string>
  readonly on: ReadonlySet<string>
  readonly inert: ReadonlySet<string>
}

/** The attachments that are in the system; inert ones run with values that change nothing. */
export function switched(
  { all, enabled }: Attachments,
  { without, on, inert }: Switches,
  catalogue: Catalogue,
): readonly Attachment[] {
  const isIn = ({ id }: Attachment) => on.has(id) || (enabled.has(id) && !without.has(id))
  return all.filter(isIn).flatMap((one) => {
    if (!inert.has(one.id)) return [one]
    const values = inertValues(catalogue.get(one.use)!)
    return values === undefined ? [] : [madeInert(one, values)]
  })
}

/** The inert values of a component in engine units; it may state them as an author would (`none`). */
function inertValues(component: AnyComponent): Record<string, unknown> | undefined {
  const values = component.inert
  if (values === undefined) return undefined
  const params = paramsOf(component)
  const read = Object.entries(values).map(([name, value]) => {
    const result = params[name] && paramSchema(params[name]).safeParse(value)
    return [name, result?.success ? result.data : value] as const
  })
  return bare(read)
}

function madeInert(attachment: Attachment, inert: Record<string, unknown>): Attachment {
  const where = attachment.where.map((line) => ({ ...line, values: merged(line.values, inert) }))
  return { ...attachment, where, values: merged(attachment.values, inert) }
}
