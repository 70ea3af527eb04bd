/** Leads from a number to the row of the stack that shows it over time. */
import { arrangementOf, entriesOf } from './rows.ts'
import type { State } from './state.ts'
import type { Store } from './store.ts'

/** How long a row is marked, ms. */
const MARKED = 1500

/** Hears who asks for a kind of row: it is put on the screen where it is not, and marked for a moment. */
export function listenToRows(store: Store<State>): void {
  document.addEventListener('row', (event) => {
    const { id } = (event as CustomEvent<{ readonly id: string }>).detail
    const { view } = store.get()
    const isPhone = matchMedia('(max-width: 719px)').matches
    const entries = entriesOf(view, arrangementOf(view, isPhone)).filter(
      ({ row }) => row.kind === id,
    )
    if (!entries.some(({ isOn }) => isOn)) {
      store.update((draft) => {
        for (const { key } of entries) draft.view.rows[key] = true
      })
    }
    store.requestPaint()
    requestAnimationFrame(() =>
      requestAnimationFrame(() => entries.forEach(({ row }) => mark(row.id))),
    )
  })
}

function mark(id: string): void {
  const row = document.getElementById(id)
  if (!row || row.hidden) return
  row.scrollIntoView({ block: 'nearest' })
  row.classList.add('marked')
  setTimeout(() => row.classList.remove('marked'), MARKED)
}
