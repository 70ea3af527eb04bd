/** The cascade strip as pixels: a row for each service, a colour for each state; hatches double two of the colours. */
import type { Strip, StripBand } from '../facts/strip.ts'
import { blank, isHatched, type Pixels } from './pixels.ts'

/** Packed pixels by the code of a state, and of the lines that double it. */
export interface StripColours {
  readonly plain: readonly number[]
  readonly line: readonly number[]
}

/** What is painted, and where. */
export interface StripPicture {
  /** In CSS pixels. */
  readonly width: number
  readonly height: number
  /** Device pixels of a CSS pixel. */
  readonly ratio: number
  /** Column of the strip that a CSS pixel from the left lies in. */
  columnAt(x: number): number
  /** Services from the top down, as indices, and their bands. */
  readonly rows: readonly number[]
  readonly bands: readonly StripBand[]
}

/** From this height on, CSS pixels, a row has hatches, and a gap to the next. */
const HATCHED = 10
const APART = 3.5
/** CSS pixels from line to line of a hatch. */
const EVERY = 5
/** Codes with a hatch: refusing falls to the right, failing rises, as in all other pictures. */
const REFUSING = 2
const FAILING = 3

/** Paints a strip. */
export function paintStrip(strip: Strip, colours: StripColours, picture: StripPicture): Pixels {
  const { ratio, rows, bands } = picture
  const pixels = blank(picture.width * ratio, picture.height * ratio)
  const columns = Int32Array.from({ length: pixels.width }, (_, x) => picture.columnAt(x / ratio))
  for (const [place, band] of bands.entries()) {
    paintBand(pixels, strip, colours, { columns, ratio, band, row: rows[place]! })
  }
  return pixels
}

interface BandPicture {
  readonly columns: Int32Array
  readonly ratio: number
  readonly band: StripBand
  readonly row: number
}

function paintBand(pixels: Pixels, strip: Strip, colours: StripColours, part: BandPicture): void {
  const { columns, ratio, band, row } = part
  const gap = band.height >= APART ? 1 : 0
  const first = Math.round(band.top * ratio)
  const end = Math.min(pixels.height, Math.round((band.top + band.height - gap) * ratio))
  const every = EVERY * ratio
  for (let y = first; y < Math.max(end, first + 1) && y < pixels.height; y++) {
    for (let x = 0; x < pixels.width; x++) {
      const column = columns[x]!
      if (column < 0 || column >= strip.columns) continue
      const state = strip.states[row * strip.columns + column]!
      const isLined = band.height >= HATCHED && state >= REFUSING
      const isLine = isLined && isHatched(x, y, every, state === FAILING)
      pixels.data[y * pixels.width + x] = (isLine ? colours.line : colours.plain)[state]!
    }
  }
}
