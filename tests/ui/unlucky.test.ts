import { describe, expect, it } from 'vitest'
import { readTask } from '../../engine/scenario/read.ts'
import { differenceOf } from '../../ui/switches.ts'
import { unchanged, type Side } from '../../ui/state.ts'
import { someUnluckyRequest } from '../../ui/unlucky.ts'
import { Inspection } from '../../workers/inspection.ts'
import { nodeMachine } from '../../workers/node-machine.ts'
import { STORM } from '../workers/files.ts'
import { runOf, taskOf } from './run-of.ts'

const inspectionOf = (variant: string): Inspection => {
  const read = readTask(taskOf(STORM, { variant }))
  if (!read.ok) throw new Error(JSON.stringify(read.errors))
  return new Inspection(read.scenario, nodeMachine)
}

describe('an unlucky request', () => {
  const both = { A: inspectionOf('A'), B: inspectionOf('B') }
  const inspectors = { of: (side: Side) => both[side] }
  const [A, B] = [runOf(STORM, { variant: 'A' }), runOf(STORM, { variant: 'B' })]
  const opened = readTask(taskOf(STORM))
  if (!opened.ok) throw new Error('the storm cannot be read')
  const runs = {
    A,
    B,
    opened,
    revision: 1,
    difference: differenceOf(opened, unchanged('storm', STORM)),
  }

  it('failed in A after the moment, was served in B, and had many calls', async () => {
    const request = await someUnluckyRequest(runs, inspectors, 8e9)
    const [a, b] = [await both.A.trace(request!), await both.B.trace(request!)]
    const ends = [a, b].map((answer) => {
      const followed = answer.ok && answer.value
      return followed && followed.isThere ? followed.trace.spans[0] : undefined
    })
    expect(ends[0]!.endedAt).toBeGreaterThanOrEqual(8e9)
    expect(['ok', 'degraded', 'refused']).not.toContain(ends[0]!.outcome)
    expect(ends[1]!.outcome).toBe('ok')
    expect(ends[1]!.startedAt).toBe(ends[0]!.startedAt)
  })

  it('is not found where nothing fails', async () => {
    expect(await someUnluckyRequest(runs, { of: () => both.B }, 11.9e9)).toBeUndefined()
    expect(await someUnluckyRequest(runs, inspectors, 20e9)).toBeUndefined()
  })
})
