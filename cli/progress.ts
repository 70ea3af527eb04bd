/** One line on a terminal that says how far things are; nothing where stderr is no terminal. */
export interface ProgressLine {
  show(share: number, done: number): void
  /** Writes a line that stays. */
  say(line: string): void
  clear(): void
}

const EVERY_MS = 100

export function progressLine(total: number): ProgressLine {
  const { stderr } = process
  let at = 0
  let isShown = false
  const clear = (): void => {
    if (isShown) stderr.write('\r\x1b[K')
    isShown = false
  }
  return {
    clear,
    show(share, done) {
      const now = performance.now()
      if (!stderr.isTTY || now - at < EVERY_MS) return
      at = now
      isShown = true
      stderr.write(`\r\x1b[K${done} of ${total} runs, ${Math.floor(share * 100)} %`)
    },
    say(line) {
      clear()
      stderr.write(`${line}\n`)
    },
  }
}
