/** What is below the header stays hidden (`css/first-paint.css`) until there is something whole to show. */

/** Shows it: the first picture is drawn, or there is none to wait for. */
export function showMain(): void {
  delete document.body.dataset['picture']
}
