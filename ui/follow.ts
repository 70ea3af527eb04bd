/** Asks for the panel that follows one request, with the field for its number. */

/** The panel listens for this event. */
export const FOLLOW = 'follow'

/** Opens the panel. */
export function askForRequest(): void {
  document.dispatchEvent(new CustomEvent(FOLLOW))
}
