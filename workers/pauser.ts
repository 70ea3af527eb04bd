/** A switch that holds a run and lets it go on; the pause key of the page. */
export class Pauser {
  private readonly listeners = new Set<(paused: boolean) => void>()
  private held = false

  get paused(): boolean {
    return this.held
  }

  pause(): void {
    this.set(true)
  }

  resume(): void {
    this.set(false)
  }

  /** Hears of every change; answers how to stop hearing. */
  listen(listener: (paused: boolean) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private set(paused: boolean): void {
    if (paused === this.held) return
    this.held = paused
    for (const listener of this.listeners) listener(paused)
  }
}
