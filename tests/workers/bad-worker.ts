/** A worker thread that comes to grief on purpose: how, and which of the workers started, its `workerData` says. */
import { parentPort, workerData } from 'node:worker_threads'
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs'
import { nodeMachine } from '../../workers/node-machine.ts'
import { offer } from '../../workers/offer.ts'
import { prepare } from '../../workers/prepare.ts'
import type { Prepared } from '../../workers/simulation.ts'

export type Grief = 'throw' | 'reject' | 'hang' | 'exit' | 'overflow' | 'uncaught'

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
  uncaught() {
    setImmediate(() => {
      throw new Error('thrown beside the run')
    })
  },
}

function nothing(): void {}

const fail = offer(nodeEndpoint(parentPort!), nodeMachine, (task): Prepared => {
  const prepared = prepare(task)
  if (!prepared.ok || nth >= bad) return prepared
  const { run } = prepared
  let done = false
  const advance = (events: number): boolean => {
    const over = run.advance(done ? events : Math.min(events, FAULTLESS - run.events))
    if (run.events === FAULTLESS && !done) {
      done = true
      griefs[grief]()
    }
    return over
  }
  return { ...prepared, run: Object.setPrototypeOf({ advance }, run) as typeof run }
})
process.on('unhandledRejection', fail)
