/** Writes the names of all files of the build into its service worker, so that it can keep them. */
import { createHash } from 'node:crypto'

/**
 * The plugin. The service worker is an entry of its own, `sw`, that imports nothing.
 *
 * @returns {import('vite').Plugin}
 */
export function offline() {
  return {
    name: 'faultline-offline',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle['sw.js']
        if (worker?.type !== 'chunk') return
        const hash = createHash('sha256')
        /** @type {string[]} */
        const files = []
        for (const name of Object.keys(bundle).sort()) {
          const part = bundle[name]
          if (!part || name === 'sw.js' || name.endsWith('.map')) continue
          hash.update(name).update(part.type === 'chunk' ? part.code : part.source)
          if (name !== 'index.html') files.push(`./${name}`)
        }
        const build = { name: hash.digest('hex').slice(0, 16), files }
        worker.code = `const BUILD=${JSON.stringify(build)};\n${worker.code}`
      },
    },
  }
}
