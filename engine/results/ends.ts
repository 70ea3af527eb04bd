/** How calls at one place ended. offered = ok + degraded + refused + failed + those under way. */
export interface Ends {
  readonly offered: number
  readonly ok: number
  readonly degraded: number
  readonly refused: number
  readonly failed: number
}

/** Calls under way at a place. */
export function openOf({ offered, ok, degraded, refused, failed }: Ends): number {
  return offered - ok - degraded - refused - failed
}
