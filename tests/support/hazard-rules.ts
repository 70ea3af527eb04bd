/** Rules against what makes a run depend on the machine, beyond what the linter and the other rules see. */
import { type ESTree, Visitor } from 'vite'
import { member, named, type Report, type Rule, visiting } from './rule.ts'

const sorting = new Set(['sort', 'toSorted'])

const comparators: Rule = visiting(
  'comparators in the engine say which comes first, or that both are equal',
  /^engine\//,
  (report) => ({
    CallExpression: (node) => {
      const [by] = node.arguments
      if (!sorting.has(member(node.callee)?.name ?? '') || by?.type !== 'ArrowFunctionExpression')
        return
      const body = bare(by.body)
      if (isYesOrNo(body))
        report(body.start, 'a comparator that answers yes or no sorts otherwise in every browser')
      else if (body.type === 'ConditionalExpression' && !outcomesOf(body).some(isZero))
        report(body.start, 'a comparator that never answers 0: end it in something unique')
      else if (by.params.length < 2)
        report(by.start, 'a comparator that does not look at both: engines ask in another order')
    },
  }),
)

/** What is in the brackets. */
function bare(node: ESTree.Node): ESTree.Node {
  return node.type === 'ParenthesizedExpression' ? bare(node.expression) : node
}

function isYesOrNo(node: ESTree.Node): boolean {
  if (node.type === 'UnaryExpression') return node.operator === '!'
  return node.type === 'BinaryExpression' && /^([<>]=?|[!=]==?)$/.test(node.operator)
}

/** What a chain of conditions can come to. */
function outcomesOf(node: ESTree.Node): ESTree.Node[] {
  if (node.type !== 'ConditionalExpression') return [node]
  return [node.consequent, node.alternate].flatMap((one) => outcomesOf(bare(one)))
}

/** Zero, or something that may be. */
function isZero(node: ESTree.Node): boolean {
  if (node.type === 'UnaryExpression') return isZero(node.argument)
  return node.type !== 'Literal' || node.value === 0
}

const noWaiting: Rule = visiting(
  'the engine never waits: the order of promises is not the order of events',
  /^engine\//,
  (report) => {
    const refuse = (node: ESTree.Node): void =>
      report(node.start, 'waits for a promise: schedule an event in the simulation')
    const unlessPlain = (node: { async: boolean } & ESTree.Node): void => {
      if (node.async) refuse(node)
    }
    return {
      AwaitExpression: (node) => node.argument.type !== 'ImportExpression' && refuse(node),
      FunctionDeclaration: unlessPlain,
      FunctionExpression: unlessPlain,
      ArrowFunctionExpression: unlessPlain,
      Identifier: (node) => named(node, 'Promise') && refuse(node),
    }
  },
)

const ownWords: Rule = visiting(
  'no word and no number of an engine’s own gets into results',
  /^engine\//,
  (report) => ({
    CallExpression: (node) => {
      const radix = node.arguments[0]
      if (member(node.callee)?.name !== 'toString' || radix === undefined) return
      const isKnown = radix.type === 'Literal' && [10, 16, 36].includes(Number(radix.value))
      if (!isKnown) report(node.start, '.toString(radix) of a fraction differs: use hex')
    },
    CatchClause: (node) => {
      if (node.param) lookForWords(node, report)
    },
  }),
)

/** `error.message` and `error.stack` of whatever was caught: they read differently in every browser. */
function lookForWords(clause: ESTree.CatchClause, report: Report): void {
  const name = clause.param?.type === 'Identifier' ? clause.param.name : ''
  const visitor = new Visitor({
    MemberExpression: (node) => {
      const what = member(node)?.name
      if (named(node.object, name) && (what === 'stack' || what === 'message'))
        report(
          node.start,
          `.${what} of an error reads differently in every browser: say it yourself`,
        )
    },
  })
  visitor.visit({ type: 'Program', body: clause.body.body, start: 0, end: 0 } as never)
}

const noForIn: Rule = visiting(
  'the engine goes through lists and maps, not through the keys of objects',
  /^engine\/(?!core\/snapshot\.ts)/,
  (report) => ({
    ForInStatement: (node) =>
      report(node.start, 'for…in puts keys like 10 before all others: use a Map or a list'),
  }),
)

const noMemory: Rule = {
  name: 'no module of the engine keeps a collection that is to be filled',
  where: /^engine\/(core|model|patterns|tools)\//,
  check({ program }, report) {
    for (const statement of program.body) {
      const inner = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
      if (inner?.type !== 'VariableDeclaration') continue
      for (const { init, start } of inner.declarations)
        if (isEmptyCollection(init)) report(start, 'is shared by all runs: keep it in the run')
    }
  },
}

function isEmptyCollection(node: ESTree.Node | null | undefined): boolean {
  if (node?.type !== 'NewExpression' || node.arguments.length > 0) return false
  return ['Map', 'Set'].some((name) => named(node.callee, name))
}

const seeded: Rule = visiting(
  'only one file of the engine makes keys out of seeds, and never without a seed',
  /^engine\//,
  (report) => ({
    CallExpression: (node) => {
      if (named(node.callee, 'seedrandom') && node.arguments.length === 0)
        report(node.start, 'seedrandom() without a seed is random')
    },
  }),
)

/** All of them. */
export const hazards: readonly Rule[] = [
  comparators,
  noWaiting,
  ownWords,
  noForIn,
  noMemory,
  seeded,
]
