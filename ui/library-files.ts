/** The texts of all scenarios; `library.ts` fetches them when they are wanted. */

/** By path from here. */
export const files = import.meta.glob<string>('../scenarios/**/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
})
