/** A worker thread that comes to grief on purpose: how, and which of the workers started, its `workerData` says. */
import { parentPort, workerData } from 'node:worker_threads'
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs'
import type { Machine } from '../../workers/machine.ts'
import { nodeMachine } from '../../workers/node-machine.ts'
import { offer } from '../../workers/offer.ts'
import { prepare } from '../../workers/prepare.ts'
import type { Prepared } from '../../workers/simulation.ts'

/** `sleep`: its event loop turns, but it waits for ever. `terminate`: somebody else ends it. */
export type Grief =
  'throw' | 'reject' | 'hang' | 'sleep' | 'exit' | 'overflow' | 'uncaught' | 'memory' | 'terminate'

/** What a worker posts as it comes to grief; the last one counts, where that takes its time. */
export interface GriefNote {
  /** In ms of the clock that all threads share. */
  readonly griefAt: number
}

/** What `workerData` holds. */
export interface BadNews {
  readonly grief: Grief
  /** This worker's number, and how many of them come to grief. */
  readonly nth: number
  readonly bad: number
}

/** Without news, every worker throws. */
const news = (workerData ?? { grief: 'throw', nth: 0, bad: 1 }) as BadNews
const { grief, nth, bad } = news
const FAULTLESS = 5000
let asleep = false

const machine: Machine = {
  ...nodeMachine,
  rest: () => (asleep ? new Promise(nothing) : nodeMachine.rest()),
}

const griefs: Record<Grief, () => void> = {
  throw() {
    throw new RangeError('a wheel came off')
  },
  reject() {
    void Promise.reject(new TypeError('nobody waited for this'))
  },
  hang() {
    for (;;) nothing()
  },
  exit: () => process.exit(9),
  overflow: function dig(): void {
    dig()
    nothing()
  },
  sleep() {
    asleep = true
  },
  uncaught() {
    setImmediate(() => {
      throw new Error('thrown beside the run')
    })
  },
  memory() {
    for (const hoard: number[][] = []; ; tell())
      hoard.push(Array.from<number>({ length: 100_000 }).fill(1.5))
  },
  terminate: nothing,
}

function nothing(): void {}

function tell(): void {
  const note: GriefNote = { griefAt: performance.timeOrigin + performance.now() }
  parentPort!.postMessage(note, [])
}

const fail = offer(nodeEndpoint(parentPort!), machine, (task): Prepared => {
  const prepared = prepare(task)
  if (!prepared.ok || nth >= bad) return prepared
  const { run } = prepared
  let done = false
  const advance = (events: number): boolean => {
    const over = run.advance(done ? events : Math.min(events, FAULTLESS - run.events))
    if (run.events === FAULTLESS && !done) {
      done = true
      tell()
      griefs[grief]()
    }
    return over
  }
  return { ...prepared, run: Object.setPrototypeOf({ advance }, run) as typeof run }
})
process.on('unhandledRejection', fail)
