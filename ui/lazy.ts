/** Parts of the page that are fetched when they are first wanted. */
import { notify } from './notices.ts'
import type { Runs } from './runs.ts'
import type { Selection } from './selection.ts'
import type { Drawing, View } from './view.ts'

/** Fetches a part and uses it; says so when it cannot be had. */
export async function withPart<T>(
  load: () => Promise<T>,
  use: (part: T) => unknown,
): Promise<void> {
  let part: T
  try {
    part = await load()
  } catch {
    const text = 'Is there a network? Try again, or reload the page.'
    notify({ id: 'part', tone: 'bad', title: 'A part of the page could not be fetched', text })
    return
  }
  await use(part)
}

/** Fetches a part that only adds to what is there, and uses it; without it the page does as well as it can. */
export async function withPartIfThere<T>(
  load: () => Promise<T>,
  use: (part: T) => unknown,
): Promise<void> {
  const part = await load().catch(() => undefined)
  if (part !== undefined) await use(part)
}

/** Views on the screen whose code is on its way. */
const fetching = new Set<HTMLElement>()

/** Whether something on the screen is still without its code. */
export function isFetching(): boolean {
  return fetching.size > 0
}

/** A view whose code is fetched when it is first put on the screen. */
export function later(load: () => Promise<View>): View {
  return {
    create(host) {
      let drawing: Drawing | undefined
      let latest: readonly [Runs, Selection] | undefined
      let isGone = false
      fetching.add(host)
      const arrive = (view: View): void => {
        if (isGone) return
        drawing = view.create(host)
        if (latest) drawing.update(...latest)
      }
      void withPart(load, arrive).finally(() => fetching.delete(host))
      return {
        update(runs, selection) {
          latest = [runs, selection]
          drawing?.update(runs, selection)
        },
        table: () => drawing?.table?.(),
        destroy() {
          isGone = true
          drawing?.destroy()
        },
      }
    },
  }
}
