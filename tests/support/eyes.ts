/** How colours of the theme look, and how far apart they are, to different eyes. */
import { readFileSync } from 'node:fs'

/** Red, green and blue, 0..1. */
export type Triple = readonly [number, number, number]
/** The two themes. */
export type Theme = 'light' | 'dark'

const css = readFileSync(new URL('../../ui/css/theme.css', import.meta.url), 'utf8')

/** A token of the theme as red, green and blue, 0..1. */
export function token(name: string, theme: Theme): Triple {
  const found = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css)
  const hex = found?.[theme === 'light' ? 1 : 2]
  if (!hex) throw new Error(`theme.css has no --${name}`)
  const part = (at: number): number => parseInt(hex.slice(at, at + 2), 16) / 255
  return [part(1), part(3), part(5)]
}

/** As light adds up. */
export function linear([red, green, blue]: Triple): Triple {
  const one = (value: number): number =>
    value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4)
  return [one(red), one(green), one(blue)]
}

/** Contrast as WCAG counts it. */
export function contrast(a: Triple, b: Triple): number {
  const light = (colour: Triple): number => {
    const [red, green, blue] = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const [low, high] = [light(a), light(b)].toSorted((x, y) => x - y) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

/** How colours look to people who lack a kind of cone (Machado 2009, severity 1). */
export const EYES: Readonly<Record<string, readonly number[]>> = {
  usual: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [
    0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998,
  ],
  deutan: [
    0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881,
  ],
  tritan: [
    1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039,
  ],
}

/** A colour, in linear light, as an eye sees it. */
export function seen(colour: Triple, eye: readonly number[]): Triple {
  const light = linear(colour)
  const row = (at: number): number =>
    Math.min(
      1,
      Math.max(0, eye[at]! * light[0] + eye[at + 1]! * light[1] + eye[at + 2]! * light[2]),
    )
  return [row(0), row(3), row(6)]
}

/** Linear light as lightness and two axes of colour (CIELAB, D65). */
export function lab([red, green, blue]: Triple): Triple {
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116)
  const x = f((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047)
  const y = f(0.2126 * red + 0.7152 * green + 0.0722 * blue)
  const z = f((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

const RADIANS = Math.PI / 180

/** Difference of two colours, CIEDE2000. */
export function difference([l1, a1, b1]: Triple, [l2, a2, b2]: Triple): number {
  const chroma = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2
  const seventh = Math.pow(chroma, 7)
  const g = 0.5 * (1 - Math.sqrt(seventh / (seventh + Math.pow(25, 7))))
  const [p1, p2] = [(1 + g) * a1, (1 + g) * a2]
  const [c1, c2] = [Math.hypot(p1, b1), Math.hypot(p2, b2)]
  const hue = (b: number, a: number): number => (Math.atan2(b, a) / RADIANS + 360) % 360
  const [h1, h2] = [hue(b1, p1), hue(b2, p2)]
  const turn = c1 * c2 === 0 ? 0 : ((h2 - h1 + 540) % 360) - 180
  const far = Math.abs(h1 - h2) > 180
  const middle = c1 * c2 === 0 ? h1 + h2 : (h1 + h2 + (far ? (h1 + h2 < 360 ? 360 : -360) : 0)) / 2
  const [lm, cm] = [(l1 + l2) / 2, (c1 + c2) / 2]
  const cos = (degrees: number): number => Math.cos(degrees * RADIANS)
  const t =
    1 -
    0.17 * cos(middle - 30) +
    0.24 * cos(2 * middle) +
    0.32 * cos(3 * middle + 6) -
    0.2 * cos(4 * middle - 63)
  const square = (lm - 50) * (lm - 50)
  const sl = 1 + (0.015 * square) / Math.sqrt(20 + square)
  const [sc, sh] = [1 + 0.045 * cm, 1 + 0.015 * cm * t]
  const c7 = Math.pow(cm, 7)
  const bend = 60 * Math.exp(-Math.pow((middle - 275) / 25, 2))
  const rt = -2 * Math.sqrt(c7 / (c7 + Math.pow(25, 7))) * Math.sin(bend * RADIANS)
  const dl = (l2 - l1) / sl
  const dc = (c2 - c1) / sc
  const dh = (2 * Math.sqrt(c1 * c2) * Math.sin((turn / 2) * RADIANS)) / sh
  return Math.sqrt(dl * dl + dc * dc + dh * dh + rt * dc * dh)
}
