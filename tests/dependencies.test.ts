/** What comes with the page and the command line from others: nothing that was not agreed upon. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './support/source.ts'

interface Locked {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly dev?: boolean
  readonly resolved?: string
  readonly integrity?: string
  readonly hasInstallScript?: boolean
}

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Readonly<Record<string, Locked>>
}
const others = Object.entries(lock.packages).filter(([path]) => path !== '')
const runtime = others.filter(([, { dev }]) => dev !== true)
const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 13)

/** Everything that is shipped. Whoever adds to it has read what is added. */
const AGREED = `
comlink commander d3 d3-array d3-axis d3-brush d3-chord d3-color d3-contour d3-delaunay
d3-dispatch d3-drag d3-dsv d3-ease d3-fetch d3-force d3-format d3-geo d3-hierarchy
d3-interpolate d3-path d3-polygon d3-quadtree d3-random d3-scale d3-scale-chromatic d3-selection
d3-shape d3-time d3-time-format d3-timer d3-transition d3-zoom delaunator elkjs iconv-lite immer
internmap robust-predicates rw safer-buffer seedrandom yaml zod
`

describe('packages that are shipped', () => {
  it('are those that were agreed upon', () => {
    const names = [...new Set(runtime.map(([path]) => nameOf(path)))].toSorted((a, b) =>
      a < b ? -1 : Number(a > b),
    )
    expect(names).toEqual(AGREED.trim().split(/\s+/))
  })

  it('run nothing when they are installed', () => {
    expect(
      runtime.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path),
    ).toEqual([])
  })
})

it('every package is the one that was locked: its hash is known, and it is of a registry', () => {
  const loose = others.filter(
    ([, { resolved = 'https://', integrity }]) =>
      !integrity?.startsWith('sha512-') || !resolved.startsWith('https://'),
  )
  expect(loose.map(([path]) => path)).toEqual([])
})
