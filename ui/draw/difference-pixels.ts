/** A difference of heat maps as pixels: orange where A has more, blue where B has, nothing where they are alike. */
import { diverging, type HeatDifference } from '../facts/difference.ts'
import { colour, mixed, packed, themeNow, type Rgb } from './colours.ts'
import { blank, isHatched, type Pixels } from './pixels.ts'

/** Steps of a ramp. */
const STEPS = 255
/** Pixels from line to line of the hatch of what A has more of. */
const EVERY = 6

/** Packed pixels from no difference to the largest. */
export interface DivergingRamps {
  readonly more: Uint32Array
  readonly less: Uint32Array
  /** Lines in `less`, which tell the two apart without colour. */
  readonly line: number
}

const known = new Map<string, DivergingRamps>()

/** The ramps of the theme that holds now. Both go from the colour of the panel. */
export function divergingRamps(host: HTMLElement): DivergingRamps {
  const theme = themeNow()
  const found = known.get(theme)
  if (found) return found
  const panel = colour(host, '--panel')
  const made = {
    more: ramp(panel, colour(host, '--more')),
    less: ramp(panel, colour(host, '--less')),
    line: packed(panel),
  }
  known.set(theme, made)
  return made
}

/** Even steps between two colours. */
function ramp(from: Rgb, to: Rgb): Uint32Array {
  return Uint32Array.from({ length: STEPS + 1 }, (_, at) => packed(mixed([from, to], at / STEPS)))
}

/** Where a picture of a difference goes: cells of rows of the heat map, highest latency on top. */
export interface DifferencePicture {
  readonly width: number
  readonly height: number
  /** Bin that a pixel from the left lies in. */
  binAt(x: number): number
}

/** Paints a difference; cells of A's are hatched as well. */
export function paintDifference(
  difference: HeatDifference,
  ramps: DivergingRamps,
  { width, height, binAt }: DifferencePicture,
): Pixels {
  const pixels = blank(width, height)
  const { lowest, highest, bins } = difference
  const columns = Int32Array.from({ length: pixels.width }, (_, x) => binAt(x))
  for (let y = 0; y < pixels.height; y++) {
    const row = highest - Math.floor((y / pixels.height) * (highest - lowest + 1))
    for (let x = 0; x < pixels.width; x++) {
      const bin = columns[x]!
      if (bin < 0 || bin >= bins.count) continue
      const delta = difference.deltas[row * bins.count + bin]!
      if (delta === 0) continue
      const isLine = delta < 0 && isHatched(x, y, EVERY, true)
      const place = diverging(delta, difference.strongest)
      pixels.data[y * pixels.width + x] = isLine ? ramps.line : pixelAt(place, ramps)
    }
  }
  return pixels
}

function pixelAt(place: number, { more, less }: DivergingRamps): number {
  return (place > 0 ? more : less)[Math.round(Math.abs(place) * STEPS)]!
}
