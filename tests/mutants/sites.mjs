/** Places where a fixed operator changes a program: small mistakes such as people make. */
import { parseSync, Visitor } from 'vite'

/**
 * @typedef {object} Site
 * @property {string} operator what is done
 * @property {number} start offset of what is replaced
 * @property {number} end
 * @property {string} by
 */

/** @type {Record<string, string>} */
const COMPARISONS = { '<': '<=', '<=': '<', '>': '>=', '>=': '>', '===': '!==', '!==': '===' }
/** @type {Record<string, string>} */
const ARITHMETIC = { '+': '-', '-': '+', '*': '/', '/': '*', '%': '*', '+=': '-=', '-=': '+=' }
/** @type {Record<string, string>} */
const LOGIC = { '&&': '||', '||': '&&' }
/** @type {Record<string, string>} */
const STEPS = { '++': '--', '--': '++' }

/**
 * Every place in a TypeScript file where an operator can be applied.
 *
 * @param {string} path
 * @param {string} text
 * @returns {Site[]}
 */
export function sitesOf(path, text) {
  /** @type {Site[]} */
  const sites = []
  const add = (/** @type {string} */ operator, /** @type {any} */ node, /** @type {string} */ by) =>
    sites.push({ operator, start: node.start, end: node.end, by })
  const source = (/** @type {any} */ node) => text.slice(node.start, node.end)
  /** Replaces the sign between two operands. */
  const between = (
    /** @type {string} */ operator,
    /** @type {any} */ left,
    /** @type {any} */ right,
    /** @type {string} */ from,
    /** @type {string | undefined} */ to,
  ) => {
    const at = text.indexOf(from, left.end)
    if (to === undefined || at < 0 || at > right.start) return
    sites.push({ operator, start: at, end: at + from.length, by: to })
  }
  const negate = (/** @type {any} */ { test }) =>
    test && add('negate condition', test, `!(${source(test)})`)
  const { program } = parseSync(path, text)
  new Visitor({
    BinaryExpression({ operator, left, right }) {
      between('swap comparison', left, right, operator, COMPARISONS[operator])
      if (isText(left) || isText(right)) return
      between('swap arithmetic', left, right, operator, ARITHMETIC[operator])
    },
    AssignmentExpression({ operator, left, right }) {
      if (!isText(right)) between('swap arithmetic', left, right, operator, ARITHMETIC[operator])
    },
    LogicalExpression({ operator, left, right }) {
      between('swap logic', left, right, operator, LOGIC[operator])
    },
    UpdateExpression(node) {
      const { operator } = node
      add('swap arithmetic', node, source(node).replace(operator, STEPS[operator] ?? operator))
    },
    IfStatement: negate,
    ConditionalExpression: negate,
    WhileStatement: negate,
    ExpressionStatement(node) {
      const { type } = node.expression
      if (/^(Call|Assignment|Update)Expression$/.test(type)) add('drop statement', node, ';')
    },
    Literal(node) {
      if (typeof node.value !== 'number') return
      add('constant plus one', node, `${node.value + 1}`)
      add('constant minus one', node, `(${node.value - 1})`)
    },
  }).visit(program)
  return sites.filter(({ start }) => !isSaidOnly(text, start))
}

/** @param {any} node */
function isText({ type, value }) {
  return type === 'TemplateLiteral' || typeof value === 'string'
}

/**
 * Words for people are not what is tested here: help, sources, messages of problems.
 *
 * @param {string} text
 * @param {number} offset
 */
function isSaidOnly(text, offset) {
  const line = text.slice(text.lastIndexOf('\n', offset) + 1, text.indexOf('\n', offset))
  return /^\s*(\/\/|\*|import )/.test(line)
}

/**
 * A file with one place changed.
 *
 * @param {string} text
 * @param {Site} site
 */
export function mutated(text, { start, end, by }) {
  return text.slice(0, start) + by + text.slice(end)
}
