/** The looks of marks as attributes: a picture outside of the page has no style sheet. */

/** Properties of SVG that children take from their parents. */
const INHERITED = [
  'fill',
  'fill-opacity',
  'fill-rule',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-dashoffset',
  'stroke-linecap',
  'stroke-linejoin',
  'font-family',
  'font-size',
  'font-weight',
  'font-style',
  'font-variant-numeric',
  'letter-spacing',
  'text-anchor',
  'paint-order',
  'visibility',
  'image-rendering',
] as const

/** Properties that concern an element alone, with the values that need not be said. */
const OWN: Readonly<Record<string, string>> = {
  opacity: '1',
  display: 'inline',
  'dominant-baseline': 'auto',
  'clip-path': 'none',
  mask: 'none',
  'marker-start': 'none',
  'marker-end': 'none',
  'stop-color': 'rgb(0, 0, 0)',
  'stop-opacity': '1',
  'vector-effect': 'none',
  'mix-blend-mode': 'normal',
}

/** Reads a computed property. */
export type Read = (property: string) => string

/** The attributes that an element needs beside those of its parent; without a parent, all that are inherited. */
export function presentation(own: Read, parent: Read | undefined): [name: string, value: string][] {
  const taken = INHERITED.filter((name) => own(name) !== '' && own(name) !== parent?.(name))
  const said = Object.keys(OWN).filter((name) => own(name) !== '' && own(name) !== OWN[name])
  const isHidden = own('display') === 'none'
  return [...taken, ...said]
    .filter((name) => name !== 'display' || isHidden)
    .map((name) => [name, withoutPage(own(name))])
}

/** References to patterns lead into the page (`url("https://…#hatch")`); in a file they are its own. */
export function withoutPage(value: string): string {
  return value.replaceAll(/url\((['"]?)[^#)]*#([^'")]+)\1\)/g, 'url(#$2)')
}

/** Ids that attributes refer to: `url(#hatch)`, and `#sign` of a `use`. */
export function referencesIn(values: readonly string[]): string[] {
  const found = values.flatMap((value) => [
    ...[...value.matchAll(/url\(#([^)]+)\)/g)].map(([, id]) => id!),
    ...(/^#[\w-]+$/.test(value) ? [value.slice(1)] : []),
  ])
  return [...new Set(found)]
}
