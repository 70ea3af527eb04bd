/** How a page hears that one of its workers is lost. */

/** Tells of an error that nobody caught, a script that could not be loaded, and an unreadable message. */
export function listenForLoss(worker: Worker, report: (message: string) => void): void {
  worker.addEventListener('error', (event) => {
    event.preventDefault()
    report(event.message || 'the worker could not be started')
  })
  worker.addEventListener('messageerror', () => report('a message could not be read'))
}
