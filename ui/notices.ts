/** Notes to the reader that no control asked for: shown by `panels/trouble.ts` until they are read or outdated. */

/** A note. A later one with the same id takes its place. */
export interface Notice {
  readonly id: string
  /** `bad`: something did not work; `plain`: good to know. */
  readonly tone: 'bad' | 'plain'
  readonly title: string
  readonly text: string
  /** What can be done about it, beside dismissing it. */
  readonly acts?: readonly { readonly name: string; run(): unknown }[]
}

/** Name of the event that carries a note, or the id of one that is outdated. */
const EVENT = 'faultline-notice'
/** Name of the event that all bad ones have been read. */
const BAD = 'faultline-notices-read'

/** Shows a note. */
export function notify(notice: Notice): void {
  document.dispatchEvent(new CustomEvent<Notice>(EVENT, { detail: notice }))
}

/** Takes a note away, if it is there. */
export function withdrawNotice(id: string): void {
  document.dispatchEvent(new CustomEvent<string>(EVENT, { detail: id }))
}

/** Takes away all notes of what did not work. */
export function withdrawBadNotices(): void {
  document.dispatchEvent(new CustomEvent(BAD))
}

/** Hears that all notes of what did not work have been read. */
export function listenToDismissal(drop: () => void): void {
  document.addEventListener(BAD, drop)
}

/** Hears notes, and ids of those that are outdated. */
export function listenToNotices(take: (notice: Notice) => void, drop: (id: string) => void): void {
  document.addEventListener(EVENT, (event) => {
    const { detail } = event as CustomEvent<Notice | string>
    if (typeof detail === 'string') drop(detail)
    else take(detail)
  })
}
