/** What a layer keeps of a call lies in the call's frame: cells of their own for each layer, new for each call. */
import { expect, it } from 'vitest'
import { component } from '../../../engine/component.ts'
import { CallFrame } from '../../../engine/model/call-frame.ts'
import { copyFrame } from '../../../engine/model/frame-copy.ts'
import { call, smallWorld } from '../../support/small-world.ts'

const seen: number[][] = []

/** Notes what it finds in two columns, on the way down and on the way up. */
const keeper = (name: string, weight: number) =>
  component({
    name,
    family: 'style',
    at: ['client'],
    about: 'Keeps two numbers of a call.',
    source: 'test',
    tradeOff: 'nothing vs nothing',
    order: 1,
    params: {},
    signals: {},
    create: ({ perCall }) => {
      const [first, second] = [perCall(-1), perCall(Infinity)]
      return {
        onCall(asked) {
          seen.push([first.get(asked), second.get(asked)])
          first.set(asked, asked.request * weight)
          return asked.pass()
        },
        onReply(asked) {
          expect([first.get(asked), second.get(asked)]).toEqual([asked.request * weight, Infinity])
          return asked.pass()
        },
      }
    },
  })

it('every call finds the initial values, and its own afterwards, in every layer', () => {
  seen.length = 0
  smallWorld({
    services: { a: { calls: { '*': [call('b')] } }, b: { work: '700ms' } },
    load: { users: { to: 'a', every: 100 } },
    patterns: {
      outer: { use: keeper('outer', 2), where: ['a -> b'] },
      inner: { use: keeper('inner', 3.5), where: ['a -> b'] },
    },
  }).run('10s')
  expect(seen.length).toBeGreaterThan(100)
  expect(new Set(seen.map(String))).toEqual(new Set(['-1,Infinity']))
})

it('a copied frame has cells of its own', () => {
  const { world } = smallWorld({ services: { a: {} }, load: { users: { to: 'a', every: 1 } } })
  const [from, to] = [new CallFrame(world, 0), new CallFrame(world, 1)]
  from.widen(3)
  from.cells[2] = 7
  copyFrame(from, to)
  from.cells[2] = 8
  expect(to.cells[2]).toBe(7)
})
