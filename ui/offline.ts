/** Makes the page work without a network, and says when there is a newer one. */
import { el } from './dom.ts'
import { scriptUrl } from './trusted.ts'

/** Registers the service worker of a built page, where the browser has such a thing. */
export function workOffline(): void {
  // The dev server changes files under their names; whatever is built does not.
  if (import.meta.env.MODE !== 'production' || !('serviceWorker' in navigator)) return
  if (!/^https?:$/.test(location.protocol)) return
  void register()
}

async function register(): Promise<void> {
  try {
    const registration = await navigator.serviceWorker.register(scriptUrl('./sw.js'), {
      scope: './',
    })
    watch(registration)
  } catch {
    // A browser that refuses still shows the page; it only needs the network for it.
  }
}

/** A newer version installs itself beside the one that runs, and waits until it is asked in. */
function watch(registration: ServiceWorkerRegistration): void {
  const tell = async (): Promise<void> => {
    const { waiting } = registration
    if (!waiting || !navigator.serviceWorker.controller) return
    if (await isOfThisPage(waiting)) waiting.postMessage('take over', [])
    else offer(waiting)
  }
  void tell()
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', () => void tell())
  })
}

/** Whether the page is already as new as a service worker: it was asked for anew, and came from the network. */
function isOfThisPage(worker: ServiceWorker): Promise<boolean> {
  const { port1, port2 } = new MessageChannel()
  worker.postMessage({ has: import.meta.url }, [port2])
  return new Promise((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<boolean>) => resolve(data)
  })
}

function offer(waiting: ServiceWorker): void {
  if (document.getElementById('newer')) return
  const reload = el('button', { class: 'btn', type: 'button' }, 'Reload')
  const later = el('button', { class: 'btn', type: 'button' }, 'Later')
  const bar = el(
    'div',
    { id: 'newer', class: 'newer panel', role: 'status' },
    'A new version is ready.',
    reload,
    later,
  )
  later.addEventListener('click', () => bar.remove())
  reload.addEventListener('click', () => {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload())
    waiting.postMessage('take over', [])
  })
  document.body.append(bar)
}
