import { describe, expect, it } from 'vitest'
import { readScenario } from '../../engine/scenario/read.ts'
import type { ReadRequest } from '../../ui/page-worker.ts'
import { Readers } from '../../ui/readers.ts'

const FILE =
  'schema: 1\ntitle: small\nduration: 1s\nservices: { db: {} }\nload: { u: { to: db, arrivals: poisson(9/s) } }\n'

/** Reads as a worker of the page does. */
function answer({ source, name, patch, port }: ReadRequest): void {
  port.postMessage(readScenario(source, name, patch))
  port.close()
}

const nobody = (): void => {}

describe('a file', () => {
  it('is read by somebody else when a worker is taken away over it, three times over', async () => {
    const readers = new Readers(nobody)
    const given: string[] = []
    const join = (who: string): void => {
      const lose = readers.add(() => {
        given.push(who)
        lose('the worker was ended')
      })
    }
    join('first')
    join('second')
    join('third')
    const reading = readers.read(FILE, 'small')
    readers.add((request) => {
      given.push('fourth')
      answer(request)
    })
    expect(await reading).toMatchObject({ ok: true, scenario: { title: 'small' } })
    expect(given).toEqual(['first', 'second', 'third', 'fourth'])
  })

  it('is given to another when somebody says nothing', async () => {
    const readers = new Readers(nobody, 20)
    let silent = 0
    readers.add(() => void silent++)
    readers.add(answer)
    expect(await readers.read(FILE, 'small')).toMatchObject({ ok: true })
    expect(silent).toBe(1)
  })

  it('is given up in the end, with the reason', async () => {
    const readers = new Readers(nobody, 5)
    let given = 0
    readers.add(() => void given++)
    expect(await readers.read(FILE, 'small')).toEqual({
      ok: false,
      message: 'Reading took longer than 20 seconds and was given up.',
    })
    expect(given).toBe(4)
  })

  it('waits for the worker that comes in the place of the only one', async () => {
    const readers = new Readers(nobody)
    const lose = readers.add(() => {
      lose('the worker was ended')
      // The pool hears of it a moment later.
      queueMicrotask(() => queueMicrotask(() => queueMicrotask(() => readers.add(answer))))
    })
    expect(await readers.read(FILE, 'small')).toMatchObject({ ok: true })
  })

  it('is refused at last where nobody can be hired', async () => {
    expect(await new Readers(nobody).read(FILE, 'small')).toEqual({
      ok: false,
      message: 'No worker could be started.',
    })
  })
})
