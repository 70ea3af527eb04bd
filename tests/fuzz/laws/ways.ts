/** What was sent and what came back too late, counted a second time by somebody who looks on. */
import type { CallFrame } from '../../../engine/model/call-frame.ts'
import { CANCELLED } from '../../../engine/model/failure.ts'
import type { Station } from '../../../engine/model/tracer.ts'
import type { VariantResult } from '../../../engine/results/result.ts'
import { differences } from './law.ts'

/** Counts for every edge. */
export class Ways {
  private readonly sent = new Map<string, number>()
  private readonly late = new Map<string, number>()

  mark(station: Station, frame: CallFrame): void {
    if (station === 'send') count(this.sent, frame)
    else if (frame.parent >= 0) return
    else if (station === 'reply') count(this.late, frame)
    else if (station === 'leave' && !frame.duplicate && frame.failureCode !== CANCELLED)
      count(this.late, frame)
  }

  /** What is wrong with the counts of the whole run. */
  judge({ edges }: VariantResult): string[] {
    return Object.entries(edges).flatMap(([name, { attempts, late }]) => [
      ...differences(`attempts of ${name}`, this.sent.get(name) ?? 0, attempts),
      ...differences(`late replies of ${name}`, this.late.get(name) ?? 0, late),
    ])
  }
}

function count(counts: Map<string, number>, { edge }: CallFrame): void {
  counts.set(edge!.name, (counts.get(edge!.name) ?? 0) + 1)
}
