import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Fifo } from '../../../engine/tools/fifo.ts'

describe('first in, first out', () => {
  it('does what an array does, whatever is asked of it', () => {
    const steps = fc.array(fc.constantFrom('push', 'front', 'shift', 'clear'), { maxLength: 200 })
    fc.assert(
      fc.property(steps, (words) => {
        const fifo = new Fifo<number>()
        const model: number[] = []
        words.forEach((word, n) => {
          if (word === 'push') fifo.push(model[model.push(n) - 1]!)
          else if (word === 'front') {
            model.unshift(n)
            fifo.pushFront(n)
          } else if (word === 'shift') expect(fifo.shift()).toBe(model.shift())
          else if (n % 20 === 0) {
            model.length = 0
            fifo.clear()
          }
          expect(fifo.length).toBe(model.length)
          expect(fifo.first).toBe(model[0])
        })
      }),
      { numRuns: 100 },
    )
  })
})
