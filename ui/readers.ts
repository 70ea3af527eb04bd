/** Who reads files: the workers of the page. Any of them may be busy, or be taken away; a file is read all the same. */
import type { Patch, ReadResult } from '../engine/scenario/read.ts'
import type { ReadRequest } from './page-worker.ts'

/** What came of reading, or why nobody could. */
export type Reading = ReadResult | { readonly ok: false; readonly message: string }

/** How often a file is given to somebody, and how long each has, in ms; a worker may have to start first. */
const MOST_TRIES = 4
const PATIENCE = 5_000
const TOO_LONG = `Reading took longer than ${(MOST_TRIES * PATIENCE) / 1000} seconds and was given up.`

/** Somebody who reads. */
export interface Hand {
  /** Hands over what is to be read; the answer comes through the port in it. */
  give(request: ReadRequest): void
  /** Those who wait for an answer; they are told when there will be none. */
  readonly waiting: Set<(message: string) => void>
}

/** All who read. */
export class Readers {
  private readonly hands = new Set<Hand>()
  private readonly hire: () => void
  private readonly patience: number

  /** @param hire starts somebody, when nobody is there; @param patience ms that one has to answer */
  constructor(hire: () => void, patience = PATIENCE) {
    this.hire = hire
    this.patience = patience
  }

  /** Takes somebody on. Answers what to say when he is lost. */
  add(give: Hand['give']): (message: string) => void {
    const hand: Hand = { give, waiting: new Set() }
    this.hands.add(hand)
    return (message) => {
      this.hands.delete(hand)
      for (const tell of hand.waiting) tell(message)
    }
  }

  /** Reads a file. When somebody is lost over it, or says nothing, another tries. Settles always. */
  async read(source: string | Uint8Array, name: string, patch: Patch = {}): Promise<Reading> {
    const asked = new Set<Hand>()
    const request = { source, name, patch }
    let reading = await this.ask(request, asked)
    for (let tries = 1; tries < MOST_TRIES && 'message' in reading; tries++) {
      // Whoever is lost is replaced; that takes a moment.
      await new Promise((resolve) => setTimeout(resolve, 0))
      reading = await this.ask(request, asked)
    }
    return reading
  }

  private ask(request: Omit<ReadRequest, 'kind' | 'port'>, asked: Set<Hand>): Promise<Reading> {
    const hand = this.next(asked)
    if (!hand) return Promise.resolve({ ok: false, message: 'No worker could be started.' })
    asked.add(hand)
    const { port1, port2 } = new MessageChannel()
    return new Promise((resolve) => {
      const settle = (reading: Reading): void => {
        clearTimeout(timer)
        hand.waiting.delete(lose)
        port1.close()
        resolve(reading)
      }
      const lose = (message: string): void => settle({ ok: false, message })
      const timer = setTimeout(() => lose(TOO_LONG), this.patience)
      hand.waiting.add(lose)
      port1.addEventListener('message', ({ data }: MessageEvent<ReadResult>) => settle(data))
      port1.start()
      hand.give({ kind: 'read', ...request, port: port2 })
    })
  }

  /** Whoever has least to read; first of all somebody who has not been asked before. */
  private next(asked: ReadonlySet<Hand>): Hand | undefined {
    if (this.hands.size === 0) this.hire()
    const burden = (hand: Hand): number => hand.waiting.size + (asked.has(hand) ? 1e6 : 0)
    return [...this.hands].toSorted((a, b) => burden(a) - burden(b))[0]
  }
}
