/** How wide texts are in a picture. */
import type { Measure } from '../draw/fit.ts'

/** How large text is in a picture. */
export interface Letters {
  readonly measure: Measure
  /** Pixels. */
  readonly size: number
}

/** Sizes of the type of pictures, in pixels, as in the style sheets. */
const SIZE = { desktop: 11, phone: 12 } as const
const PHONE = '(max-width: 719px)'
/** Width of a letter, in sizes, where nothing can be measured. */
const USUAL = 0.62

/** Measures texts in the type of an element, bold, because names of troubled services are. */
export class Ruler {
  private readonly element: Element
  private readonly context = document.createElement('canvas').getContext('2d')
  private readonly phone = matchMedia(PHONE)
  private readonly widths = new Map<string, number>()
  private font = ''

  constructor(element: Element) {
    this.element = element
  }

  /** The letters as they are now: type and size may have changed. */
  letters(): Letters {
    const size = this.phone.matches ? SIZE.phone : SIZE.desktop
    const font = `700 ${size}px ${getComputedStyle(this.element).fontFamily}`
    if (font !== this.font) this.widths.clear()
    this.font = font
    return { size, measure: (text) => this.width(text, size) }
  }

  private width(text: string, size: number): number {
    const known = this.widths.get(text)
    if (known !== undefined) return known
    if (this.context) this.context.font = this.font
    const width = this.context?.measureText(text).width ?? text.length * size * USUAL
    this.widths.set(text, width)
    return width
  }
}
