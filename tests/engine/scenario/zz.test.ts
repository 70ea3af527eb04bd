import { readFileSync } from 'node:fs'
import { it } from 'vitest'
import { Session } from 'node:inspector/promises'
import { readScenario } from '/work/main/engine/scenario/read.ts'
it('t', async () => {
  const home = readFileSync('scenarios/retry-storm.yaml', 'utf8')
  for (let i = 0; i < 30; i++) readScenario(home, 'x')
  const s = new Session(); s.connect(); await s.post('Profiler.enable'); await s.post('Profiler.setSamplingInterval', {interval: 200}); await s.post('Profiler.start')
  const a = performance.now(); for (let i = 0; i < 100; i++) readScenario(home, 'x'); console.log('per', (performance.now() - a) / 100)
  const { profile } = await s.post('Profiler.stop')
  const self = new Map<string, number>(); const byId = new Map(profile.nodes.map((n: any) => [n.id, n]))
  for (const id of profile.samples!) { const n: any = byId.get(id); const k = n.callFrame.functionName + ' ' + n.callFrame.url.split('/').slice(-2).join('/') + ':' + n.callFrame.lineNumber; self.set(k, (self.get(k) ?? 0) + 1) }
  for (const [k, v] of [...self].sort((a, b) => b[1] - a[1]).slice(0, 25)) console.log(String(v), k)
})
