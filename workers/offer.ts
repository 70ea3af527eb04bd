/** The inside of a worker, the same in the browser and in Node: simulations offered over comlink. */
import type { Endpoint } from 'comlink'
import { expose } from 'comlink'
import type { RunTask } from '../engine/run.ts'
import type { Machine } from './machine.ts'
import type { Command, Progress, Report, SimulationWorker } from './protocol.ts'
import type { Prepared, Watcher } from './simulation.ts'
import { Simulation } from './simulation.ts'

/**
 * Answers calls that come in at the endpoint. What it returns is to be told of every rejection that
 * nobody handled: the run under way is lost to it; without one it is thrown, and ends the worker.
 */
export function offer(
  endpoint: Endpoint,
  machine: Machine,
  prepare: (task: RunTask) => Prepared,
): (error: unknown) => void {
  let current: Simulation | undefined
  const worker: SimulationWorker = {
    async run(task, pacing, port) {
      const simulation = new Simulation(task, pacing.slice, machine, watcherAt(port, pacing.frames))
      port.onmessage = ({ data }: MessageEvent<Command>) => simulation.hear(data)
      current = simulation
      const outcome = await simulation.run(prepare)
      current = undefined
      post(port, { kind: 'end' })
      return outcome
    },
  }
  expose(worker, endpoint)
  return (error) => {
    if (!current) throw error
    current.fail(error)
  }
}

function watcherAt(port: MessagePort, frames: boolean): Watcher {
  const onProgress = (progress: Progress): void => post(port, { kind: 'progress', progress })
  if (!frames) return { onProgress }
  return {
    onProgress,
    onLayout: (layout) => post(port, { kind: 'layout', layout }),
    onFrame(frame) {
      const { values, transitions } = frame
      post(port, { kind: 'frame', frame }, [values.buffer, transitions.buffer])
    },
  }
}

function post(port: MessagePort, report: Report, moved: ArrayBufferLike[] = []): void {
  port.postMessage(report, moved as ArrayBuffer[])
}
