/** From what the schema read to what the engine runs. */
import { parseExpectation } from '../expect/parse.ts'
import { type Finding, finding } from '../problem.ts'
import type { Attachment, Expectation, LinkSpec, Scenario } from '../scenario.ts'
import { type ReadFile, titled } from '../schema/file.ts'
import type { Catalogue } from '../schema/patterns.ts'
import { tidySelector } from '../text/selector.ts'
import { bare } from '../text/tree.ts'
import { faultsOf, withTargets } from './faults.ts'
import { attachmentsOf, type Switches, switched } from './patterns.ts'

/** What is not in the file itself. */
export interface Surroundings {
  readonly name: string
  readonly catalogue: Catalogue
  readonly switches: Switches
  /** Line of each expectation. */
  readonly lineOfExpectation: (index: number) => number
}

export interface Normalised {
  readonly scenario: Scenario
  /** Attachments of the file that are left out of the scenario. */
  readonly off: readonly Attachment[]
  readonly findings: readonly Finding[]
}

/** Completes a file: links, attachments, variants, faults. */
export function normalise(file: ReadFile, around: Surroundings): Normalised {
  const { catalogue, switches } = around
  const attachments = attachmentsOf(file.patterns, catalogue)
  const patterns = switched(attachments, switches, catalogue)
  const ids = new Set(patterns.map(({ id }) => id))
  const faults = faultsOf(file, attachments.all, catalogue)
  const { patterns: _, faults: __, ...sections } = file
  const scenario: Scenario = {
    ...sections,
    name: around.name,
    title: file.title ?? around.name,
    tags: { ...file.tags, difficulty: file.tags.difficulty ?? '' },
    objective: { served: file.objective.served, p99: file.objective.p99 },
    links: linksOf(file.links),
    patterns,
    order: file.order.filter((id) => ids.has(id)),
    faults: withTargets(faults.specs, file, patterns, catalogue),
    compare: titled(file.compare),
    expect: file.expect.map((text, index) => expectation(text, around.lineOfExpectation(index))),
  }
  const off = attachments.all.filter(({ id }) => !ids.has(id))
  return { scenario, off, findings: [...attachments.findings, ...faults.findings, ...rules(file)] }
}

function expectation(text: string, line: number): Expectation {
  return { text, line }
}

const PLAIN_LINK: LinkSpec = {
  latency: { kind: 'constant', value: 500_000 },
  loss: 0,
  duplicate: 0,
  bandwidth: Infinity,
  fifo: false,
}

/** Links named in the file, with what they leave out taken from `default`. */
function linksOf(links: ReadFile['links']): Record<string, LinkSpec> {
  const standard = completed(PLAIN_LINK, links['default'])
  const named = Object.entries(links).map(
    ([name, link]) => [tidySelector(name), completed(standard, link)] as const,
  )
  return bare([['default', standard], ...named])
}

function completed(base: LinkSpec, link: ReadFile['links'][string] | undefined): LinkSpec {
  return {
    latency: link?.latency ?? base.latency,
    loss: link?.loss ?? base.loss,
    duplicate: link?.duplicate ?? base.duplicate,
    bandwidth: link?.bandwidth ?? base.bandwidth,
    fifo: link?.fifo ?? base.fifo,
  }
}

/** Rules between sections. */
function rules(file: ReadFile): Finding[] {
  if (file.warmup < file.duration) return []
  return [finding('E_RANGE', ['warmup'], 'warmup must be shorter than duration.')]
}

/** The trees of a scenario's expectations; they were checked when the file was read. */
export function expectationsOf(scenario: Scenario) {
  return scenario.expect.flatMap(({ text }) => {
    const parsed = parseExpectation(text)
    return parsed.ok ? [parsed.tree] : []
  })
}
