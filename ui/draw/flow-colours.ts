/** Colours of the flow, as canvases want them. */
import { colour } from './colours.ts'

const NAMES = ['ok', 'slow', 'fast', 'fail', 'line2', 'panel', 'less', 'more', 'focus'] as const

/** Colours of the theme by name, as CSS. */
export type FlowColours = Readonly<Record<(typeof NAMES)[number], string>>

/** The colours that hold here and now. */
export function flowColours(host: HTMLElement): FlowColours {
  const entries = NAMES.map((name) => [name, `rgb(${colour(host, `--${name}`).join(' ')})`])
  return Object.fromEntries(entries) as FlowColours
}
