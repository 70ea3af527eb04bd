/** Workers of a built page that come to grief, in any browser: `?grief=hang` says how the first of them does. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * How a worker can be lost in a browser. `close`: it ends itself, of which browsers tell nobody; `sleep`: it waits for
 * ever; `terminate`: the page ends it; `uncaught`: something throws beside the run.
 */
export const LOUD = ['throw', 'reject', 'overflow', 'uncaught'] as const
/** Of these nothing is heard any more. */
export const SILENT = ['hang', 'sleep', 'close', 'terminate'] as const
/** All of them. */
export type PageGrief = (typeof LOUD)[number] | (typeof SILENT)[number]

/** What was seen; times in ms of the clock that page and workers share. */
export interface GriefLog {
  /** When workers were started, and when their code began. */
  readonly started: readonly number[]
  readonly born: readonly number[]
  /** When workers answered that a run was over. */
  readonly ended: readonly number[]
  readonly griefAt: number | undefined
  /** When the page said what had happened, and what it said. */
  readonly toldAt: number | undefined
  readonly said: string
}

/** Changes a built page so that its workers can come to grief. */
export function plantGrief(built: string): void {
  const assets = join(built, 'assets')
  const worker = readdirSync(assets).find((name) => /^page-worker-.*\.js$/.test(name))
  if (!worker) throw new Error('The page has no worker')
  prepend(join(assets, worker), `(${comeToGrief.toString()})()\n`)
  writeFileSync(join(built, 'grief.js'), `(${watchWorkers.toString()})()\n`)
  const page = join(built, 'index.html')
  const text = readFileSync(page, 'utf8')
  const at = text.indexOf('<script')
  const script = '<script src="./grief.js"></script>'
  writeFileSync(page, text.slice(0, at) + script + text.slice(at))
}

function prepend(path: string, text: string): void {
  writeFileSync(path, text + readFileSync(path, 'utf8'))
}

/** Runs in a worker before its own code. Only a run asks for the time: after some slices it ends badly. */
function comeToGrief(): void {
  const worker = self as unknown as Worker
  const now = performance.now.bind(performance)
  const post = worker.postMessage.bind(worker)
  const note = (what: string): void => post({ [what]: performance.timeOrigin + now() }, [])
  const griefs: Record<string, () => void> = {
    throw() {
      throw new RangeError('a wheel came off')
    },
    reject: () => void Promise.reject(new TypeError('nobody waited for this')),
    overflow: function dig(): void {
      dig()
      note('never')
    },
    uncaught() {
      setTimeout(() => {
        throw new Error('thrown beside the run')
      })
    },
    hang() {
      while (now() > 0) left = 0
    },
    sleep() {
      MessagePort.prototype.postMessage = () => {}
    },
    close: () => self.close(),
    terminate() {},
  }
  let left = self.name in griefs ? 60 : Infinity
  performance.now = () => {
    if (--left === 0) {
      note('griefAt')
      griefs[self.name]!()
    }
    return now()
  }
  // An answer of comlink to a call has the number of the call.
  worker.postMessage = (message: { id?: string }, moved?: unknown): void => {
    if (message.id !== undefined) note('ended')
    post(message, (moved ?? []) as Transferable[])
  }
  note('born')
}

/** Runs in the page before its own code: names the first worker after its grief, and keeps a log. */
function watchWorkers(): void {
  const now = (): number => performance.timeOrigin + performance.now()
  const log: Record<string, unknown> & { started: number[]; born: number[]; ended: number[] } = {
    started: [],
    born: [],
    ended: [],
    said: '',
  }
  const grief = new URLSearchParams(location.search).get('grief') ?? ''
  const { Worker } = window
  const hear = (worker: Worker, data: Record<string, number>): void => {
    if (data['born'] !== undefined) log.born.push(data['born'])
    if (data['ended'] !== undefined) log.ended.push(data['ended'])
    if (data['griefAt'] === undefined) return
    log['griefAt'] = data['griefAt']
    if (grief === 'terminate') worker.terminate()
  }
  window.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      const isOurs = String(url).includes('page-worker')
      super(url, { ...options, name: isOurs && log.started.length === 0 ? grief : '' })
      if (!isOurs) return
      log.started.push(now())
      this.addEventListener('message', ({ data }) => hear(this, data))
    }
  }
  const look = (): void => {
    const said = document.getElementById('trouble')?.textContent ?? ''
    if (log['toldAt'] !== undefined || !/was lost|ended before its time/.test(said)) return
    Object.assign(log, { toldAt: now(), said })
  }
  new MutationObserver(look).observe(document, { childList: true, subtree: true })
  Object.assign(window, { griefLog: log })
}
