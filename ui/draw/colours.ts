/** The colours of the theme as numbers, for canvases; the theme itself is in theme.css. */

/** Red, green and blue, 0..255. */
export type Rgb = readonly [number, number, number]

const HEAT_STOPS = ['--heat0', '--heat1', '--heat2', '--heat3', '--heat4', '--heat5']

/** A colour of the theme as the browser resolves it here and now. */
export function colour(host: HTMLElement, name: string): Rgb {
  const probe = document.createElement('i')
  probe.style.color = `var(${name})`
  host.append(probe)
  const [red = 0, green = 0, blue = 0] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).map(
    Number,
  )
  probe.remove()
  return [red, green, blue]
}

/** 256 packed pixels (ABGR) along the heat ramp; the first is transparent. */
export function heatRamp(host: HTMLElement): Uint32Array {
  return ramp(HEAT_STOPS.map((name) => colour(host, name)))
}

/** 256 packed pixels from the panel's colour to a hue. */
export function hueRamp(host: HTMLElement, name: string): Uint32Array {
  return ramp([colour(host, '--panel'), colour(host, name)])
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

function packed([red, green, blue]: Rgb): number {
  return (
    ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0
  )
}
