/** A dialog over the page: the browser's own, so that Escape, focus and screen readers work. */
import { el } from '../dom.ts'

/** Opens a dialog with a title; it goes when it is closed. */
export function openDialog(title: string, content: readonly Node[]): HTMLDialogElement {
  const close = el('button', { class: 'btn', type: 'button' }, 'Close')
  const head = el('header', {}, el('h2', { id: 'dialog-title' }, title), close)
  const dialog = el(
    'dialog',
    { class: 'panel', 'aria-labelledby': 'dialog-title' },
    head,
    el('div', { class: 'dialog-body' }, content),
  )
  close.addEventListener('click', () => dialog.close())
  dialog.addEventListener('close', () => dialog.remove())
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close()
  })
  document.body.append(dialog)
  dialog.showModal()
  return dialog
}
