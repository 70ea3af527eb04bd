import { hashText } from '../core/hash.ts'

/** Every place that schedules events: a dense index, a stable hash of its path, a sequence of its own. */
export class Places {
  /** Stable hash of each place's path: what the digest and the order of ties know it by. */
  hash = new Uint32Array(256)
  /** How many events each place has scheduled: the last word in the order of ties. */
  sequence = new Float64Array(256)
  readonly paths: string[] = []
  readonly actors: unknown[] = []
  private readonly byPath = new Map<string, number>()

  /** Registers an actor under its path; the path is its identity across variants. */
  add(path: string, actor: unknown): number {
    const known = this.byPath.get(path)
    if (known !== undefined) throw new Error(`two things are called "${path}"`)
    const index = this.paths.push(path) - 1
    this.actors.push(actor)
    this.byPath.set(path, index)
    if (index >= this.hash.length) this.grow()
    this.hash[index] = hashText(path)
    return index
  }

  hashOf(path: string): number {
    return hashText(path)
  }

  save(): unknown {
    return this.sequence.slice()
  }
  load(saved: unknown): void {
    this.sequence.set(saved as Float64Array)
  }

  private grow(): void {
    const hash = new Uint32Array(this.hash.length * 2)
    hash.set(this.hash)
    this.hash = hash
    const sequence = new Float64Array(hash.length)
    sequence.set(this.sequence)
    this.sequence = sequence
  }
}
