/** The place of the panel that follows one request; the panel itself is fetched when it is first wanted. */
import type { Cell } from '../cell.ts'
import { FOLLOW } from '../follow.ts'
import type { Inspectors } from '../inspector.ts'
import type { RequestPanel } from '../panels/request-panel.ts'
import type { Runs } from '../runs.ts'
import type { Selection } from '../selection.ts'
import type { View } from '../view.ts'

/** The view of the request that is followed. */
export function requestView(inspectors: Inspectors): View {
  return {
    create(host) {
      let panel: RequestPanel | undefined
      let loading: Promise<RequestPanel> | undefined
      let latest: { runs: Runs; selection: Selection } | undefined
      const load = async (): Promise<RequestPanel> => {
        const { RequestPanel } = await import('../panels/request-panel.ts')
        panel = new RequestPanel(host, inspectors)
        if (latest) panel.update(latest.runs, latest.selection)
        return panel
      }
      const wake = (act: (panel: RequestPanel) => void): void => {
        loading ??= load()
        void loading.then(act)
      }
      document.addEventListener('cell', (event) => {
        wake((one) => one.showCell((event as CustomEvent<Cell>).detail))
      })
      document.addEventListener(FOLLOW, () => wake((one) => one.askNumber()))
      return {
        update(runs, selection) {
          latest = { runs, selection }
          if (panel) panel.update(runs, selection)
          else if (selection.request !== undefined) wake(() => {})
        },
        table: () => panel?.table(),
        destroy: () => panel?.destroy(),
      }
    },
  }
}
