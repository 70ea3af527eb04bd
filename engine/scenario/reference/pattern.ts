/** The part of the reference about one pattern. */
import type { AnyComponent, Place } from '../../component.ts'
import type { Signals } from '../../signals.ts'
import type { JsonSchema } from '../json-schema.ts'
import { code, keyTable, table } from './table.ts'

const PLACES: Readonly<Record<Place, string>> = {
  client: 'on edges, at the caller',
  server: 'on services, in front of the queue',
  router: 'on edges, where the caller chooses an instance',
  controller: 'on services, beside them',
}

/** Heading, purpose, knobs and signals of a pattern. */
export function patternSection(component: AnyComponent, schema: JsonSchema): string {
  const main = component.primary
  const short = main === undefined ? '' : ` A bare value in \`where\` sets \`${main}\`.`
  return [
    `### ${component.name}`,
    component.about,
    `Sits ${component.at.map((place) => PLACES[place]).join('; or ')}.${short}`,
    `Trade-off: ${component.tradeOff}. Source: ${component.source}.`,
    keyTable(withoutShared(schema)),
    signalTable(component.signals as Signals),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

/** The keys that every attachment has are told once, above. */
function withoutShared(schema: JsonSchema): JsonSchema {
  const { use: _, enabled: __, where: ___, ...properties } = schema.properties ?? {}
  return { ...schema, properties }
}

function signalTable(signals: Signals): string {
  const rows = Object.entries(signals).map(([name, { kind, help, states, unit }]) => {
    const values = states.length > 0 ? states.map(code).join(', ') : unit
    return [`\`${name}\``, kind, help, values]
  })
  return rows.length === 0 ? '' : table(['signal', 'kind', 'what it shows', 'values'], rows)
}
