/** Consistent hashing: which of some nodes owns a key, so that few keys move when nodes come and go. */
import { hashText, mix } from '../core/hash.ts'

/** Point and owner share a double: 32 bits and 20. */
const MOST_NODES = 1_048_576

/** Points of all nodes on a circle of 32 bits; a key belongs to the first point at or after its own. */
export class HashRing {
  private readonly points: Float64Array
  private readonly owners: Int32Array

  /** @param vnodes points of each node: more make the shares more even */
  constructor(nodes: readonly string[], vnodes: number) {
    const packed = new Float64Array(nodes.length * vnodes)
    nodes.forEach((node, owner) => {
      for (let n = 0; n < vnodes; n++) {
        packed[owner * vnodes + n] = hashText(`${node}/${n}`) * MOST_NODES + owner
      }
    })
    packed.sort((a, b) => a - b)
    this.points = packed.map((one) => Math.floor(one / MOST_NODES))
    this.owners = Int32Array.from(packed, (one) => one % MOST_NODES)
  }

  /** Owner of a key among the nodes that may be used; -1 when none may. */
  owner(key: number, mayBeUsed: (node: number) => boolean): number {
    const { owners } = this
    const from = this.firstAtOrAfter(mix(key | 0, (key / 4294967296) | 0) >>> 0)
    for (let n = 0; n < owners.length; n++) {
      const owner = owners[(from + n) % owners.length]!
      if (mayBeUsed(owner)) return owner
    }
    return -1
  }

  /** Share of the circle that each node owns. */
  shares(nodes: number): number[] {
    const shares = Array.from({ length: nodes }, () => 0)
    const { points, owners } = this
    for (let at = 0; at < points.length; at++) {
      const before = at === 0 ? points[points.length - 1]! - 4294967296 : points[at - 1]!
      shares[owners[at]!]! += (points[at]! - before) / 4294967296
    }
    return shares
  }

  private firstAtOrAfter(point: number): number {
    const { points } = this
    let low = 0
    let high = points.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (points[middle]! < point) low = middle + 1
      else high = middle
    }
    return low
  }
}
