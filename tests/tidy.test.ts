import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { codeIn, root, source } from './support/source.ts'
import { rules, untidy } from './support/tidy.ts'

const rooms = ['engine', 'scenarios', 'ui', 'workers', 'tests', 'cli']
const atTheDoor =
  /^(package(-lock)?\.json|scenario\.schema\.json|docs|tsconfig\.json|vite\.config\.ts|LICENSE|[\w-]+\.md|\..*)$/
const madeByTools = ['node_modules', 'dist']

describe('the house', () => {
  const sources = rooms.flatMap(codeIn).map((path) => source(path))

  for (const rule of rules) {
    it(rule.name, () => {
      expect(sources.flatMap((file) => untidy(rule, file))).toEqual([])
    })
  }

  it('has no rooms but those in the plan', () => {
    const strangers = readdirSync(root).filter(
      (name) => ![...rooms, ...madeByTools].includes(name) && !atTheDoor.test(name),
    )
    expect(strangers).toEqual([])
  })
})

describe('tidy', () => {
  /** What the rules say about one line of code at a path, without path and line. */
  const sees = (path: string, text: string): string[] =>
    rules
      .flatMap((rule) => untidy(rule, source(path, text)))
      .map((found) => found.slice(found.indexOf(' ') + 1))

  it.each([
    ['engine/core/a.ts', "import { z } from 'zod'", 'imports zod'],
    ['engine/core/a.ts', "import a from '../../ui/a.ts'", 'imports ../../ui/a.ts'],
    ['engine/core/a.ts', "import type { A } from '../../cli/a.ts'", 'imports ../../cli/a.ts'],
    ['engine/model/a.ts', "export * from '../../workers/a.ts'", 'imports ../../workers/a.ts'],
    ['engine/results/a.ts', "export { a } from 'd3'", 'imports d3'],
    ['engine/patterns/a.ts', "const a = await import('node:fs')", 'imports node:fs'],
    ['engine/patterns/a.ts', "type A = import('../../ui/a.ts').A", 'imports ../../ui/a.ts'],
    ['engine/a.ts', "const all = import.meta.glob('../scenarios/*.yaml')", 'imports ../scenarios'],
    ['engine/a.ts', "const all = import.meta.glob(['./a', '../ui/*.ts'])", 'imports ../ui'],
    ['engine/scenario/a.ts', "import { produce } from 'immer'", 'imports immer'],
    ['workers/pool.ts', "import { Worker } from 'node:worker_threads'", 'imports node:worker_th'],
    ['workers/pool.ts', "const u = new URL('../ui/a.ts', import.meta.url)", 'imports ../ui/a.ts'],
    ['cli/main.ts', "import { scaleLinear } from 'd3'", 'imports d3'],
    ['cli/main.ts', "import '../ui/main.ts'", 'imports ../ui/main.ts'],
    ['ui/main.ts', "import { Command } from 'commander'", 'imports commander'],
    ['ui/main.ts', "import { tune } from '../tests/tune.ts'", 'imports ../tests/tune.ts'],
    ['engine/a.ts', 'const a = 2 ** 3', '`**` differs'],
    ['engine/a.ts', 'function f(a: number) { a **= 3 }', '`**` differs'],
    ['engine/a.ts', 'const a = Math.log(2)', 'Math.log differs'],
    ['engine/a.ts', "const a = Math['hypot'](2, 3)", 'Math.hypot differs'],
    ['engine/a.ts', 'const a = Math[name](2)', 'Math[…] hides'],
    ['engine/a.ts', 'const { sin } = Math', 'Math by another name'],
    ['engine/a.ts', 'const roll = Math.random', 'Math.random: draw'],
    ['cli/a.ts', "eval('1')", 'turns text into code'],
    ['ui/a.ts', "new Function('return 1')", 'turns text into code'],
    ['ui/a.ts', 'element.innerHTML = name', '.innerHTML parses markup'],
    ['ui/a.ts', "element['outerHTML'] = name", '.outerHTML parses markup'],
    ['ui/a.ts', 'selection.html(name)', '.html parses markup'],
    ['ui/a.ts', "element.insertAdjacentHTML('beforeend', name)", '.insertAdjacentHTML parses'],
    ['ui/a.ts', 'document.write(name)', 'document.write parses'],
    ['engine/a.ts', 'let count = 0', 'a top-level let'],
    ['engine/a.ts', 'export let count = 0', 'a top-level let'],
    ['engine/a.ts', 'const a = [3, 1].sort()', '.sort() sorts by text'],
    ['engine/a.ts', 'const a = [3, 1].toSorted()', '.toSorted() sorts by text'],
    ['engine/a.ts', "const a = 'a'.localeCompare('b')", '.localeCompare() depends'],
    ['engine/a.ts', 'const a = (1.5).toLocaleString()', '.toLocaleString() depends'],
    ['engine/a.ts', 'const a = seed.toString(36)', '.toString(36) of a fraction'],
    ['engine/a.ts', 'const a = [3, 1].sort((a, b) => a > b)', 'answers yes or no'],
    ['engine/a.ts', 'const a = b.toSorted((x, y) => (x < y ? -1 : 1))', 'never answers 0'],
    ['engine/a.ts', 'const a = b.sort(() => draw() - 0.5)', 'does not look at both'],
    ['engine/a.ts', 'const f = async () => 3', 'waits for a promise'],
    ['engine/a.ts', 'const a = Promise', 'waits for a promise'],
    ['engine/a.ts', 'const a = (0.3).toString(3)', '.toString(radix)'],
    ['engine/a.ts', 'try { f() } catch (e) { g(e.message) }', '.message of an error'],
    ['engine/a.ts', 'try { f() } catch (e) { g(e.stack) }', '.stack of an error'],
    ['engine/a.ts', 'for (const key in table) f(key)', 'for…in'],
    ['engine/model/a.ts', 'const known = new Map()', 'shared by all runs'],
    ['engine/core/a.ts', 'const draw = seedrandom()', 'without a seed'],
    ['ui/a.ts', 'a\n'.repeat(401), 'has 401 lines'],
    ['engine/a.ts', 'export function f() {}', 'f needs a /** sentence */'],
    ['engine/a.ts', 'export class Bucket {}', 'Bucket needs a /** sentence */'],
    ['engine/a.ts', 'export const f = (a: number) => a', 'f needs a /** sentence */'],
    ['engine/a.ts', 'export default class {}', 'the default export needs'],
    ['engine/a.ts', '/** Far. */\n\n\nexport function f() {}', 'f needs a /** sentence */'],
    ['engine/a.ts', '// Not a doc.\nexport function f() {}', 'f needs a /** sentence */'],
    ['cli/a.ts', '// eslint-disable-next-line\na()', 'silences a tool'],
    ['ui/a.ts', '/* oxlint-disable no-eval */', 'silences a tool'],
    ['tests/a.ts', '// @ts-ignore\na()', 'silences a tool'],
    ['engine/a.ts', '// @ts-expect-error\na()', 'silences a tool'],
  ])('sees in %s what is wrong with %j', (path, text, message) => {
    const found = sees(path, text)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(message)
  })

  it.each([
    ['engine/core/random.ts', "import seedrandom from 'seedrandom'"],
    ['engine/scenario/a.ts', "import { z } from 'zod'\nimport { parseDocument } from 'yaml'"],
    ['engine/scenario/a.ts', "import { a } from '../patterns/resilience/retry.ts'"],
    ['engine/registry.ts', "const all = import.meta.glob('./patterns/*/*.ts', { eager: true })"],
    ['workers/pool.ts', "import * as comlink from 'comlink'\nimport { a } from '../engine/a.ts'"],
    ['workers/node-worker.ts', "import { parentPort } from 'node:worker_threads'"],
    ['workers/node-worker.ts', "import adapter from 'comlink/dist/esm/node-adapter.mjs'"],
    ['cli/main.ts', "import { readFile } from 'node:fs/promises'"],
    ['ui/main.ts', "import text from '../scenarios/retry-storm.yaml?raw'"],
    ['ui/main.ts', "import { scaleLinear } from 'd3-scale'\nimport { produce } from 'immer'"],
    ['engine/a.ts', "// 2 ** 3, Math.log, let count\nconst a = '2 ** 3, Math.log(2)'"],
    ['engine/a.ts', 'const a = Math.max(Math.abs(-1), Math.sqrt(2), Math.imul(2, 3))'],
    ['engine/a.ts', 'const circle = 2 * Math.PI'],
    ['engine/a.ts', 'const a = [3, 1].sort((a, b) => a - b)'],
    ['engine/a.ts', '/** Counts. */\nexport function f() { let count = 0; return count++ }'],
    ['engine/a.ts', '/** Adds. */\nexport function f(a: 1): 1\nexport function f(a: 2): 2'],
    ['engine/a.ts', 'export const limit = 3\nexport interface Shape { readonly size: number }'],
    ['engine/a.ts', 'const hex = (7).toString(16)'],
    ['engine/a.ts', 'const a = b.sort((x, y) => (x < y ? -1 : x > y ? 1 : 0))'],
    ['engine/a.ts', 'const a = b.toSorted((x, y) => x.at - y.at || x.id - y.id)'],
    ['engine/a.ts', 'try { f() } catch { g(3) }\nf(frame.stack)'],
    ['engine/model/a.ts', 'const CODES = new Map([[1, 2]])'],
    ['workers/a.ts', 'const f = async () => 3'],
    ['ui/a.ts', "selection.text(name)\nelement.textContent = '.innerHTML'"],
    ['tests/a.ts', '// @ts-expect-error A number is not a name.\nname(3)'],
  ])('is content in %s with %j', (path, text) => {
    expect(sees(path, text)).toEqual([])
  })

  it('says where', () => {
    const [maths] = rules.flatMap((rule) => untidy(rule, source('engine/a.ts', '\n\nMath.log(2)')))
    expect(maths).toBe('engine/a.ts:3 Math.log differs between browsers: use log of engine/core')
  })
})
