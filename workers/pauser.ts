/** A switch that holds a run and lets it go on; the pause key of the page. Several may hold it, each for a reason. */
export class Pauser {
  private readonly listeners = new Set<(paused: boolean) => void>()
  private readonly reasons = new Set<string>()
  private held = false

  get paused(): boolean {
    return this.held
  }

  pause(reason = ''): void {
    this.reasons.add(reason)
    this.set(true)
  }

  /** Lets go, unless somebody holds it for another reason. */
  resume(reason = ''): void {
    this.reasons.delete(reason)
    this.set(this.reasons.size > 0)
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
