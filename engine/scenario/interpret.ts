/** What the tree of a file means, and everything that is wrong with it. */
import type { AnyComponent } from '../component.ts'
import { checkCycles } from './check/cycles.ts'
import { checkFlow } from './check/flow.ts'
import { checkNames } from './check/names.ts'
import { checkReferences } from './check/references.ts'
import { checkSizes } from './check/sizes.ts'
import { warningsOf } from './check/warnings.ts'
import { unknownName, worldOf } from './check/world.ts'
import { normalise, type Normalised } from './normalise/scenario.ts'
import type { Patch } from './patch.ts'
import type { Finding } from './problem.ts'
import { fileSchema, type FileSchema } from './schema/file.ts'
import { findingsOf } from './schema/issues.ts'
import { PARSING } from './schema/leaf.ts'
import type { Catalogue } from './schema/patterns.ts'
import type { Lines } from './text/lines.ts'
import { type MapNode, offsetOf, plain } from './text/tree.ts'

/** What stays the same while variants of a file are read. */
export interface Reading {
  readonly name: string
  readonly lines: Lines
  readonly catalogue: Catalogue
}

/** A scenario as far as there is one, and what is wrong with it. */
export interface Interpreted {
  readonly normalised: Normalised | undefined
  readonly findings: readonly Finding[]
}

/** What a tree means, and everything that is wrong with it. */
export function interpret(root: MapNode, patch: Patch, reading: Reading): Interpreted {
  const { name, lines, catalogue } = reading
  const sizes = checkSizes(root)
  if (sizes.length > 0) return { normalised: undefined, findings: sizes }
  const value = plain(root)
  const result = schemaOf(catalogue).safeParse(value, PARSING)
  const issues = result.success ? [] : findingsOf(result.error.issues, root)
  const world = worldOf(root, catalogue)
  const ids = [...world.patterns.keys()]
  const shape = [
    ...issues.filter((one) => !isVersion(one)),
    ...checkNames(root),
    ...checkReferences(world),
    ...checkSwitches(patch, ids),
  ]
  if (!result.success || shape.length > 0) return { normalised: undefined, findings: shape }
  const normalised = normalise(result.data, {
    name,
    catalogue,
    switches: switchesOf(patch),
    lineOfExpectation: (index) => lines.placeOf(offsetOf(root, ['expect', index], 'value', 0)).line,
  })
  const { scenario } = normalised
  const circles = checkCycles(scenario.services)
  const findings = [...normalised.findings, ...circles]
  if (findings.length > 0) return { normalised, findings }
  return { normalised, findings: [...checkFlow(scenario), ...warningsOf(scenario, catalogue)] }
}

/** The version was judged before. */
function isVersion({ path }: Finding): boolean {
  return path.length === 1 && path[0] === 'schema'
}

const schemas = new WeakMap<ReadonlyMap<string, AnyComponent>, FileSchema>()

function schemaOf(catalogue: Catalogue): FileSchema {
  const known = schemas.get(catalogue)
  if (known) return known
  const schema = fileSchema(catalogue)
  schemas.set(catalogue, schema)
  return schema
}

function switchesOf({ without = [], on = [], inert = [] }: Patch) {
  return { without: new Set(without), on: new Set(on), inert: new Set(inert) }
}

function checkSwitches({ without = [], on = [], inert = [] }: Patch, ids: readonly string[]) {
  return [...new Set([...without, ...on, ...inert])]
    .filter((id) => !ids.includes(id))
    .map((id) => unknownName('pattern', id, ids, ['patterns']))
}
