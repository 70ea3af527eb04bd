const EVERY_MS = 100

/** One line on a terminal that says how far things are; nothing where stderr is no terminal. */
export class ProgressLine {
  private total: number
  /** By batch: how many runs' worth is done, and how many runs are over. */
  private readonly batches = new Map<number, { readonly worth: number; readonly over: number }>()
  private shownAt = 0
  private isShown = false

  constructor(total: number) {
    this.total = total
  }

  /** More runs are wanted than were known of. */
  grow(total: number): void {
    this.total = total
  }

  show(batch: number, worth: number, over: number): void {
    if (!process.stderr.isTTY) return
    this.batches.set(batch, { worth, over })
    const now = performance.now()
    if (now - this.shownAt < EVERY_MS) return
    this.shownAt = now
    this.isShown = true
    process.stderr.write(`\r\x1b[K${this.line()}`)
  }

  /** Writes a line that stays. */
  say(line: string): void {
    this.clear()
    process.stderr.write(`${line}\n`)
  }

  clear(): void {
    if (this.isShown) process.stderr.write('\r\x1b[K')
    this.isShown = false
  }

  private line(): string {
    let done = 0
    let ended = 0
    for (const { worth, over } of this.batches.values()) {
      done += worth
      ended += over
    }
    return `${ended} of ${this.total} runs, ${Math.floor((done / this.total) * 100)} %`
  }
}
