import { it } from 'vitest'
import { readdirSync, readFileSync } from 'node:fs'
import { patterns } from '../../engine/patterns/index.ts'
import { readScenario } from '/work/main/engine/scenario/read.ts'
import { verdict } from '/work/main/ui/facts/verdict.ts'
import { judgeOf } from '/work/main/ui/facts/judge.ts'
import { luckWords } from '/work/main/ui/facts/seed-words.ts'
import { learnSignals } from '/work/main/ui/facts/signal-help.ts'
import { unchanged } from '/work/main/ui/state.ts'
import { differenceOf, variantName } from '/work/main/ui/switches.ts'
import { runOf } from '/work/main/tests/ui/run-of.ts'
const dir = '/work/main/scenarios/'
it('x', () => {
learnSignals(patterns)
for (const f of [...readdirSync(dir).filter(f => f.endsWith('.yaml')), 'theory/mm1.yaml','theory/mmc.yaml']) {
  const text = readFileSync(dir + f, 'utf8')
  const read = readScenario(text, f); if (!read.ok) { console.log(f, 'unreadable'); continue }
  const many = f.includes('mm') || f.startsWith('retry-storm.') ? 2 : 1
  const base = Number(read.scenario.seed)
  const pairs = Array.from({ length: many }, (_, k) => { const [A, B] = (['A','B'] as const).map(s => runOf(text, { variant: variantName(read.scenario, s), seed: base + k })); return { seed: String(base + k), A: A!, B: B! } })
  const seeds = { pairs: pairs.map(({ seed, A, B }) => ({ seed, A: A.result, B: B.result })), current: String(base), isRunning: false, isUntilNarrow: false, command: '' }
  const runs = { A: pairs[0]!.A, B: pairs[0]!.B, opened: read, difference: differenceOf(read, unchanged(f, text)), revision: 1, seeds }
  const v = verdict(runs)!
  console.log(f, judgeOf(runs)!.about, '\n  ', v.parts.map(p => p.text).join(''), v.parts.map(p=>p.tone??'').join(), '\n  ', v.below, '\n  ', luckWords(runs))
}
}, 300000)
