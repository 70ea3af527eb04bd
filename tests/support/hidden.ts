/** A tab that somebody looks away from, as browsers treat it: timers come once a minute, and no frame is drawn. */
import type { Page } from 'playwright'

/** What the page is told, and what was seen; times of `performance.now()`. */
interface Tab {
  hide(): void
  /** Settles with the milliseconds after which the page says that it shows these digests. */
  show(a?: string, b?: string): Promise<number>
  /** Runs that have ended since the page was opened: when, and by how many events. */
  readonly ended: { readonly at: number; readonly events: number; readonly began: number }[]
}

/** Makes the tab of a page one that can be hidden with `hide` and shown again with `show`. */
export async function canBeHidden(page: Page): Promise<void> {
  await page.addInitScript(hiddenTab)
}

/** Looks away. */
export function hide(page: Page): Promise<void> {
  return page.evaluate(() => (window as unknown as { tab: Tab }).tab.hide())
}

/** Looks at it again; with digests, answers after how many milliseconds it shows them. */
export function show(page: Page, digests?: { a: string; b: string }): Promise<number> {
  const look = (wanted?: { a: string; b: string }): Promise<number> =>
    (window as unknown as { tab: Tab }).tab.show(wanted?.a, wanted?.b)
  return page.evaluate(look, digests)
}

/** The runs that have ended. */
export function ended(page: Page): Promise<Tab['ended']> {
  return page.evaluate(() => (window as unknown as { tab: Tab }).tab.ended)
}

/** Runs in the page before its own code. */
function hiddenTab(): void {
  const MINUTE = 60_000
  let isHidden = false
  const frames: FrameRequestCallback[] = []
  const { setTimeout, setInterval, requestAnimationFrame, MessageChannel } = window
  const late = (ms = 0): number => (isHidden ? Math.max(MINUTE, ms) : ms)
  const tab: Tab = {
    ended: [],
    hide() {
      isHidden = true
      document.dispatchEvent(new Event('visibilitychange'))
    },
    show(a, b) {
      const begun = performance.now()
      isHidden = false
      document.dispatchEvent(new Event('visibilitychange'))
      for (const draw of frames.splice(0)) requestAnimationFrame(draw)
      return new Promise((resolve) => {
        const look = (): void => {
          const { digestA, digestB } = document.body.dataset
          if (a === undefined || (digestA === a && digestB === b))
            resolve(performance.now() - begun)
        }
        look()
        new MutationObserver(look).observe(document.body, { attributes: true })
      })
    },
  }
  const own = (name: 'hidden' | 'visibilityState', get: () => unknown): unknown =>
    Object.defineProperty(Document.prototype, name, { configurable: true, get })
  own('hidden', () => isHidden)
  own('visibilityState', () => (isHidden ? 'hidden' : 'visible'))
  Object.assign(window, {
    tab,
    setTimeout: (act: () => void, ms?: number) => setTimeout(act, late(ms)),
    setInterval: (act: () => void, ms?: number) => setInterval(act, late(ms)),
    requestAnimationFrame: (draw: FrameRequestCallback) =>
      isHidden ? frames.push(draw) : requestAnimationFrame((at) => drawUnlessHidden(draw, at)),
    MessageChannel: class extends MessageChannel {
      constructor() {
        super()
        let [began, events] = [0, 0]
        this.port1.addEventListener('message', ({ data }) => {
          if (data?.kind === 'progress') events = data.progress.events
          if (data?.kind === 'frame') events = data.frame.events
          if (data?.kind === 'layout') began = performance.now()
          if (data?.kind === 'end') tab.ended.push({ at: performance.now(), events, began })
        })
      }
    },
  })
  function drawUnlessHidden(draw: FrameRequestCallback, at: number): void {
    if (isHidden) frames.push(draw)
    else draw(at)
  }
}
