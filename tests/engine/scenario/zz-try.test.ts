import { it } from 'vitest'
import { readScenario, formatProblem } from '/work/main/engine/scenario/read.ts'
const base = `schema: 1
services:
  a: { calls: [b] }
  b: {}
load:
  users: { to: a, arrivals: poisson(10/s) }
`
const inputs: string[] = [
  '', '# c\n', 'services: [ {name: a', 'a:\n\tb: 1', 'a: 1\n---\nb: 1', '[1,2]', 'seed: 1\nseed: 2', '{"seed":1,"seed":2}',
  base.replace('services', 'sevices'), base + 'patterns: { r: { use: retry, maxAttemps: 3 } }', base.replace(/services:[^]*load/, 'services: null\nload'),
  base.replace(/services:[^]*load/, 'services: {}\nload'), base.replace(/services:[^]*load/, 'services: []\nload'),
  base + 'patterns: [circut-breaker]', base + 'patterns: { b: { use: circut-breaker } }', base.replace(/load:[^]*/, 'load: 5\n'), base.replace('schema: 1', 'schema: 999'), base.replace('schema: 1\n', ''),
  base.replace('10/s', '-5/s'), base.replace('10/s', '0/s'), base.replace('10/s', '1e400/s'), base.replace('poisson(10/s)', '.nan'), base.replace('poisson(10/s)', '"100"'), base.replace('poisson(10/s)', '100'),
  base.replace('b: {}', 'b: { instances: 2.5 }'), base.replace('b: {}', 'b: { instances: 1000000000 }'), base.replace('b: {}', 'b: { errors: 1.0000001 }'), base.replace('10/s)', '10/s), mix: { x: 0.5, y: 0.4 }'),
  base + 'seed: 9007199254740993', base + 'seed: 1.5', base + 'seed:', base + 'duration: 5', base + 'duration: 5 minuets', base + 'duration: 1e300s', base.replace('b: {}', 'b: { work: 0.1ns }'), base + 'duration: 400y', base + 'duration: 400d',
  base + 'patterns: { b: { use: circuit-breaker, enabled: yes } }', base + 'duration: 12:30:45', base.replace('b: {}', 'b: { concurrency: 017 }'), 'a: &x [*x]', '<<: {a: 1}', 'a: !!js/function "x"', '['.repeat(200),
  base.replace('[b]', '[c]'), base.replace('[b]', '[a]'), base.replace('b: {}', 'b: { calls: [a] }'), base.replace('b: {}', 'b: {}\n  B: {}'), base.replace('b: {}', 'b: {}\n  é: {}\n  é: {}'),
  base.replace('b: {}', 'b: {}\n  "a\\u0000b": {}\n  "\\ud800": {}'), base.replace('b: {}', 'b: {}\n  __proto__: {polluted: true}'), base + '__proto__: {polluted: true}', base.replace('b: {}', 'b: { __proto__: {polluted: true} }'),
  base + 'patterns: { r: { use: retry, backoff: { base: 10ms, cap: 5ms } } }', base + 'patterns: { r: { use: retry, where: [b -> a, a -> c] } }', base + 'faults: [{ at: 1s, slow: leger, by: 2 }, { at: 1s, slwo: a }, { slow: a, by: 2 }, {at: 1s, slow: a, errors: b, by: 1}, {at: 1s, slow: a}]',
  base + 'expect: [mean(srved(run)) > 5 over 20 seeds, mean(served(B)) > 5 over 20 seeds, mean(p99(run)) > 5 over 2 seeds, "mean(utilisation(run, c)) > 1 over 2 seeds", mean(served(run)) > 1]',
  base + 'compare: { A: { without: [x], set: { services.c.concurrency: 5, services.a.concurrency: -5, sevices.x: 1 } }, B: { set: { services.a.concurency: 5 } } }',
  base.replace('[b]', '[{cal: b}, {call: b, time: 3}, {50%: b}, {parallel: [b], need: 2}, 5, {45%: b, x: b}]'),
  base.replace('b: {}', 'b: { work: expo(5ms) }\n  c: { work: exponential(5) }\n  d: { work: "lognormal(5ms, 0.5)" }\n  e: { work: {x: 5ms, y: 7} }\n  f: { at: [1] }\n  g: []\n  h: "x"'),
  base + 'at: a\n\n b: c\n', 'just text', '"abc', 'a: b: c', base + 'order: [x, 5]\ntags: {difficulty: hard}', base.replace('b: {}', 'constructor: {}\n  toString: {calls: [constructor]}\n  b: {calls: [toString]}'),
  base.replace('to: a,', 'to: a, users: 5,'), base.replace('arrivals: poisson(10/s)', 'users: 5, think: exponential(1s)'), base.replace('10/s', '1e9/s') + 'duration: 1h', base.replace('10/s', '9e5/s').replace('{ calls: [b] }', '{calls: [b], queue: unbounded, work: 10ms}'),
]
it('x', () => {
  for (const text of inputs) {
    const r = readScenario(text, 'x')
    console.log('--- ' + JSON.stringify(text.replace(base, 'BASE+').slice(0, 250)))
    if (r.ok) { console.log('ok'); for (const w of r.warnings) console.log(formatProblem('f', w)) }
    else for (const e of r.errors) console.log(formatProblem('f', e), ' ['+e.code+' '+e.path+']', e.message.includes(e.path) ? '' : 'NOPATH')
  }
})
