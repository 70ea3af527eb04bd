/** Lines of `expect` must be readable, and name variants, services and signals that are there. */
import type { ArgumentKind } from '../../results/metric.ts'
import { metricsIn, type Value } from '../expect/ast.ts'
import { parseExpectation } from '../expect/parse.ts'
import { type Finding, type Path, finding, pathText, show } from '../problem.ts'
import { didYouMean } from '../text/suggest.ts'
import { parseEdge } from '../text/selector.ts'
import { entriesAt, itemsAt, textAt } from '../text/tree.ts'
import { type World, unknownName } from './world.ts'

/** What an expectation calls the file as it stands, when it compares nothing. */
export const WHOLE_FILE = 'run'

/** Every line of `expect`. */
export function checkExpectations(world: World): Finding[] {
  return itemsAt(world.root, ['expect']).flatMap((_, index) => {
    const path = ['expect', index]
    const text = textAt(world.root, path)
    return text === undefined ? [] : checkExpectation(world, text, path)
  })
}

function checkExpectation(world: World, text: string, path: Path): Finding[] {
  const parsed = parseExpectation(text)
  if (parsed.ok)
    return metricsIn(parsed.tree.condition).flatMap((one) => checkMetric(world, one, path))
  const { code, column, says, hint } = parsed.problem
  return [finding(code, path, `${pathText(path)}: ${says}.`, { shift: column - 1, hint })]
}

type MetricValue = Value & { kind: 'metric' }

function checkMetric(world: World, value: MetricValue, path: Path): Finding[] {
  const variants = world.variants.length > 0 ? world.variants : [WHOLE_FILE]
  const found = variants.includes(value.variant)
    ? []
    : [unknownName('variant', value.variant, variants, path, { shift: value.variantColumn - 1 })]
  return [...found, ...checkArguments(world, value, path)]
}

function checkArguments(world: World, { metric, args, argColumns }: MetricValue, path: Path) {
  let signal: string | undefined
  return args.flatMap((arg, index): Finding[] => {
    if (typeof arg !== 'string') return []
    const { kind } = metric.args[index]!
    if (kind === 'signal') signal = arg
    return checkArgument(world, kind, arg, signal, path, argColumns[index]! - 1)
  })
}

function checkArgument(
  world: World,
  kind: ArgumentKind,
  text: string,
  signal: string | undefined,
  path: Path,
  shift: number,
): Finding[] {
  switch (kind) {
    case 'service':
      return world.services.includes(text)
        ? []
        : [unknownName('service', text, world.services, path, { shift })]
    case 'edge':
      return checkEdgeArgument(world, text, path, shift)
    case 'class': {
      const names = classesIn(world)
      if (names.includes(text)) return []
      return [unknownName('load, tenant or priority', text, names, path, { shift })]
    }
    case 'signal':
      return checkSignal(world, text, path, shift)
    case 'state':
      return checkState(world, signal ?? '', text, path, shift)
    case 'time':
    case 'window':
      return []
  }
}

/** Classes that the requests of a file are of: `load users`, `tenant big`, `priority 0`. */
function classesIn({ root, loads }: World): string[] {
  const names = loads.flatMap((load) => [
    `load ${load}`,
    ...entriesAt(root, ['load', load, 'tenants']).map(([tenant]) => `tenant ${tenant}`),
    ...itemsAt(root, ['load', load, 'priorities']).map((_, at) => `priority ${at}`),
  ])
  return [...new Set(names)]
}

function checkEdgeArgument(world: World, text: string, path: Path, shift: number): Finding[] {
  const edge = parseEdge(text)
  const says = `${pathText(path)}: ${show(text)} is no edge.`
  if (!edge) return [finding('E_REF', path, says, { shift, hint: 'Write a -> b.' })]
  const callers = [...world.services, ...world.loads]
  const ends = [
    { name: edge.from, known: callers },
    { name: edge.to, known: world.services },
  ]
  return ends
    .filter(({ name, known }) => !known.includes(name))
    .map(({ name, known }) => unknownName('service', name, known, path, { shift }))
}

/** The signals of the pattern that `id.signal` names; undefined when it cannot be told. */
function signalsOf(world: World, text: string) {
  const at = text.indexOf('@')
  const unit = text.slice(0, text.lastIndexOf('.'))
  const id = at < 0 ? unit : text.slice(0, at)
  return { id, component: world.patterns.get(id), name: text.slice(text.lastIndexOf('.') + 1) }
}

function checkSignal(world: World, text: string, path: Path, shift: number): Finding[] {
  const { id, component, name } = signalsOf(world, text)
  const ids = [...world.patterns.keys()]
  if (!ids.includes(id)) return [unknownName('pattern', id, ids, path, { shift })]
  const names = Object.keys((component?.signals as object | undefined) ?? {})
  if (!component || names.includes(name)) return []
  const says = `${pathText(path)}: ${component.name} has no signal ${show(name)}.`
  return [finding('E_REF', path, says, { shift, hint: didYouMean(name, names, 'It has') })]
}

function checkState(world: World, signal: string, state: string, path: Path, shift: number) {
  const { component, name } = signalsOf(world, signal)
  const signals = (component?.signals ?? {}) as Record<string, { states: readonly string[] }>
  const states = Object.hasOwn(signals, name) ? signals[name]!.states : undefined
  if (!states || states.includes(state)) return []
  const says = `${pathText(path)}: ${signal} has no state ${show(state)}.`
  return [finding('E_REF', path, says, { shift, hint: didYouMean(state, states, 'It has') })]
}
