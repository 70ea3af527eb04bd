import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { offline } from './cli/build/offline.mjs'
import { contentSecurityPolicy } from './cli/build/policy.mjs'
import { withoutUnusedCurves } from './cli/build/pure.mjs'
import { storedResult } from './cli/build/stored.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))

/** The page is built from `ui`; the tests, which see the whole house, run from the top. */
export default defineConfig({
  root: process.env.VITEST ? here : `${here}ui`,
  base: './',
  plugins: [withoutUnusedCurves(), storedResult(), contentSecurityPolicy(), offline()],
  build: {
    outDir: `${here}dist`,
    emptyOutDir: true,
    target: 'es2023',
    sourcemap: true,
    rolldownOptions: {
      // The stored result is run while the page is built: that it takes its time is no news.
      checks: { pluginTimings: false },
      input: {
        index: `${here}ui/index.html`,
        selftest: `${here}ui/selftest.html`,
        sw: `${here}ui/sw.ts`,
      },
      output: {
        // The service worker keeps its name and its place: browsers look there for a newer one.
        entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  worker: { format: 'es' },
  server: { fs: { allow: [here] } },
  test: {
    reporters: ['default', `${here}tests/support/count-reporter.ts`],
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/browser/**'],
          setupFiles: [`${here}tests/support/poison.ts`],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Both cores of a small machine: what is under test has threads of its own but in few files.
          maxWorkers: 2,
        },
      },
      {
        // What takes too long for every change: `npm run nightly`.
        extends: true,
        test: { name: 'nightly', include: ['tests/**/*.nightly.ts'], testTimeout: 600_000 },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          globalSetup: [`${here}tests/support/app.ts`],
          // A machine that is busy with something else is slow, not wrong.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 15_000 } },
          // A page waits for its browser about as often as it computes.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
