/** What a rule of the house is, and what rules that look at the syntax have in common. */
import { Visitor, type ESTree, type VisitorObject } from 'vite'
import type { Source } from './source.ts'

/** Reports that something at an offset should be written in another way. */
export type Report = (offset: number, message: string) => void

/** Something that a linter cannot know about this house. */
export interface Rule {
  readonly name: string
  /** Which files must obey. */
  readonly where: RegExp
  check(source: Source, report: Report): void
}

/** A rule that looks at the syntax tree, node by node. */
export function visiting(
  name: string,
  where: RegExp,
  visitors: (report: Report) => VisitorObject,
): Rule {
  return {
    name,
    where,
    check: ({ program }, report) => new Visitor(visitors(report)).visit(program),
  }
}

/** Whether a node is this very name. */
export function named(node: ESTree.Node, name: string): boolean {
  return node.type === 'Identifier' && node.name === name
}

/** The name after the dot, or in the brackets as plain text. */
export function member(node: ESTree.Node): { readonly name: string } | undefined {
  if (node.type !== 'MemberExpression') return undefined
  const { property } = node
  if (!node.computed && property.type === 'Identifier') return { name: property.name }
  if (property.type === 'Literal' && typeof property.value === 'string')
    return { name: property.value }
  return undefined
}
