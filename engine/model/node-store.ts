import type { Store } from '../component.ts'
import { footprint } from '../core/footprint.ts'
import { copyOf } from '../core/snapshot.ts'

interface Cell {
  readonly value: unknown
  readonly version: number
}

/** The durable key-value store of one instance: versions count writes, a full disk refuses them. */
export class NodeStore implements Store {
  full = 0
  private cells = new Map<string, Cell>()

  /** Memory that the cells take, roughly. */
  get bytes(): number {
    return footprint(this.cells)
  }

  read(key: string): Cell | undefined {
    return this.cells.get(key)
  }

  write(key: string, value: unknown, expectedVersion?: number): boolean {
    const version = this.cells.get(key)?.version ?? 0
    if (this.full > 0) return false
    if (expectedVersion !== undefined && expectedVersion !== version) return false
    this.cells.set(key, { value, version: version + 1 })
    return true
  }

  save(): unknown {
    return { full: this.full, cells: copyOf(this.cells) }
  }
  load(saved: unknown): void {
    const { full, cells } = saved as { full: number; cells: Map<string, Cell> }
    this.full = full
    this.cells = copyOf(cells)
  }
}
