import { describe, expect, it } from 'vitest'
import Elk from 'elkjs/lib/elk.bundled.js'
import { elkGraph, elkPositions, Layouts } from '../../ui/draw/elk-layout.ts'
import { isPlaced, placesOf, type Shape } from '../../ui/draw/graph.ts'
import { runOf } from './run-of.ts'
import { scenarioText } from './topology-support.ts'

const layOut = (graph: Parameters<InstanceType<typeof Elk>['layout']>[0]) => new Elk().layout(graph)
const { layout } = runOf(scenarioText('travel-booking').replace('duration: 180s', 'duration: 1s'))
const shape: Shape = layout

describe('positions that are computed', () => {
  it('go from callers to callees, and no two services share one', async () => {
    expect(isPlaced(shape)).toBe(false)
    const computed = elkPositions(await layOut(elkGraph(shape)))
    const places = placesOf(shape, computed)
    for (const { from, to } of shape.edges) {
      expect(places.get(from)!.x, `${from} → ${to}`).toBeLessThan(places.get(to)!.x)
    }
    const all = [...places.values()].map(({ x, y }) => `${x} ${y}`)
    expect(new Set(all).size).toBe(all.length)
  })

  it('are the same again', async () => {
    const [one, other] = [await layOut(elkGraph(shape)), await layOut(elkGraph(shape))]
    expect(elkPositions(one)).toEqual(elkPositions(other))
  })

  it('leave alone those that the file gives', async () => {
    const [first, ...rest] = shape.services
    const mixed = { ...shape, services: [{ ...first!, at: [5, 7] as const }, ...rest] }
    const places = placesOf(mixed, elkPositions(await layOut(elkGraph(mixed))))
    expect(places.get(first!.name)).toMatchObject({ x: 5, y: 7 })
  })

  it('are asked for once for each system', async () => {
    let asked = 0
    let told = 0
    const layouts = new Layouts((graph) => (asked++, layOut(graph)))
    const tell = (): void => void told++
    expect(layouts.of(shape, tell)).toBeUndefined()
    expect(layouts.of(shape, tell)).toBeUndefined()
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(layouts.of(shape, tell)!.size).toBe(shape.services.length + shape.loads.length)
    expect([asked, told]).toEqual([1, 1])
  })
})
