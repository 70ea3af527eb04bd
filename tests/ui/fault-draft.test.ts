/** A fault that is written in the dialog: what it can hit, and the line it becomes. */
import { describe, expect, it } from 'vitest'
import { readTask } from '../../engine/scenario/read.ts'
import { withFault } from '../../engine/scenario/edit.ts'
import { FAULT_VERBS, VERBS } from '../../engine/scenario/schema/faults.ts'
import { faultLine, targetsOf, wordsOf, type Targets } from '../../ui/facts/fault-draft.ts'
import { retryStorm, taskOf } from './run-of.ts'

const opened = readTask(taskOf(retryStorm))
if (!opened.ok) throw new Error(JSON.stringify(opened))
const targets: Targets = { ...opened.scenario, off: [] }

describe('what a fault can hit', () => {
  it('is named by the file', () => {
    expect(targetsOf('service', targets)).toContain('ledger-db')
    expect(targetsOf('edge', targets)).toContain('payments -> ledger-db')
    expect(targetsOf('edge', targets)).toContain('shoppers -> gateway')
    expect(targetsOf('pattern', targets)).toEqual(opened.scenario.patterns.map(({ id }) => id))
    expect(targetsOf('load', targets)).toEqual(['shoppers'])
    const { shoppers } = targets.load
    const arrivals = { kind: 'trace', times: [] } as const
    const load = { shoppers: shoppers!, queue: { ...shoppers!, arrivals } }
    expect(targetsOf('rate', { ...targets, load })).toEqual(['shoppers'])
    expect(targetsOf('knob', targets)).toBeUndefined()
  })

  it('offers instances by number where there are several', () => {
    const { db } = { db: { ...opened.scenario.services['ledger-db']!, instances: 3 } }
    const some = targetsOf('instance', { ...targets, services: { db } })
    expect(some).toEqual(['db', 'db#0', 'db#1', 'db#2'])
  })
})

describe('the line of a fault', () => {
  it('is what the example says, for every verb', () => {
    for (const verb of FAULT_VERBS) {
      const { example } = VERBS[verb]
      expect(faultLine(wordsOf(example)).replaceAll("'", ''), verb).toBe(example)
    }
  })

  it('is read back as the file has it, and a text that YAML would take for something else is quoted', () => {
    const words = wordsOf(VERBS.slow.example).map((word) =>
      word.key === 'slow' ? { ...word, text: 'ledger-db' } : word,
    )
    const text = withFault(retryStorm, faultLine(words))!
    const again = readTask(taskOf(text))
    expect(again.ok && again.scenario.faults.at(-1)).toMatchObject({
      verb: 'slow',
      target: 'ledger-db',
      at: 30e9,
      for: 15e9,
      by: 2.7,
    })
    expect(faultLine([{ key: 'slow', text: "it's: odd" }])).toBe("{ slow: 'it''s: odd' }")
    expect(faultLine([{ key: 'by', text: '  ' }])).toBe('{  }')
  })
})
