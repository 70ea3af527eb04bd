/** The format for editors: a JSON Schema of scenario files, made from the schema that reads them. */
import { z } from 'zod'
import { fileSchema } from './schema/file.ts'
import { aboutOf } from './schema/leaf.ts'
import type { Catalogue } from './schema/patterns.ts'

/** A JSON Schema, or a part of one. */
export interface JsonSchema {
  readonly description?: string
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly additionalProperties?: JsonSchema | boolean
  readonly $ref?: string
  readonly definitions?: Readonly<Record<string, JsonSchema>>
  readonly [key: string]: unknown
}

/** The JSON Schema of scenario files with these patterns; the same for the same catalogue. */
export function scenarioSchema(catalogue: Catalogue): JsonSchema {
  const schema = z.toJSONSchema(fileSchema(catalogue), {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      delete jsonSchema.propertyNames
      const { description, examples, default: initial } = aboutOf(zodSchema) ?? {}
      if (description !== undefined) jsonSchema.description = description
      if (examples) jsonSchema.examples = [...examples]
      if (initial !== undefined) jsonSchema.default = initial
    },
  })
  const { $schema, ...rest } = schema as JsonSchema
  return { $schema, title: 'Faultline scenario', ...rest }
}
