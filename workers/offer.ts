/** The inside of a worker, the same in the browser and in Node: simulations offered over comlink. */
import type { Endpoint } from 'comlink'
import { expose } from 'comlink'
import type { RunTask } from '../engine/run.ts'
import type { Machine } from './machine.ts'
import type { Commanded, Progress, Report, Reported, SimulationWorker } from './protocol.ts'
import type { Prepared, Watcher } from './simulation.ts'
import { Simulation } from './simulation.ts'

/** Tells a watcher, and gives away what it no longer needs. */
type Tell = (report: Report, moved?: ArrayBufferLike[]) => void

/**
 * Answers calls that come in at the endpoint. What it returns is to be told of every rejection that
 * nobody handled: the run under way is lost to it; without one it is thrown, and ends the worker.
 */
export function offer(
  endpoint: Endpoint,
  machine: Machine,
  prepare: (task: RunTask) => Prepared,
): (error: unknown) => void {
  const current = new Map<number, Simulation>()
  const worker: SimulationWorker = {
    async run(task, pacing, run) {
      const tell: Tell = (report, moved = []) =>
        endpoint.postMessage({ run, report } satisfies Reported, moved as ArrayBuffer[])
      const watcher = watcherWho(tell, pacing.frames)
      const simulation = new Simulation(task, pacing.slice, machine, watcher)
      current.set(run, simulation)
      const outcome = await simulation.run(prepare)
      current.delete(run)
      return outcome
    },
  }
  endpoint.addEventListener('message', (event) => {
    const { data } = event as MessageEvent<Partial<Commanded>>
    if (data.command) current.get(data.run!)?.hear(data.command)
  })
  expose(worker, endpoint)
  return (error) => {
    if (current.size === 0) throw error
    for (const simulation of current.values()) simulation.fail(error)
  }
}

function watcherWho(tell: Tell, frames: boolean): Watcher {
  const onProgress = (progress: Progress): void => tell({ kind: 'progress', progress })
  if (!frames) return { onProgress }
  return {
    onProgress,
    onLayout: (layout) => tell({ kind: 'layout', layout }),
    onFrame(frame) {
      const { values, transitions } = frame
      tell({ kind: 'frame', frame }, [values.buffer, transitions.buffer])
    },
  }
}
