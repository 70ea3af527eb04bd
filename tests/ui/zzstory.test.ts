import { readdirSync, readFileSync } from 'node:fs'
import { it } from 'vitest'
import { readScenario } from '../../engine/scenario/read.ts'
import { scriptOf } from '../../ui/story/script.ts'
import { initialState, unchanged } from '../../ui/state.ts'
import { differenceOf } from '../../ui/switches.ts'
import { runOf } from './run-of.ts'
it('probe', () => {
  for (const f of readdirSync('scenarios').filter((f) => f.endsWith('.yaml'))) {
    const text = readFileSync(`scenarios/${f}`, 'utf8')
    const r = readScenario(text, f)
    if (!r.ok) { console.log(f, 'bad'); continue }
    const opened = { scenario: r.scenario, off: r.off }
    const a = runOf(text, { variant: 'A' }), b = runOf(text, { variant: 'B' })
    const difference = differenceOf(opened, initialState(unchanged(f, text)).document)
    const t1 = performance.now()
    const s = scriptOf({ A: a, B: b, opened, difference, revision: 0 })
    const t2 = performance.now()
    console.log(f, t2 - t1, s!.steps.reduce((x, y) => x + y.wall, 0), '\n', s!.steps.map((x) => `${x.id} ${(x.from / 1e9).toFixed(1)}–${(x.to / 1e9).toFixed(1)} ${x.wall.toFixed(1)} | ${x.words} ${x.bet ? x.bet.question + x.bet.isYes : ''} ${x.turn ?? ''}`).join('\n '))
  }
}, 120000)
