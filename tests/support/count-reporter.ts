import type { Reporter, SerializedError, TestModule } from 'vitest/node'

/** Prints the plain last line that people and machines can read: `12 passed, 0 failed`. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const line = countLine(modules, errors)
    process.once('exit', () => console.log(line))
  }
}

/** A file that could not be loaded, and an error that no test caught, each count as one failure. */
function countLine(modules: readonly TestModule[], errors: readonly SerializedError[]): string {
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  const count = (state: string): number =>
    tests.filter((test) => test.result().state === state).length
  const broken = modules.reduce((sum, module) => sum + module.errors().length, 0) + errors.length
  const skipped = count('skipped') + count('pending')
  return [
    `${count('passed')} passed`,
    `${count('failed') + broken} failed`,
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ].join(', ')
}
