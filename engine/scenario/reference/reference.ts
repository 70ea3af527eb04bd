/** The reference of the format for authors, generated from the schema, the patterns and the metrics. */
import { usageOf } from '../../results/metric.ts'
import { METRICS } from '../../results/metrics.ts'
import { unitWords } from '../../units.ts'
import { FAILURE_HELP } from '../../model/failure.ts'
import { type JsonSchema, scenarioSchema } from '../json-schema.ts'
import { ARRIVALS, KEYS } from '../schema/arrivals.ts'
import { DISTRIBUTIONS } from '../schema/distribution.ts'
import { AIMS, FAULT_VERBS, TIMING_KEYS, VERBS } from '../schema/faults.ts'
import type { Form } from '../schema/forms.ts'
import type { Catalogue } from '../schema/patterns.ts'
import { patternSection } from './pattern.ts'
import { code, keyTable, table } from './table.ts'

const HEAD = `# Scenario files

Generated from the schema, the patterns and the metrics; do not edit it by hand.

A scenario is a YAML 1.2 file in UTF-8 (JSON is YAML), at most 1 MiB, without anchors, tags and merge keys. The
smallest one:

\`\`\`yaml
schema: 1
services: { shop: {} }
load: { users: { to: shop, arrivals: poisson(100/s) } }
\`\`\`

\`scenarios/everything.yaml\` uses every word once. Editors that know YAML complete and check a file that starts with
\`# yaml-language-server: $schema=../scenario.schema.json\`.`

const NAMES = `Services, loads, patterns, variants, operations and tenants have names of your own: letters,
digits, \`-\` and \`_\`, starting with a letter. Names that differ only in case are refused.`

const CALLS = `A service works first (\`work\`), then calls others (\`calls\`), one after the other. An entry of the list is

- a name: \`cart\`
- a call in detail: \`{ call: audit, op: write, optional: true, times: 3 }\`
- calls side by side: \`{ parallel: [search, cache], need: 1 }\`
- a choice, drawn per request: \`{ 35%: search, 55%: cache, 10%: [cache, db] }\`

\`work\` and \`calls\` may be given by operation: \`{ browse: [catalog], '*': [] }\`, \`*\` for all others. Calls wait
for their answers, so they must not go in a circle.`

const EXPECT = `A line reads \`[mean|share|p50|p99](metric(variant, …)) op value over N seeds\`. Inside the brackets stands a value
of one run (for \`share\` a condition); \`+ - * /\`, brackets, \`> >= < <= == !=\` and \`and\` work inside and outside.
Shares are written \`20%\`, times \`500ms\`, windows \`30s..60s\`. A percentile over N seeds is the value at rank
ceil(p·N). A file without \`compare\` calls itself \`run\`.`

/** The whole reference. */
export function formatReference(catalogue: Catalogue): string {
  const schema = scenarioSchema(catalogue)
  return `${[
    HEAD,
    ...values(),
    '## The file',
    keyTable(shallow(schema)),
    ...services(schema),
    ...loads(schema),
    ...patterns(schema, catalogue),
    ...faults(),
    ...variants(schema),
    ...limits(schema),
  ].join('\n\n')}\n`
}

function values(): string[] {
  const { duration, rate, size } = unitWords
  return [
    '## Values',
    NAMES,
    table(
      ['kind', 'units', 'example'],
      [
        ['span of time', duration.map(code).join(' '), '`250ms`'],
        ['rate', rate.map((unit) => code(`/${unit}`)).join(' '), '`300/s`'],
        ['size', size.map(code).join(' '), '`20kB`'],
        ['bandwidth', 'a size `/s`', '`10MB/s`'],
        ['share', '`%`, or a number from 0 to 1', '`50%`'],
      ],
    ),
    '### Distributions',
    'Of times and of sizes. Values in brackets are separated by spaces.',
    forms(DISTRIBUTIONS, [
      ['`mixture(90% exponential(5ms) 10% 50ms)`', 'pairs of a share and a distribution'],
      ['`p50=20ms p99=90ms`', 'the lognormal distribution with this median and 99th percentile'],
      ['`{ empirical: { 1ms: 3, 2ms: 1 } }`', 'values and their weights'],
    ]),
  ]
}

function forms<T>(rows: readonly Form<T>[], more: readonly (readonly string[])[] = []): string {
  const written = rows.map(({ example, help }) => [code(example), help])
  return table(['written', 'what it is'], [...written, ...more])
}

/** The sections of a file, without what is inside of them. */
function shallow(schema: JsonSchema): JsonSchema {
  const sections = Object.entries(schema.properties ?? {}).map(([key, part]) => {
    const { properties: _, ...rest } = part
    const isLong = rest.type === 'object' || rest.type === 'array'
    return [key, isLong ? { ...rest, examples: [] } : rest] as const
  })
  return { ...schema, properties: Object.fromEntries(sections) }
}

function section(schema: JsonSchema, name: string): JsonSchema {
  return schema.properties?.[name] ?? {}
}

/** What stands under each name of a section. */
function entry(schema: JsonSchema, name: string): JsonSchema {
  const { additionalProperties } = section(schema, name)
  return typeof additionalProperties === 'object' ? additionalProperties : {}
}

function services(schema: JsonSchema): string[] {
  return [
    '## `services`',
    keyTable(entry(schema, 'services')),
    CALLS,
    '## `links`',
    '`default` holds between services, and `a -> b` for one pair; what the pair leaves out is taken from `default`. ' +
      'Without `default` a message takes 0.5 ms. The way from a load to its service takes no time unless that pair is named.',
    keyTable(entry(schema, 'links')),
  ]
}

function loads(schema: JsonSchema): string[] {
  return [
    '## `load`',
    keyTable(entry(schema, 'load')),
    '### Arrivals',
    forms(ARRIVALS, [['`gaps(gamma(10ms 2))`', 'independent gaps of any distribution']]),
    '### Keys',
    forms(KEYS),
  ]
}

function patterns(schema: JsonSchema, catalogue: Catalogue): string[] {
  const attachments = entry(schema, 'patterns').anyOf ?? []
  const parts = [...catalogue.values()].map((component) => {
    const own = attachments.find((one) => one.properties?.['use']?.const === component.name)
    return patternSection(component, own ?? {})
  })
  return [
    '## `patterns`',
    'Each entry switches a pattern into the system under a name of its own: `{ use: retry, where: …, … }`.',
    table(['key', 'what it is', 'written'], SHARED_KEYS),
    '`order` names patterns from the caller to the wire; those it leaves out follow in the order that suits them.',
    ...parts,
    '### Failures',
    table(
      ['word', 'meaning'],
      Object.entries(FAILURE_HELP).map(([word, help]) => [code(word), help]),
    ),
  ]
}

const SHARED_KEYS = [
  ['`use`', 'which pattern', '`circuit-breaker`'],
  [
    '`where`',
    'edges `a -> b` or services; `*` stands for any service; loads are named. Left out: everywhere it can be. ' +
      'Later lines win.',
    '`[a -> b, c -> d]`, or with values that differ there `{ "* -> *": { maxAttempts: 2 } }`',
  ],
  ['`enabled`', '`false` keeps it in the file but out of the system', '`true`'],
]

function faults(): string[] {
  const rows = FAULT_VERBS.map((verb) => {
    const { help, aim, example, keys } = VERBS[verb]
    const own = Object.keys(keys).map(code).join(', ')
    return [code(verb), help, AIMS[aim], own, code(example)]
  })
  const timing = TIMING_KEYS.map(code).join(', ')
  return [
    '## `faults`',
    'The verb is a key, its value is what is hit. A fault starts `at` a moment and lasts `for` a while (to the end of ' +
      'the run when that is left out), or comes and goes by chance with `mtbf` and `mttr`, the mean times between ' +
      `failures and to repair. Keys of all faults: ${timing}.`,
    table(['verb', 'what happens', 'aimed at', 'own keys', 'example'], rows),
    '`how` says whether callers are refused at once (`refuse`, the default) or hear nothing (`silent`); `direction` ' +
      'whether the way back is cut too (`both`, the default) or not (`one-way`). `by` of a `delay` may be a ' +
      'distribution. A `flush` is over at once.',
    'Faults may overlap, and the last to end leaves nothing behind: `slow` and `spike` multiply; delays and shares (of ' +
      'errors, aborts, losses, duplicates) add up, with those of the file; of bandwidths the least counts, of pushes ' +
      'on one knob and of hot keys the last. A push is heard by the instances that are up; one that starts later ' +
      'starts with it.',
  ]
}

function variants(schema: JsonSchema): string[] {
  const metrics = METRICS.map((metric) => [
    code(metric.name),
    metric.args.length === 0 ? '' : code(usageOf(metric)),
    metric.unit,
    metric.help,
  ])
  return [
    '## `compare`',
    keyTable(entry(schema, 'compare')),
    '## `expect`',
    EXPECT,
    table(['metric', 'after the variant', 'unit', 'what it is'], metrics),
  ]
}

function limits(schema: JsonSchema): string[] {
  const { objective, budget, tags } = schema.properties ?? {}
  return [
    '## `tags`, `objective`, `budget`',
    keyTable({
      properties: { tags: tags ?? {}, objective: objective ?? {}, budget: budget ?? {} },
    }),
  ]
}
