/** The colours of the theme as numbers, for canvases; the theme itself is in theme.css. */

/** Red, green and blue, 0..255. */
export type Rgb = readonly [number, number, number]

const HEAT_STOPS = ['--heat0', '--heat1', '--heat2', '--heat3', '--heat4', '--heat5']

/** A colour of the theme as the browser resolves it here and now. */
export function colour(host: HTMLElement, name: string): Rgb {
  const probe = document.createElement('i')
  // Where the user forces colours, all text has one; canvases keep ours, and patterns double them.
  probe.style.setProperty('forced-color-adjust', 'none')
  probe.style.color = `var(${name})`
  host.append(probe)
  const [red = 0, green = 0, blue = 0] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).map(
    Number,
  )
  probe.remove()
  return [red, green, blue]
}

/** Ramps of 256 packed pixels (ABGR) by what they show; the first pixel is transparent. */
export interface Ramps {
  readonly served: Uint32Array
  readonly failed: Uint32Array
  readonly refused: Uint32Array
}

const known = new Map<string, Ramps>()

/** Name of the theme that holds now. */
export function themeNow(): 'light' | 'dark' {
  const isLight = matchMedia('(prefers-color-scheme: light)').matches
  const theme = document.documentElement.dataset['theme'] ?? (isLight ? 'light' : 'dark')
  return theme === 'light' ? 'light' : 'dark'
}

/** The ramps of the theme that holds now: counts of served requests in blue, the others in their hues. */
export function rampsOf(host: HTMLElement): Ramps {
  const theme = themeNow()
  const found = known.get(theme)
  if (found) return found
  const panel = colour(host, '--panel')
  const made = {
    served: ramp(HEAT_STOPS.map((name) => colour(host, name))),
    failed: ramp([panel, colour(host, '--fail')]),
    refused: ramp([panel, colour(host, '--fast')]),
  }
  known.set(theme, made)
  return made
}

function ramp(stops: readonly Rgb[]): Uint32Array {
  const pixels = new Uint32Array(256)
  for (let at = 1; at < 256; at++) pixels[at] = packed(mixed(stops, at / 255))
  return pixels
}

/** A colour along stops that lie at equal distances. */
export function mixed(stops: readonly Rgb[], at: number): Rgb {
  const place = at * (stops.length - 1)
  const from = Math.min(stops.length - 2, Math.floor(place))
  const [a, b] = [stops[from]!, stops[from + 1]!]
  const share = place - from
  const blend = (k: 0 | 1 | 2): number => a[k] + (b[k] - a[k]) * share
  return [blend(0), blend(1), blend(2)]
}

/** A colour as a pixel (ABGR). */
export function packed([red, green, blue]: Rgb): number {
  return ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0
}
