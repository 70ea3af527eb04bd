/** Draws scenarios until one breaks a law, then looks for the smallest that breaks the same law. */
import fc from 'fast-check'
import type { Catalogue } from '../../engine/scenario/schema/patterns.ts'
import { scenarioText } from './draw/scenario.ts'
import type { Judgement } from './judge.ts'
import { judge } from './judge.ts'
import type { Law } from './laws/law.ts'
import { count, emptyTally, type Tally } from './tally.ts'

/** How much is drawn, and how it is judged. */
export interface HuntOptions {
  readonly runs: number
  readonly seed: number
  readonly catalogue: Catalogue
  /** Laws beyond the cheap ones that are held against each scenario; undefined: all. */
  readonly most?: number | undefined
  readonly laws?: readonly Law[]
  /** Told after every scenario. */
  readonly onRun?: (tally: Tally) => void
  /** Milliseconds of processor time after which a failure is small enough. */
  readonly shrinkFor?: number
}

/** The smallest scenario that was found to break a law. */
export interface Quarry {
  readonly text: string
  readonly law: string
  readonly complaints: readonly string[]
  /** How many smaller scenarios were tried. */
  readonly tried: number
  /** Seconds of processor time from the first failure to the smallest. */
  readonly seconds: number
}

/** What a hunt came to. */
export interface Catch {
  readonly tally: Tally
  readonly quarry: Quarry | undefined
}

const SHRINK_FOR = 60_000

/** Hunts. The same seed draws the same scenarios. */
export function hunt(options: HuntOptions): Catch {
  const { runs, seed, catalogue } = options
  const hunter = new Hunter(options)
  fc.check(
    fc.property(scenarioText(catalogue), (text) => hunter.holds(text)),
    { seed, numRuns: runs, maxSkipsPerRun: 0 },
  )
  return { tally: hunter.tally, quarry: hunter.quarry }
}

class Hunter {
  readonly tally = emptyTally()
  quarry: Quarry | undefined
  private readonly options: HuntOptions
  private brokenAt = 0
  private tried = 0

  constructor(options: HuntOptions) {
    this.options = options
  }

  /** Whether all laws hold; once one does not, whether that one does. */
  holds(text: string): boolean {
    const { quarry, options } = this
    if (quarry !== undefined) return this.isTired() || this.holdsSmaller(text, quarry.law)
    const judgement = judge(text, { most: options.most, ...laws(options) })
    count(this.tally, judgement)
    options.onRun?.(this.tally)
    return judgement.broken === undefined || this.keep(text, judgement.broken)
  }

  private holdsSmaller(text: string, law: string): boolean {
    this.tried++
    const { broken } = judge(text, { only: law, ...laws(this.options) })
    return broken?.law !== law || this.keep(text, broken)
  }

  private keep(text: string, { law, complaints }: NonNullable<Judgement['broken']>): false {
    if (this.quarry === undefined) this.brokenAt = cpu()
    const seconds = (cpu() - this.brokenAt) / 1000
    this.quarry = { text, law, complaints, tried: this.tried, seconds }
    return false
  }

  private isTired(): boolean {
    return cpu() - this.brokenAt > (this.options.shrinkFor ?? SHRINK_FOR)
  }
}

function laws({ laws: own }: HuntOptions): { laws?: readonly Law[] } {
  return own === undefined ? {} : { laws: own }
}

function cpu(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
