/** Asks for values of the scenario file to be set, in both variants, as one step that can be undone. */

/** What to set, and what the step is called. Steps in a row with one name are one step. */
export interface Setting {
  readonly label: string
  /** Path of a value in the file to its new text: `faults[0].at` to `30s`. */
  readonly values: Readonly<Record<string, string>>
}

/** Asks for values to be set; the page listens. */
export function askSet(host: Element, setting: Setting): void {
  host.dispatchEvent(new CustomEvent<Setting>('set-values', { bubbles: true, detail: setting }))
}
