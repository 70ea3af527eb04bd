/** One line on a terminal that says how far things are; nothing where stderr is no terminal. */
export interface ProgressLine {
  /** How many runs' worth of a batch is done, and how many runs are over. */
  readonly show: (batch: number, worth: number, done: number) => void
  /** Writes a line that stays. */
  readonly say: (line: string) => void
  readonly clear: () => void
}

const EVERY_MS = 100

export function progressLine(total: number): ProgressLine {
  const { stderr } = process
  const batches = new Map<number, readonly [worth: number, done: number]>()
  let at = 0
  let isShown = false
  const clear = (): void => {
    if (isShown) stderr.write('\r\x1b[K')
    isShown = false
  }
  return {
    clear,
    show(batch, worth, done) {
      if (!stderr.isTTY) return
      batches.set(batch, [worth, done])
      const now = performance.now()
      if (now - at < EVERY_MS) return
      at = now
      isShown = true
      stderr.write(`\r\x1b[K${lineOf([...batches.values()], total)}`)
    },
    say(line) {
      clear()
      stderr.write(`${line}\n`)
    },
  }
}

function lineOf(batches: readonly (readonly [number, number])[], total: number): string {
  let worth = 0
  let done = 0
  for (const [share, over] of batches) {
    worth += share
    done += over
  }
  return `${done} of ${total} runs, ${Math.floor((worth / total) * 100)} %`
}
