import { it } from 'vitest'
import { readScenario } from '/work/main/engine/scenario/read.ts'
import { BASE } from './support.ts'
it('t', () => {
  const n = (k: number, f: (i: number) => string) => Array.from({ length: k }, (_, i) => f(i)).join('')
  const cases: Record<string, string> = {
    calls: BASE.replace('[db]', `[${n(35000, () => 'db,')}]`),
    badcalls: BASE.replace('[db]', `[${n(35000, (i) => 'dbb' + i + ',')}]`).replace('db: {}', 'db: {}\n' + n(490, (i) => `  svc${i}: {}\n`)),
    mapcalls: BASE.replace('[db]', `[${n(9000, () => '{call: db, times: 2},')}]`),
    services: BASE.replace('db: {}', 'db: {}\n' + n(498, (i) => `  s${i}: { concurrency: 5, queue: 10, work: lognormal(5ms 0.5), calls: [db] }\n`)),
    badservices: BASE.replace('db: {}', 'db: {}\n' + n(498, (i) => `  s${i}: { concurency: 5, queu: 10, wrk: lognormal(5ms 0.5), cals: [db] }\n`)),
    ops: BASE.replace('[db]', `{${n(9000, (i) => `o${i}: [{call: db, op: p${i}}],`)}}`),
    chain: BASE.replace('calls: [db]', `calls: {${n(7000, (i) => `o${i}: [{call: api, op: o${i + 1}}],`)}}`),
    trace: BASE.replace('poisson(10/s)', `[${n(35000, (i) => i + 'ms,')}]`),
    nestedchoose: BASE.replace('[db]', '['.concat('{50%: db, 50%: ['.repeat(28), 'db', ']}'.repeat(28), ']')),
    faults: `${BASE}faults: [${n(1000, (i) => `{at: 1s, slw: db${i}},`)}]`,
    variants: `${BASE.replace('db: {}', 'db: {}\n' + n(200, (i) => `  s${i}: { concurrency: 5, calls: [db] }\n`))}compare: {${n(20, (i) => `v${i}: {set: {services.db.queue: ${i}}},`)}}`,
    patterns: `${BASE}patterns: {${n(400, (i) => `p${i}: {use: retry, where: {'* -> *': {maxAttempts: 2}, api -> db: {maxAttempts: 3}}},`)}}`,
    expect: `${BASE}expect: [${n(500, () => `'mean(srved(run)) > 5% over 20 seeds',`)}]`,
    mix: BASE.replace('10/s)', `10/s), mix: {${n(9000, (i) => `o${i}: 0.1%,`)}}`),
    longname: BASE.replace('db: {}', `db: {}\n  ${'x'.repeat(500000)}: {}`),
    longdist: BASE.replace('db: {}', `db: { work: empirical(${'1ms '.repeat(200000)}) }`),
    longexpect: `${BASE}expect: ['${'mean(served(run)) > 5% and '.repeat(30000)} mean(served(run)) > 1% over 2 seeds']`,
    longselector: `${BASE}faults: [{at: 1s, delay: '${'-> '.repeat(200000)}', by: 5ms}]`,
  }
  for (const [k, t] of Object.entries(cases)) {
    const a = process.cpuUsage(); const r = readScenario(t, 'x')
    console.log(k, t.length, (process.cpuUsage(a).user / 1000).toFixed(0) + 'ms', r.ok ? 'ok ' + r.warnings.length : r.errors.length + '+' + r.more + ' ' + r.errors[0]!.message.slice(0, 120))
  }
})
