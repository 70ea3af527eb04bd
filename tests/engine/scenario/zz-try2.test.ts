import { writeFileSync } from 'node:fs'
import { it } from 'vitest'
import { format } from 'prettier'
import { scenarioSchema } from '/work/main/engine/scenario/json-schema.ts'
import { formatReference } from '/work/main/engine/scenario/reference/reference.ts'
import { patterns } from '/work/main/engine/patterns/index.ts'
it('x', async () => {
  writeFileSync('/tmp/s/schema.json', JSON.stringify(scenarioSchema(patterns), null, 1))
  writeFileSync('/tmp/s/ref.md', await format(formatReference(patterns), {parser: 'markdown', printWidth: 100}))
})
