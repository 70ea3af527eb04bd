/** Marks what d3 makes while it is loaded as free of side effects, so that what nobody uses is left out of the page. */

/** Curves with a parameter are made by a function that is called at once; prototypes are written outright. */
const MADE_AT_ONCE = /= \((function custom\()/g

/** @returns {import('vite').Plugin} */
export function withoutUnusedCurves() {
  return {
    name: 'faultline-pure',
    apply: 'build',
    transform(code, id) {
      if (!id.includes('/d3-shape/')) return undefined
      return { code: code.replace(MADE_AT_ONCE, '= /* @__PURE__ */ ($1'), map: null }
    },
  }
}
