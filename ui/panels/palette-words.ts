/** Other words by which the palette finds an action: fetched with it, since nobody needs them before. */
import type { Act } from '../keys.ts'

/** By the name of the action. */
export const OTHER_WORDS: Partial<Record<Act, string>> = {
  play: 'start stop animate',
  'zoom-in': 'zoom in magnify',
  'zoom-out': 'zoom out',
  'pan-left': 'scroll pan',
  'pan-right': 'scroll pan',
  fit: 'reset zoom',
  'range-from': 'select range brush',
  'range-until': 'select range brush',
  find: 'search',
  shares: 'percent',
  toggle: 'turn on off pattern',
  difference: 'delta',
  'next-seed': 'random luck',
  'last-seed': 'random luck previous',
  rerun: 'compute again rerun',
  request: 'trace',
  gallery: 'library examples',
  story: 'tour explain',
  share: 'copy link url',
  undo: 'revert',
  theme: 'theme colours mode',
  open: 'load import yaml',
  export: 'download save data image',
  alerts: 'notify sound',
  seeds: 'random luck',
  letters: 'shortcuts keyboard',
  cancel: 'escape dismiss',
  help: 'shortcuts keyboard glossary',
}
