/**
 * The service worker: after one visit the page works without a network. What has a hash in its name never changes
 * and is kept; the page itself is asked for anew, and answered from what is kept when nobody answers. The build
 * writes the names of the files in.
 */

/** Files of this build, and a name for it; `cli/build/offline.mjs` puts them here. */
declare const BUILD: { readonly name: string; readonly files: readonly string[] }

/** What a service worker has that a page does not; the compiler takes this file for a page. */
interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}
interface ServiceWorkerScope extends EventTarget {
  readonly registration: ServiceWorkerRegistration
  readonly clients: { claim(): Promise<void> }
  skipWaiting(): Promise<void>
}

const scope = self as unknown as ServiceWorkerScope
const PREFIX = 'faultline-'
const HOME = './'
/** How long the page is waited for before the kept one is taken, ms. */
const PATIENCE = 3000

scope.addEventListener('install', (event) => (event as ExtendableEvent).waitUntil(keepAll()))
scope.addEventListener('activate', (event) => (event as ExtendableEvent).waitUntil(forgetOthers()))
scope.addEventListener('message', (event) => {
  const { data, ports } = event as MessageEvent<'take over' | { readonly has: string }>
  if (data === 'take over') void scope.skipWaiting()
  else ports[0]?.postMessage(hasFile(data.has))
})
scope.addEventListener('fetch', (event) => {
  const { request } = event as FetchEvent
  const isOurs = request.method === 'GET' && request.url.startsWith(scope.registration.scope)
  if (!isOurs) return
  const answer = request.mode === 'navigate' ? page(request) : file(request)
  ;(event as FetchEvent).respondWith(answer)
})

/** All files of the build, past the browser's own cache: the page may be newer than it knows. */
async function keepAll(): Promise<void> {
  const cache = await caches.open(PREFIX + BUILD.name)
  await cache.addAll([HOME, ...BUILD.files].map((path) => new Request(path, { cache: 'reload' })))
}

async function forgetOthers(): Promise<void> {
  const names = await caches.keys()
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== PREFIX + BUILD.name)
  await Promise.all(old.map((name) => caches.delete(name)))
  await scope.clients.claim()
}

/** A page as the server has it; when it does not answer in time, as it was kept: the home page for any other address. */
async function page(request: Request): Promise<Response> {
  const kept = (await keptAs(request.url)) ?? (await keptAs(HOME))
  try {
    const asked = fetch(request)
    const answer = await (kept ? Promise.race([asked, later(PATIENCE)]) : asked)
    return answer?.ok ? answer : (kept ?? (await asked))
  } catch {
    return kept ?? Response.error()
  }
}

/** A file as it was kept: its name changes when it does. */
async function file(request: Request): Promise<Response> {
  return (await keptAs(request.url)) ?? fetch(request)
}

function hasFile(url: string): boolean {
  return BUILD.files.some((path) => new URL(path, scope.registration.scope).href === url)
}

function keptAs(path: string): Promise<Response | undefined> {
  return caches.match(path, { ignoreSearch: true })
}

function later(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms))
}
