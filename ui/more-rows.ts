/** The rows that are not on the screen at first; fetched together when one of them is wanted. */
export { cascadeStrip } from './views/cascade-strip.ts'
export { differenceHeatmap } from './views/difference-heatmap.ts'
export { outcomeDifferenceRow } from './views/outcome-difference.ts'
export { retryAmplification } from './views/retry-amplification.ts'
export { saturationRows } from './views/saturation-rows.ts'
export { servedOverlay } from './views/served-overlay.ts'
