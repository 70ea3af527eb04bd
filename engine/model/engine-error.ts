import type { World } from './world.ts'

/** A law of the engine was broken: carries the event number and seed that reproduce it. */
export class EngineError extends Error {
  readonly event: number
  readonly time: number
  readonly seed: string

  constructor(law: string, world: World) {
    super(`${law} (event ${world.events}, t = ${world.now} ns, seed ${world.seed})`)
    this.name = 'EngineError'
    this.event = world.events
    this.time = world.now
    this.seed = world.seed
  }
}
