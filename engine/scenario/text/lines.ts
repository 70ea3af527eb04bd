/** Where an offset is in a text, as people count: lines and columns from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** Finds lines and columns of offsets; built once per text. */
export class Lines {
  private readonly starts: number[] = [0]

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      this.starts.push(at + 1)
    }
  }

  /** Line and column of an offset. */
  placeOf(offset: number): Place {
    let low = 0
    let high = this.starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - this.starts[low]! + 1 }
  }
}
