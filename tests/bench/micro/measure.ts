/** One measured operation: its name and what it costs, in ns. */
export interface Measurement {
  readonly name: string
  readonly nanoseconds: number
  /** Bytes allocated by an operation, where the garbage collector can be asked (--expose-gc). */
  readonly bytes: number
}

/**
 * Measures a loop that does something `count` times: the median of some rounds, after one round
 * to warm up, in CPU time of the process, so that other work on the machine matters little.
 */
export function measure(name: string, count: number, loop: (count: number) => void): Measurement {
  loop(Math.min(count, 200_000))
  loop(Math.min(count, 200_000))
  const costs: number[] = []
  for (let round = 0; round < 5; round++) {
    const start = process.cpuUsage()
    loop(count)
    const { user, system } = process.cpuUsage(start)
    costs.push(((user + system) * 1000) / count)
  }
  costs.sort((a, b) => a - b)
  return { name, nanoseconds: costs[2]!, bytes: allocation(count, loop) }
}

/** Writes a measurement on a line. */
export function report({ name, nanoseconds, bytes }: Measurement): void {
  const columns = [nanoseconds.toFixed(1).padStart(8), 'ns', bytes.toFixed(1).padStart(7), 'B  ']
  console.log(`${columns.join(' ')}${name}`)
}

/** Counts how much the heap has grown over a loop short enough not to need a collection. */
function allocation(count: number, loop: (count: number) => void): number {
  const short = Math.min(count, 1_000_000)
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  loop(short)
  return Math.max(0, process.memoryUsage().heapUsed - before) / short
}
