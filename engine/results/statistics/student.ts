/** The distribution of Student's t. */

/** The t for which a Student variable lies within ±t with the given probability; whole degrees of freedom from 1. */
export function studentT(freedom: number, probability = 0.95): number {
  let low = 0
  let high = 1
  while (within(high, freedom) < probability) high *= 2
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (within(middle, freedom) < probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** P(|T| ≤ t) for whole degrees of freedom: the finite series of Abramowitz and Stegun 26.7.3 and 26.7.4. */
function within(t: number, freedom: number): number {
  const tangent = t / Math.sqrt(freedom)
  const cosine = 1 / Math.sqrt(1 + tangent * tangent)
  const sine = tangent * cosine
  const isOdd = freedom % 2 === 1
  let term = isOdd ? cosine : 1
  let sum = freedom === 1 ? 0 : term
  for (let k = isOdd ? 3 : 2; k < freedom; k += 2) {
    term *= ((k - 1) / k) * cosine * cosine
    sum += term
  }
  return isOdd ? (2 / Math.PI) * (arctangent(tangent) + sine * sum) : sine * sum
}

/** The arctangent of a number of at least 0: halved four times, then its series. */
function arctangent(x: number): number {
  let small = x
  for (let halving = 0; halving < 4; halving++) small /= 1 + Math.sqrt(1 + small * small)
  let sum = 0
  let power = small
  for (let k = 1; k < 30; k += 2) {
    sum += k % 4 === 1 ? power / k : -power / k
    power *= small * small
  }
  return 16 * sum
}
