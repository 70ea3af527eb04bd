/** Why a number is missed, where that has been found out. A cause excuses nothing: the case stays missed. */

const ASYMPTOTE =
  'the tolerance is for the difference between 1000 servers and infinitely many, and leaves no room for chance; ' +
  'in eight runs of another simulation of the same model, of the same length,'

const TENTHS =
  'the simulation of the paper adds up tenths of a token in binary, and sums that come out a little above a whole one ' +
  'let a retry through; the same rule in whole tenths gives'

const CAUSES: Readonly<Record<string, string>> = {
  'L-SQ1-inf-90':
    'the tolerance leaves no room for chance: in a sample of this size tail_s4 and tail_s5 have standard errors of ' +
    '0.0039 and 0.0045, computed from the chain',
  'L-SQ1-inf-95': `${ASYMPTOTE} sojourn_mean has a standard deviation of 0.52 and tail_s5 of 0.0036`,
  'L-SQ3-inf-95': `${ASYMPTOTE} tail_s3 is 0.5145 ± 0.0055 and tail_s4 0.1331 ± 0.0046 (one standard deviation)`,
  'L-SQ5-inf-95': `${ASYMPTOTE} tail_s3 is 0.2128 ± 0.0110 (one standard deviation)`,
  'L-SQ2-inf-99': `${ASYMPTOTE} tail_s4 is 0.8631 ± 0.0173 and tail_s5 0.7386 ± 0.0305 (one standard deviation)`,
  'L-SQ5-inf-99': `${ASYMPTOTE} tail_s3 is 0.7403 ± 0.0305 and tail_s4 0.2480 ± 0.0463 (one standard deviation)`,
  'R-BROOKER-adaptive_10pct-0.4': `${TENTHS} 1.1401 (in binary 1.1408)`,
  'R-BROOKER-adaptive_10pct-0.5': `${TENTHS} 1.1410 (in binary 1.1416)`,
}

/** What is known of the misses of a case. */
export function causeOf(id: string): string | undefined {
  return CAUSES[id]
}
