/** Engines that are wrong on purpose: they prove that the harness can fail. Done to the scenario, after the adapter. */
import type { Dependence, Study } from './adapter.ts'

/** What can be wrong. */
export const CONTROLS = ['slow-service', 'lost-retry', 'lifo'] as const
export type Control = (typeof CONTROLS)[number]

/** What a control spoils. */
export const SPOILS: Readonly<Record<Control, Dependence>> = {
  'slow-service': 'service',
  'lost-retry': 'retry',
  lifo: 'order',
}

type Part = Record<string, unknown>

/** A study as the wrong engine would run it. */
export function spoil(study: Study, control: Control): Study {
  const scenario = structuredClone(study.scenario) as Part
  SPOILERS[control](scenario)
  return { ...study, scenario }
}

/** Shares of the work by which the slow engine is slower. */
const SLOWER = 1.05

const SPOILERS: Readonly<Record<Control, (scenario: Part) => void>> = {
  'slow-service'(scenario) {
    const names = Object.keys(partsOf(scenario, 'services'))
    const slow = names.map((name) => ({ at: '0s', slow: name, by: SLOWER }))
    scenario['faults'] = [...((scenario['faults'] as unknown[]) ?? []), ...slow]
  },
  'lost-retry'(scenario) {
    for (const pattern of Object.values(partsOf(scenario, 'patterns'))) {
      if (pattern['use'] === 'retry') loseOne(pattern)
    }
  },
  lifo(scenario) {
    for (const service of Object.values(partsOf(scenario, 'services'))) {
      if ((service['discipline'] ?? 'fifo') === 'fifo') service['discipline'] = 'lifo'
    }
  },
}

function partsOf(scenario: Part, key: string): Record<string, Part> {
  return (scenario[key] ?? {}) as Record<string, Part>
}

/** `maxAttempts` counts the first try; one try is the least. */
function loseOne(pattern: Part): void {
  const attempts = Number(pattern['maxAttempts'] ?? 3)
  pattern['maxAttempts'] = Math.max(1, attempts - 1)
}
