/** Whether what was computed here is what the sender of a link saw. */
import type { Side } from '../state.ts'
import { SIDES } from '../state.ts'
import { HEX } from '../url.ts'

/** What a link claims: first digits of both digests, and the version of the engine that made them. */
export interface Proof {
  readonly hash: string
  readonly version: string | undefined
}

/** What came of comparing. */
export interface Reproduction {
  readonly isExact: boolean
  /** In one sentence or two. */
  readonly words: string
}

/** Compares what a link claims with what was computed here. */
export function reproduction(
  { hash, version }: Proof,
  digests: Readonly<Record<Side, string>>,
  here: string,
): Reproduction {
  const other = SIDES.filter(
    (side, at) => !digests[side].startsWith(hash.slice(at * HEX, (at + 1) * HEX)),
  )
  if (other.length === 0) return { isExact: true, words: 'Reproduced exactly' }
  const which = other.length === 2 ? 'Both runs differ' : `${other[0]!} differs`
  const why =
    version !== undefined && version !== here
      ? `It was made with engine ${version}; this is engine ${here}.`
      : 'The engine has the same version, so the scenario has changed since, or the link has.'
  return { isExact: false, words: `${which} from what the link was made of. ${why}` }
}
