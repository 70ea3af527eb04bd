/** Figures that a long test prints when it is over, side by side. */
import { afterAll } from 'vitest'
import { table } from '../../cli/text.ts'

/** Answers how to add a line; all lines are printed when the tests of the file are over. */
export function figures(...heads: string[]): (...cells: (string | number)[]) => void {
  const lines: string[][] = []
  afterAll(() => void process.stdout.write(`\n${table([heads, ...lines], heads.length)}\n`))
  return (...cells) => void lines.push(cells.map(String))
}

/** Milliseconds as seconds, for a table. */
export function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
