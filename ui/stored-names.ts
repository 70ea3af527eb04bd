/** The names of columns in few words: services and edges repeat the same metrics, and heat rows count up. */
import type { ColumnInfo } from '../engine/results/frame.ts'

/** Sets of metrics (`busy*`: a level), and who has them: scope, names, and which set. */
export interface PackedColumns {
  readonly sets: readonly string[]
  readonly owners: readonly (readonly [scope: ColumnInfo['scope'], name: string, set: number])[]
}

/** Packs columns that belong together; their order stays. */
export function packColumns(columns: readonly ColumnInfo[]): PackedColumns {
  const groups: { scope: ColumnInfo['scope']; name: string; metrics: string[] }[] = []
  for (const { scope, name, metric, kind } of columns) {
    const word = kind === 'level' ? `${metric}*` : metric
    const last = groups.at(-1)
    if (last?.scope === scope && last.name === name) last.metrics.push(word)
    else groups.push({ scope, name, metrics: [word] })
  }
  const texts = groups.map(({ metrics }) => metrics.join(' '))
  const sets = [...new Set(texts)]
  const owners = groups.map(
    ({ scope, name }, at) => [scope, name, sets.indexOf(texts[at]!)] as const,
  )
  return { sets, owners }
}

/** The columns that were packed. */
export function unpackColumns({ sets, owners }: PackedColumns): ColumnInfo[] {
  const metrics = sets.map((set) => set.split(' '))
  return owners.flatMap(([scope, name, set]) =>
    metrics[set]!.map((word): ColumnInfo => {
      const isLevel = word.endsWith('*')
      return {
        scope,
        name,
        metric: isLevel ? word.slice(0, -1) : word,
        kind: isLevel ? 'level' : 'count',
      }
    }),
  )
}
