/**
 * One benchmark in a process of its own: `node child.js mm1 '{"requests":2000000}'` prints its
 * result as JSON; without a name, the names there are.
 */
import type { Benches } from './measure.ts'

const files = import.meta.glob<Benches>('./*.bench.ts', { eager: true, import: 'benches' })
const benches: Benches = Object.assign({}, ...Object.values(files))

const [name, options = '{}'] = process.argv.slice(2)
if (name === undefined) {
  console.log(JSON.stringify(Object.keys(benches)))
} else {
  const bench = benches[name]
  if (!bench) throw new Error(`There is no benchmark called ${name}`)
  console.log(JSON.stringify(bench(JSON.parse(options))))
}
