/** How long a replica goes on telling its news: rumor mongering (Demers et al. 1987). */

/** When interest is lost. */
export interface RumorSettings {
  /** `never`: anti-entropy. `counter`: at the k-th contact in a row. `coin`: at a contact with probability 1/k. */
  readonly loss: 'never' | 'counter' | 'coin'
  readonly k: number
  /** Whether only contacts with those who knew it already count. */
  readonly feedback: boolean
}

/** The interest of one replica in what it knows. Plain data. */
export class Rumor {
  /** Whether it spreads what it knows. */
  isHot = false
  private useless = 0
  /** Of the round that is under way: somebody asked, and somebody needed it. */
  private wasAsked = false
  private wasNeeded = false

  /** There is news: it is worth telling. */
  heat(): void {
    this.isHot = true
    this.useless = 0
  }

  /** It told somebody. `useless`: who knew it already; `coin` is uniform in (0,1). */
  told(useless: boolean, settings: RumorSettings, coin: () => number): void {
    if (settings.loss === 'never' || !this.isHot) return
    if (settings.feedback && !useless) {
      this.useless = 0
      return
    }
    if (settings.loss === 'coin') this.isHot = coin() >= 1 / settings.k
    else if (++this.useless >= settings.k) this.isHot = false
  }

  /** Somebody asked and was told. */
  asked(useless: boolean): void {
    this.wasAsked = true
    if (!useless) this.wasNeeded = true
  }

  /** All who asked within a round are one contact, of use when one of them needed it. */
  endRound(settings: RumorSettings, coin: () => number): void {
    const { wasAsked, wasNeeded } = this
    this.wasAsked = this.wasNeeded = false
    if (wasAsked) this.told(!wasNeeded, settings, coin)
  }
}
