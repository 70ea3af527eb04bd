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

/** Shows a note. */
export function notify(notice: Notice): void {
  document.dispatchEvent(new CustomEvent<Notice>(EVENT, { detail: notice }))
}

/** Takes a note away, if it is there. */
export function withdrawNotice(id: string): void {
  document.dispatchEvent(new CustomEvent<string>(EVENT, { detail: id }))
}

/** Hears notes, and ids of those that are outdated. */
export function listenToNotices(take: (notice: Notice) => void, drop: (id: string) => void): void {
  document.addEventListener(EVENT, (event) => {
    const { detail } = event as CustomEvent<Notice | string>
    if (typeof detail === 'string') drop(detail)
    else take(detail)
  })
}
