import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { describe, expect, it } from 'vitest'
import { patterns } from '../../../engine/patterns/index.ts'
import { scenarioSchema } from '../../../engine/scenario/json-schema.ts'
import { formatReference } from '../../../engine/scenario/reference/reference.ts'

const root = new URL('../../../', import.meta.url)
const HOW = 'UPDATE=1 npx vitest run tests/engine/scenario/generated.test.ts'

const files = [
  { path: 'scenario.schema.json', make: () => JSON.stringify(scenarioSchema(patterns)) },
  { path: 'docs/scenario-format.md', make: () => formatReference(patterns) },
]

describe('what is generated', () => {
  it.each(files)('$path is what the code makes of it', async ({ path, make }) => {
    const place = fileURLToPath(new URL(path, root))
    const style = await resolveConfig(place)
    const made = await format(make(), { ...style, filepath: place })
    if (process.env['UPDATE'] === '1') {
      mkdirSync(new URL('.', new URL(path, root)), { recursive: true })
      writeFileSync(place, made)
    }
    const kept = existsSync(place) ? readFileSync(place, 'utf8') : ''
    expect(kept === made, `${path} is out of date; bring it up to date with: ${HOW}`).toBe(true)
  })

  it('is the same every time', () => {
    for (const { make } of files) expect(make()).toBe(make())
  })
})
