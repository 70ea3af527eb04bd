import { Sampler } from '../core/sampler.ts'
import { Dice } from '../core/random.ts'
import type { Occupancy } from '../results/occupancy.ts'
import { ServiceColumns } from '../results/service-columns.ts'
import type { ServiceSpec } from '../scenario/scenario.ts'
import type { CallFrame } from './call-frame.ts'
import { PHASE_FAULT, STARTED } from './kinds.ts'
import type { Instance } from './instance.ts'
import type { Instruction } from './plan.ts'
import type { World } from './world.ts'

/** A service: its instances, what it does per operation, and its books. */
export class Service {
  readonly world: World
  readonly name: string
  readonly spec: ServiceSpec
  readonly place: number
  readonly columns: ServiceColumns
  /** How many visits its instances have; null where it can have but one instance. */
  occupancy: Occupancy | null = null
  /** How long a visit waits for a slot; null: as long as it takes. */
  readonly patience: Sampler | null
  readonly instances: Instance[] = []
  /** Plans by operation index; the last resort is the plan of '*'. */
  plans: (readonly Instruction[])[] = []
  readonly errorDice: Dice
  readonly chooseDice: Dice
  /** Instances that callers list. */
  listed = 0
  /** How often they were counted: whoever keeps a list of them knows by it that the list is old. */
  lists = 0
  /** Instances that exist or are starting. */
  desired: number
  /** By operation index; position 0 is any other operation. */
  private readonly samplers: Sampler[] = []
  private readonly anySampler: Sampler

  constructor(world: World, name: string, spec: ServiceSpec) {
    this.world = world
    this.name = name
    this.spec = spec
    this.place = world.places.add(name, this)
    this.columns = new ServiceColumns(world)
    this.desired = spec.instances
    this.errorDice = new Dice(world.keyFor(name, 'error'))
    this.chooseDice = new Dice(world.keyFor(name, 'choose'))
    const { patience } = spec
    this.patience = patience ? new Sampler(patience, world.keyFor(name, 'patience')) : null
    const key = world.keyFor(name, 'work')
    this.anySampler = new Sampler(spec.work['*'] ?? { kind: 'constant', value: 0 }, key)
    for (const [op, work] of Object.entries(spec.work)) {
      if (op !== '*') this.samplers[world.operation(op)] = new Sampler(work, key)
    }
  }

  /** How long the own work of a visit takes at full speed, in ns. */
  workOf(visit: CallFrame): number {
    const sampler =
      visit.opIndex < this.samplers.length
        ? (this.samplers[visit.opIndex] ?? this.anySampler)
        : this.anySampler
    return sampler.duration(visit.path, visit.root)
  }

  /** What it calls for an operation. */
  planOf(opIndex: number): readonly Instruction[] {
    return opIndex < this.plans.length ? (this.plans[opIndex] ?? this.plans[0]!) : this.plans[0]!
  }

  /** Brings the number of instances to `wanted`: new ones start (which takes `startup`), surplus ones drain, newest first. */
  scaleTo(wanted: number, startup: number): void {
    const target = Math.max(0, Math.min(wanted, this.instances.length))
    while (this.desired < target) this.start(this.instances[this.desired++]!, startup)
    while (this.desired > target) this.instances[--this.desired]!.drain()
  }

  private start(instance: Instance, startup: number): void {
    const { world } = this
    if (instance.draining) return instance.undrain()
    world.schedule(world.now + startup, PHASE_FAULT, instance.place, STARTED, 0, 0)
    instance.starting = world.scheduled
  }

  /** Counts listed instances anew after one of them changed; those that drain have slots to the end. */
  relist(): void {
    let listed = 0
    let draining = 0
    for (const instance of this.instances) {
      if (instance.listed) listed++
      else if (instance.draining) draining++
    }
    this.listed = listed
    this.lists++
    this.columns.slots((listed + draining) * this.spec.concurrency)
  }

  save(): unknown {
    const { listed, desired, columns, occupancy } = this
    return { listed, desired, columns: columns.save(), occupancy: occupancy?.save() }
  }
  load(saved: unknown): void {
    const { listed, desired, columns, occupancy } = saved as {
      listed: number
      desired: number
      columns: unknown
      occupancy: unknown
    }
    this.listed = listed
    this.lists++
    this.desired = desired
    this.columns.load(columns)
    this.occupancy?.load(occupancy)
  }
}
