import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { describe, expect, it } from 'vitest'
import { patterns } from '../../../engine/patterns/index.ts'
import { scenarioSchema } from '../../../engine/scenario/json-schema.ts'
import { formatReference } from '../../../engine/scenario/reference/reference.ts'

const root = new URL('../../../', import.meta.url)
const HOW = 'UPDATE=1 npx vitest run tests/engine/scenario/generated.test.ts'

/** The schema, laid out as the formatter would have it. */
async function schemaText(place: string): Promise<string> {
  const style = await resolveConfig(place)
  return format(JSON.stringify(scenarioSchema(patterns)), { ...style, filepath: place })
}

const files = [
  { path: 'scenario.schema.json', make: schemaText },
  { path: 'docs/scenario-format.md', make: () => formatReference(patterns) },
]

describe('what is generated', () => {
  it.each(files)('$path is what the code makes of it', async ({ path, make }) => {
    const place = fileURLToPath(new URL(path, root))
    const made = await make(place)
    if (process.env['UPDATE'] === '1') {
      mkdirSync(new URL('.', new URL(path, root)), { recursive: true })
      writeFileSync(place, made)
    }
    const kept = existsSync(place) ? readFileSync(place, 'utf8') : ''
    expect(kept === made, `${path} is out of date; bring it up to date with: ${HOW}`).toBe(true)
  })

  it('is the same every time', () => {
    expect(JSON.stringify(scenarioSchema(patterns))).toBe(JSON.stringify(scenarioSchema(patterns)))
    expect(formatReference(patterns)).toBe(formatReference(patterns))
  })
})
