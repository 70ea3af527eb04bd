import { posix } from 'node:path'
import { Visitor, type ESTree } from 'vite'
import { hazards } from './hazard-rules.ts'
import { member, named, type Rule, visiting } from './rule.ts'
import { lineAt, type Source } from './source.ts'

/** Everything in a file that breaks a rule, as `file:line what, and what instead`. */
export function untidy(rule: Rule, source: Source): string[] {
  const found: string[] = []
  if (!rule.where.test(source.path)) return found
  rule.check(source, (offset, message) =>
    found.push(`${source.path}:${lineAt(source.text, offset)} ${message}`),
  )
  return found
}

/** What the files of a folder may import: folders of ours end in `/`, all else are packages. */
const mayImport: readonly (readonly [where: RegExp, allowed: readonly string[]])[] = [
  [/^engine\/scenario\//, ['engine/', 'seedrandom', 'yaml', 'zod']],
  [/^engine\//, ['engine/', 'seedrandom']],
  [/^workers\/node-[^/]*$/, ['workers/', 'engine/', 'comlink', 'node:']],
  [/^workers\//, ['workers/', 'engine/', 'comlink']],
  [/^cli\/[^/]*\.mjs$/, ['cli/', 'vite', 'node:']],
  [/^cli\//, ['cli/', 'workers/', 'engine/', 'scenarios/', 'commander', 'yaml', 'zod', 'node:']],
  [/^ui\//, ['ui/', 'workers/', 'engine/', 'scenarios/', 'd3', 'immer', 'comlink', 'elkjs']],
]

const direction: Rule = {
  name: 'imports point from ui and cli to workers to engine',
  where: /^(engine|workers|cli|ui)\//,
  check(source, report) {
    const allowed = mayImport.find(([where]) => where.test(source.path))?.[1] ?? []
    for (const { specifier, offset } of importsOf(source)) {
      const target = /^\.\.?\//.test(specifier)
        ? posix.join(posix.dirname(source.path), specifier)
        : specifier
      if (allowed.some((place) => reaches(target, place))) continue
      report(offset, `imports ${specifier}, but may import only ${allowed.join(', ')}`)
    }
  },
}

function reaches(target: string, place: string): boolean {
  if (/[/:]$/.test(place)) return target.startsWith(place)
  return target === place || target.startsWith(`${place}/`) || target.startsWith(`${place}-`)
}

/** Static and dynamic imports, re-exports, globs, and URLs next to the file. */
function importsOf({ program }: Source): { specifier: string; offset: number }[] {
  const found: { specifier: string; offset: number }[] = []
  const add = (node: ESTree.Node | null | undefined): void => {
    if (node?.type === 'ArrayExpression') node.elements.forEach(add)
    if (node?.type !== 'Literal' || typeof node.value !== 'string') return
    found.push({ specifier: node.value.replace(/^!/, ''), offset: node.start })
  }
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source),
    TSImportType: (node) => add(node.source),
    CallExpression: (node) => {
      if (member(node.callee)?.name === 'glob') add(node.arguments[0])
    },
    NewExpression: (node) => {
      const [path, base] = node.arguments
      if (named(node.callee, 'URL') && base && isFile(path)) add(path)
    },
  }).visit(program)
  return found
}

function isFile(node: ESTree.Node | undefined): boolean {
  return node?.type === 'Literal' && /\.\w+$/.test(String(node.value))
}

/** What the language standard fixes to the last bit. */
const exactMaths = new Set(
  (
    'abs ceil clz32 floor fround imul max min round sign sqrt trunc ' +
    'E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2'
  ).split(' '),
)

const maths: Rule = visiting(
  'maths in the engine is the same in every browser',
  /^engine\//,
  (report) => {
    const allowed = new Set<number>()
    const power = (node: ESTree.Node): void =>
      report(node.start, '`**` differs between browsers: use pow of engine/core, or multiply')
    return {
      BinaryExpression: (node) => node.operator === '**' && power(node),
      AssignmentExpression: (node) => node.operator === '**=' && power(node),
      MemberExpression: (node) => {
        if (!named(node.object, 'Math')) return
        const name = member(node)?.name
        allowed.add(node.object.start)
        if (name === undefined) report(node.start, 'Math[…] hides what it calls: name the function')
        else if (name === 'random') report(node.start, 'Math.random: draw from a keyed stream')
        else if (!exactMaths.has(name))
          report(node.start, `Math.${name} differs between browsers: use ${name} of engine/core`)
      },
      Identifier: (node) => {
        if (node.name !== 'Math' || allowed.has(node.start)) return
        report(node.start, 'Math by another name hides what it calls: write Math.abs and so on')
      },
    }
  },
)

const noEval: Rule = visiting(
  'nobody turns text into code',
  /^(engine|workers|cli|ui)\//,
  (report) => ({
    CallExpression: (node) => {
      if (named(node.callee, 'eval') || named(node.callee, 'Function'))
        report(node.start, 'turns text into code: write the code')
    },
    NewExpression: (node) => {
      if (named(node.callee, 'Function')) report(node.start, 'turns text into code: write the code')
    },
  }),
)

const markupDoors = new Set(
  'innerHTML outerHTML insertAdjacentHTML html setHTMLUnsafe srcdoc createContextualFragment'.split(
    ' ',
  ),
)

const noMarkup: Rule = visiting('the page never parses text as markup', /^ui\//, (report) => ({
  MemberExpression: (node) => {
    const name = member(node)?.name
    if (name === 'write' && named(node.object, 'document'))
      report(node.start, 'document.write parses markup: append elements')
    else if (name !== undefined && markupDoors.has(name))
      report(node.start, `.${name} parses markup: use textContent, .text() or append elements`)
  },
}))

const noGlobalState: Rule = {
  name: 'no module of the engine has a memory',
  where: /^engine\//,
  check({ program }, report) {
    for (const statement of program.body) {
      const inner = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
      if (inner?.type !== 'VariableDeclaration' || inner.declare) continue
      if (inner.kind === 'let' || inner.kind === 'var')
        report(inner.start, `a top-level ${inner.kind} is shared by all runs: keep it in the run`)
    }
  },
}

const dependsOnTheMachine = new Set(
  (
    'localeCompare toLocaleString toLocaleDateString toLocaleTimeString ' +
    'toLocaleLowerCase toLocaleUpperCase'
  ).split(' '),
)

const sameWords: Rule = visiting(
  'order and words in the engine do not depend on the machine',
  /^engine\//,
  (report) => ({
    CallExpression: (node) => {
      const name = member(node.callee)?.name
      if (name === undefined) return
      if ((name === 'sort' || name === 'toSorted') && node.arguments.length === 0)
        report(node.start, `.${name}() sorts by text: say by what, such as (a, b) => a - b`)
      if (dependsOnTheMachine.has(name))
        report(
          node.start,
          `.${name}() depends on the machine's language: compare with < or write it`,
        )
      const radix = node.arguments[0]
      if (name === 'toString' && radix?.type === 'Literal' && radix.value === 36)
        report(node.start, '.toString(36) of a fraction differs between browsers: use hex')
    },
  }),
)

const longest = 400

const short: Rule = {
  name: `no file is longer than ${longest} lines`,
  where: /^(engine|workers|cli|ui)\//,
  check({ text }, report) {
    const lines = text.trimEnd().split('\n')
    const offset = lines.slice(0, longest).join('\n').length + 1
    if (lines.length > longest)
      report(offset, `has ${lines.length} lines: split it by what it is about`)
  },
}

const documented: Rule = {
  name: 'whatever function or class the engine exports says what it is',
  where: /^engine\//,
  check({ program, comments, text }, report) {
    const docs = comments.filter(({ type, value }) => type === 'Block' && value.startsWith('*'))
    const seen = new Set<string>()
    for (const statement of program.body) {
      const name = exportedBehaviour(statement)
      if (name === undefined || seen.has(name)) continue
      seen.add(name)
      const above = docs.some(
        ({ end }) =>
          end <= statement.start && /^[^\S\n]*\n?[^\S\n]*$/.test(text.slice(end, statement.start)),
      )
      if (!above) report(statement.start, `${name} needs a /** sentence */ directly above it`)
    }
  },
}

/** The name of the function or class that a statement exports, if it exports one. */
function exportedBehaviour(statement: ESTree.Statement | ESTree.Directive): string | undefined {
  if (statement.type === 'ExportDefaultDeclaration') {
    const { type } = statement.declaration
    return /Function|Class/.test(type) ? 'the default export' : undefined
  }
  if (statement.type !== 'ExportNamedDeclaration' || !statement.declaration) return undefined
  const { declaration } = statement
  if (declaration.type === 'VariableDeclaration') {
    const behaviour = declaration.declarations.find(({ init }) =>
      /Function|Class/.test(init?.type ?? ''),
    )
    return behaviour?.id.type === 'Identifier' ? behaviour.id.name : undefined
  }
  if (!/Function|Class/.test(declaration.type) || !('id' in declaration)) return undefined
  return declaration.id && 'name' in declaration.id ? declaration.id.name : undefined
}

const noSilencing: Rule = {
  name: 'nobody silences a tool',
  where: /^(engine|workers|cli|ui|tests)\//,
  check({ comments, path }, report) {
    const silence =
      /^[\s*]*(oxlint-(dis|en)able|eslint-(dis|en)able|prettier-ignore|@ts-(ignore|nocheck))/
    for (const { value, start } of comments) {
      const expects = /^[\s*]*@ts-expect-error/.test(value) && !path.startsWith('tests/')
      if (silence.test(value) || expects) report(start, 'silences a tool: do what it asks')
    }
  },
}

/** Every rule of the house that can be seen in one file. */
export const rules: readonly Rule[] = [
  direction,
  maths,
  noEval,
  noMarkup,
  noGlobalState,
  sameWords,
  ...hazards,
  short,
  documented,
  noSilencing,
]
