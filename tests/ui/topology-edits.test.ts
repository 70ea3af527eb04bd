import { describe, expect, it } from 'vitest'
import { withFault, withPlaces } from '../../engine/scenario/edit.ts'
import { readScenario } from '../../engine/scenario/read.ts'
import { Conductor } from '../../ui/conductor.ts'
import { RunStore } from '../../ui/runs.ts'
import { modelOf } from '../../ui/same-run.ts'
import { initialState, unchanged, type State } from '../../ui/state.ts'
import { Store } from '../../ui/store.ts'
import type { RunTask } from '../../engine/run.ts'
import { retryStorm, runOf } from './run-of.ts'

const positionsIn = (text: string) => {
  const reading = readScenario(text, 'test')
  if (!reading.ok) throw new Error(JSON.stringify(reading.errors))
  return Object.fromEntries(
    Object.entries(reading.scenario.services).map(([name, { at }]) => [name, at && [...at]]),
  )
}

const file = (services: string) => `schema: 1
services:
${services}
load: { users: { to: db, arrivals: poisson(9/s) } }
`

describe('positions in the text of a file', () => {
  it('change nothing else: comments, order and layout stay, and so does the run', () => {
    const places = new Map([
      ['gateway', [1, 2]],
      ['ledger-db', [-3, 400]],
    ] as const)
    const changed = withPlaces(retryStorm, places)!
    const [before, after] = [retryStorm.split('\n'), changed.split('\n')]
    expect(after).toHaveLength(before.length)
    const other = after.flatMap((line, at) =>
      line === before[at] ? [] : [line.trim().split(':')[0]],
    )
    expect(other).toEqual(['gateway', 'ledger-db'])
    expect(changed).toContain('# position, optional')
    expect(positionsIn(changed)).toMatchObject({ gateway: [1, 2], 'ledger-db': [-3, 400] })
    const short = (text: string) => text.replace('duration: 120s', 'duration: 35s')
    const digest = (text: string) => runOf(short(text), { variant: 'A' }).result!.digest
    expect(digest(changed)).toBe(digest(retryStorm))
  })

  it.each([
    ['empty braces', '  db: {}'],
    ['braces', '  db: { work: 1ms } # fast'],
    ['braces with a comma at the end', '  db: { work: 1ms, }'],
    ['braces over lines', '  db: {\n    work: 1ms, # fast\n    queue: 3 # short\n  }'],
    ['a block', '  db: # the database\n    # how long\n    work: 1ms # fast\n    queue: 3'],
    ['a block that has one', '  db:\n    at: [7, 8] # there\n    work: 1ms'],
    ['a block that has one as a list', '  db:\n    at:\n      - 7\n      - 8\n    work: 1ms'],
    ['braces that have one', '  db: { at: [ 7, 8 ], work: 1ms }'],
    ['JSON', '  "db": {"work": "1ms"}'],
  ])('are written where a service is written as %s', (_, services) => {
    const text = file(services)
    const changed = withPlaces(text, new Map([['db', [10, 20]]]))!
    expect(positionsIn(changed)).toEqual({ db: [10, 20] })
    const comments = (all: string) => all.match(/#.*/g) ?? []
    expect(comments(changed)).toEqual(comments(text))
    expect(positionsIn(withPlaces(changed, new Map([['db', [30, 40]]]))!)).toEqual({ db: [30, 40] })
  })

  it('are not written into what is no file, or for services that are not there or are empty', () => {
    expect(withPlaces(file('  db:'), new Map([['db', [1, 2]]]))).toBeUndefined()
    expect(withPlaces('services: [', new Map([['db', [1, 2]]]))).toBeUndefined()
    expect(withPlaces(file('  db: {}'), new Map([['cache', [1, 2]]]))).toBeUndefined()
  })
})

describe('a fault in the text of a file', () => {
  const faultsIn = (text: string) => {
    const reading = readScenario(text, 'test')
    if (!reading.ok) throw new Error(JSON.stringify(reading.errors))
    return reading.scenario.faults.map(({ verb, target }) => `${verb} ${target}`)
  }
  const fault = '{ at: 1s, for: 1s, crash: db }'

  it.each([
    ['there are none', ''],
    ['the list is empty', 'faults: []\n'],
    ['the list is in brackets', 'faults: [ { at: 1s, slow: db, by: 2 } ]\n'],
    ['the list has lines', 'faults:\n  - { at: 1s, slow: db, by: 2 } # slow\n  # done\nseed: 3\n'],
    ['its items have lines', 'faults:\n  - at: 1s\n    slow: db # slow\n    by: 2\n\nseed: 3\n'],
    ['it is not indented', 'faults:\n- { at: 1s, slow: db, by: 2 }\nseed: 3'],
  ])('comes last when %s', (_, faults) => {
    const text = file('  db: {}') + faults
    const changed = withFault(text, fault)!
    expect(faultsIn(changed)).toEqual([...faultsIn(text), 'crash db'])
    for (const line of text.split('\n')) expect(changed).toContain(line.replace(/ ?\]$|\[\]$/, ''))
  })

  it('goes into the home scenario and is only one line', () => {
    const changed = withFault(retryStorm, '{ at: 62s, for: 10s, crash: gateway }')!
    expect(changed.split('\n')).toHaveLength(retryStorm.split('\n').length + 1)
    expect(faultsIn(changed)).toEqual(['slow ledger-db', 'crash gateway'])
  })
})

describe('a service that is moved', () => {
  async function stage() {
    const asked: RunTask[] = []
    const store = new Store<State>(initialState(unchanged('home', retryStorm)), () => {})
    const runner = { run: (task: RunTask) => (asked.push(task), new Promise<never>(() => {})) }
    const reader = {
      read: (source: string | Uint8Array, name: string, patch = {}) =>
        Promise.resolve(readScenario(source, name, patch)),
    }
    const conductor = new Conductor(store, new RunStore(), runner, reader)
    conductor.sync()
    await settled()
    return { asked, store, conductor }
  }
  async function settled(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  }

  it('is in the file, can be undone, and nothing runs again', async () => {
    const { asked, store, conductor } = await stage()
    expect(asked).toHaveLength(2)
    const text = withPlaces(retryStorm, new Map([['gateway', [5, 6]]]))!
    expect(await conductor.amend('move gateway', text, () => {})).toBe(true)
    await settled()
    expect(store.get().opened?.scenario.services['gateway']?.at).toEqual([5, 6])
    expect(asked).toHaveLength(2)
    store.undo()
    await settled()
    expect(store.get().document.text).toBe(retryStorm)
    expect(store.get().opened?.scenario.services['gateway']?.at).toEqual([214, 173])
    expect(asked).toHaveLength(2)
  })

  it('runs again when something else changes with it', async () => {
    const { asked, conductor } = await stage()
    const text = withPlaces(retryStorm, new Map([['gateway', [5, 6]]]))!
    await conductor.amend('change', text.replace('concurrency: 180', 'concurrency: 181'), () => {})
    await settled()
    expect(asked).toHaveLength(4)
  })

  it('leaves no other difference unseen', () => {
    const open = (text: string) => {
      const reading = readScenario(text, 'test')
      if (!reading.ok) throw new Error('unreadable')
      return modelOf({ scenario: reading.scenario, off: reading.off })
    }
    const base = file('  db: { queue: 5 }')
    expect(open(base.replace('5 }', '5, domain: shop }'))).toBe(open(base))
    expect(open(base.replace('queue: 5', 'queue: unbounded'))).not.toBe(open(base))
    expect(open(base.replace('9/s', '8/s'))).not.toBe(open(base))
  })
})
