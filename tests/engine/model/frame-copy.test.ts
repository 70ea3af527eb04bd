import { expect, it } from 'vitest'
import { CallFrame } from '../../../engine/model/call-frame.ts'
import { copyFrame } from '../../../engine/model/frame-copy.ts'
import { prepare } from '../../support/small-run.ts'

it('a copied frame has every field of the first, but for its place in the pool', () => {
  const services = { db: { concurrency: 1 } }
  const { world } = prepare({ services, load: { users: { to: 'db' } }, duration: 1 }).built
  const [from, to] = [new CallFrame(world, 3), new CallFrame(world, 4)]
  const fields = Object.keys(from).filter((field) => !['world', 'slot', 'body'].includes(field))
  fields.forEach((field, at) => {
    // Whatever it is: the copy has to have it, and no two fields the same.
    ;(from as unknown as Record<string, unknown>)[field] = `value ${at}`
  })
  from.body = { a: [1] }
  copyFrame(from, to)
  for (const field of fields) expect(to).toHaveProperty(field, Reflect.get(from, field))
  expect(to.slot).toBe(4)
  expect(to.body).toEqual({ a: [1] })
  expect(to.body).not.toBe(from.body)
})
