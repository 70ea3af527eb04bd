import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { patterns } from '../../../engine/patterns/index.ts'
import { type JsonSchema, scenarioSchema } from '../../../engine/scenario/json-schema.ts'
import { ARRIVALS, KEYS } from '../../../engine/scenario/schema/arrivals.ts'
import { DISTRIBUTIONS } from '../../../engine/scenario/schema/distribution.ts'
import { FAULT_VERBS } from '../../../engine/scenario/schema/faults.ts'
import { formatProblem, readScenario } from '../../../engine/scenario/read.ts'

const folder = new URL('../../../scenarios/', import.meta.url)
const text = readFileSync(new URL('everything.yaml', folder), 'utf8')

/** All keys and words of a schema, without those of the patterns, which have their own page. */
function wordsOf(schema: JsonSchema): string[] {
  const { properties = {}, items, anyOf = [], additionalProperties, enum: words = [] } = schema
  const own = Object.entries(properties).filter(
    ([key]) => key !== 'patterns' || !properties['services'],
  )
  const inner = [...own.map(([, part]) => part), ...anyOf]
  if (items) inner.push(...(Array.isArray(items) ? (items as JsonSchema[]) : [items]))
  if (typeof additionalProperties === 'object') inner.push(additionalProperties)
  const strings = words.filter((word): word is string => typeof word === 'string')
  return [...own.map(([key]) => key), ...strings, ...inner.flatMap(wordsOf)]
}

/** Every mapping key and every plain word of the schema, patterns included. */
function allWordsOf(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(allWordsOf)
  if (typeof schema !== 'object' || schema === null) return []
  const { properties = {}, enum: words = [] } = schema as JsonSchema
  const inner = Object.values(schema).flatMap(allWordsOf)
  return [...Object.keys(properties), ...words.map(String), ...inner]
}

describe('everything.yaml', () => {
  const result = readScenario(text, 'everything')

  it('is read without a word of complaint', () => {
    const told = result.ok ? result.warnings : result.errors
    expect(told.map((one) => formatProblem('everything.yaml', one))).toEqual([])
  })

  it('uses every key and word of the format', () => {
    const schema = scenarioSchema(patterns)
    const calls = Object.values(schema.definitions ?? {}).flatMap(wordsOf)
    const words = [...new Set([...wordsOf(schema), ...calls])]
    const missing = words.filter((word) => !new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(text))
    expect(missing).toEqual(['beginner', 'intermediate'])
  })

  it('uses every shape of distributions, arrivals and keys, and every fault', () => {
    const forms = [...DISTRIBUTIONS, ...ARRIVALS, ...KEYS].map(({ word }) => `${word}(`)
    expect(forms.filter((word) => !text.includes(word) && word !== 'constant(')).toEqual([])
    expect(result.ok && new Set(result.scenario.faults.map(({ verb }) => verb))).toEqual(
      new Set(FAULT_VERBS),
    )
  })

  it('needs no word that other readers take for true and false', () => {
    const words = allWordsOf(scenarioSchema(patterns))
    expect(words.filter((word) => /^(on|off|yes|no|y|n)$/i.test(word))).toEqual([])
  })
})

describe('every scenario', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })

  it.each(files.filter((name) => name.endsWith('.yaml')))('%s is read', (name) => {
    const read = readScenario(readFileSync(new URL(name, folder)), name.slice(0, -'.yaml'.length))
    const told = read.ok ? [] : read.errors
    expect(told.map((one) => formatProblem(name, one))).toEqual([])
  })
})
