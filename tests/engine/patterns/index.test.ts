import { expect, it } from 'vitest'
import { patterns } from '../../../engine/patterns/index.ts'

it('the catalogue is in the order of names, whatever family a pattern is of', () => {
  const names = [...patterns.keys()]
  expect(names).toEqual(names.toSorted())
  const families = [...patterns.values()].map(({ family }) => family)
  expect(families).not.toEqual(families.toSorted())
  for (const [name, component] of patterns) expect(component.name).toBe(name)
})
