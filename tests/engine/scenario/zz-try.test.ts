import { readFileSync } from 'node:fs'
import { it } from 'vitest'
import { readScenario, formatProblem } from '/work/main/engine/scenario/read.ts'
it('x', () => {
  for (const f of (process.env.F ?? '').split(',')) {
    const t = performance.now()
    const r = readScenario(readFileSync(f), f.split('/').at(-1)!.replace('.yaml',''))
    console.log((performance.now() - t).toFixed(1)+'ms')
    if (r.ok) { console.log(process.env.V ? JSON.stringify(r.scenario, null, 1) : 'ok'); for (const w of r.warnings) console.log(formatProblem(f, w)) }
    else { for (const e of r.errors) console.log(formatProblem('f', e), ' ['+e.code+' '+e.path+']'); console.log('more', r.more) }
  }
})
