/** What this browser remembers of its user between visits: small words. Where storage is closed, nothing. */

const PREFIX = 'faultline-'

/** The word that was remembered; undefined: none, or nobody may look. */
export function recall(name: string): string | undefined {
  try {
    return localStorage.getItem(PREFIX + name) ?? undefined
  } catch {
    return undefined
  }
}

/** Remembers a word, where it may. */
export function remember(name: string, word: string): void {
  try {
    localStorage.setItem(PREFIX + name, word)
  } catch {
    // A browser that stores nothing for us still works; it asks again next time.
  }
}
