/** Light and dark: as the system has it, until somebody chooses. */

/** Changes to the other theme. */
export function switchTheme(): void {
  const { dataset } = document.documentElement
  const isDark = dataset['theme']
    ? dataset['theme'] === 'dark'
    : !matchMedia('(prefers-color-scheme: light)').matches
  dataset['theme'] = isDark ? 'light' : 'dark'
}

/** Tells when the colours have changed, by hand or by the system. */
export function onTheme(tell: () => void): void {
  new MutationObserver(tell).observe(document.documentElement, { attributeFilter: ['data-theme'] })
  matchMedia('(prefers-color-scheme: light)').addEventListener('change', tell)
}
