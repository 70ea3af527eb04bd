/** What was found, kept in files: for the docs, for the page, and for the next run, which may be of some cases only. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ENGINE_VERSION } from '../../engine/run.ts'
import { causeOf } from './causes.ts'
import type { Examined } from './examine.ts'
import { attained, type Tier, TIERS } from './protocol.ts'
import { standingOf, tallyOf, type Standing } from './report.ts'

/** What became of one case. */
export interface PublishedCase {
  readonly id: string
  readonly family: string
  readonly model: string
  readonly tier: Tier
  readonly standing: Standing
  /** Gated metrics. */
  readonly reproduced: number
  readonly missed: number
  readonly notCovered: number
  /** What was missed, or why it was not run. */
  readonly why: readonly string[]
}

/** All that was found with one engine about one set of cases. */
export interface Published {
  readonly engine: string
  /** Of the file of cases. */
  readonly fingerprint: string
  readonly cases: readonly PublishedCase[]
}

/** A family as the page shows it. */
export interface FamilyRow {
  readonly family: string
  readonly cases: Readonly<Record<Standing, number>>
  readonly reproduced: number
  readonly missed: number
  readonly notCovered: number
}

const STANDINGS: readonly Standing[] = ['reproduced', 'missed', 'not covered', 'to come']
const CASES = 'cli/fidelity/reference-cases.json'
/** The files that are written, from the top of the house. */
export const FILES = {
  cases: 'cli/fidelity/published.json',
  page: 'ui/facts/fidelity.json',
  docs: 'FIDELITY.md',
} as const

/** Names the set of cases that comes with Faultline. */
export function fingerprintOf(root: string): string {
  return createHash('sha256')
    .update(readFileSync(join(root, CASES)))
    .digest('hex')
    .slice(0, 16)
}

/** What was found before, unless it was another engine or other cases. */
export function publishedIn(root: string): Published {
  const fresh = { engine: ENGINE_VERSION, fingerprint: fingerprintOf(root), cases: [] }
  const path = join(root, FILES.cases)
  if (!existsSync(path)) return fresh
  const kept = JSON.parse(readFileSync(path, 'utf8')) as Published
  return kept.engine === fresh.engine && kept.fingerprint === fresh.fingerprint ? kept : fresh
}

/** Takes in what was examined now, in the place of what was known of the same cases. */
export function withExamined(
  before: Published,
  examined: readonly Examined[],
  tier: Tier,
): Published {
  const all = new Map(before.cases.map((one) => [one.id, one]))
  for (const one of examined) all.set(one.case.id, rowOf(one, tier))
  const cases = [...all.values()].toSorted(
    (a, b) => compare(a.family, b.family) || compare(a.id, b.id),
  )
  return { ...before, cases }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function rowOf(one: Examined, tier: Tier): PublishedCase {
  const { id, family, model } = one.case
  const metrics = tallyOf([one]).metrics
  const standing = standingOf(one)
  return {
    id,
    family,
    model,
    tier: attained(one.case, tier),
    standing,
    ...metrics,
    why: whyOf(one),
  }
}

function whyOf({ excuse, trouble, verdicts, without }: Examined): string[] {
  if (excuse) return Object.values(excuse)
  if (trouble !== undefined) return [trouble]
  const missed = verdicts.filter(({ gate, reproduced }) => gate && !reproduced)
  return [
    ...missed.map(
      ({ name, measured, expected, tolerance }) =>
        `${name}: ${short(measured)} for ${short(expected)} ± ${short(tolerance)}`,
    ),
    ...Object.entries(without).map(([name, why]) => `${name} is not covered: ${why}`),
  ]
}

const short = (value: number): string => String(Number(value.toPrecision(4)))

/** The families, in the order of their names. */
export function familiesOf({ cases }: Pick<Published, 'cases'>): FamilyRow[] {
  const names = [...new Set(cases.map(({ family }) => family))]
  return names.map((family) => {
    const own = cases.filter((one) => one.family === family)
    const count = (standing: Standing): number =>
      own.filter((one) => one.standing === standing).length
    const sum = (read: (one: PublishedCase) => number): number =>
      own.reduce((all, one) => all + read(one), 0)
    const standings = STANDINGS.map((standing) => [standing, count(standing)])
    return {
      family,
      cases: Object.fromEntries(standings) as FamilyRow['cases'],
      reproduced: sum((one) => one.reproduced),
      missed: sum((one) => one.missed),
      notCovered: sum((one) => one.notCovered),
    }
  })
}

/** Writes the three files; `total` is the number of cases there are. */
export function publish(root: string, published: Published, total: number): void {
  const write = (path: string, text: string): void => writeFileSync(join(root, path), text)
  const { engine, fingerprint } = published
  const page = { engine, fingerprint, total, families: familiesOf(published) }
  write(FILES.cases, `${JSON.stringify(published, null, 1)}\n`)
  write(FILES.page, `${JSON.stringify(page, null, 1)}\n`)
  write(FILES.docs, documentOf(published, total))
}

/** The table for the docs, with what is missed and what is not covered, by its reason. */
export function documentOf(published: Published, total: number): string {
  const { cases, engine } = published
  return [
    '# How do we know?',
    '',
    `${total} reference results of the field (closed forms, published numbers, independent simulations) are run through`,
    'ordinary scenarios, and what comes out is compared with what must. The tolerances were fixed before; no run is repeated.',
    '',
    `Made by \`npm run -s fidelity -- --markdown\`, which takes \`--tier\` and \`--only\`; engine ${engine}; ${tiersOf(cases)}.`,
    `\`npm run -s fidelity -- --show ID\` prints the scenarios of a case. Examined so far: ${cases.length} of ${total} cases.`,
    '',
    ...familyTable(published),
    '',
    ...section('Missed', reasonsOf(cases, 'missed')),
    ...section('Not covered', reasonsOf(cases, 'not covered')),
    ...section('To come, with their patterns', reasonsOf(cases, 'to come')),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n')
}

/** How many cases were run at which tier. */
function tiersOf(cases: readonly PublishedCase[]): string {
  const run = cases.filter(({ standing }) => standing === 'reproduced' || standing === 'missed')
  const tiers = TIERS.map((tier) => [tier, run.filter((one) => one.tier === tier).length] as const)
  const told = tiers
    .filter(([, count]) => count > 0)
    .map(([tier, count]) => `${count} at tier ${tier}`)
  return `cases run: ${told.join(', ') || 'none'}`
}

function familyTable(published: Published): string[] {
  const rows = familiesOf(published)
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`
  const body = rows.map(({ family, cases, reproduced, missed }) =>
    line([
      family,
      ...STANDINGS.map((standing) => cases[standing]),
      `${reproduced} of ${reproduced + missed}`,
    ]),
  )
  const sum = (read: (row: FamilyRow) => number): number =>
    rows.reduce((all, row) => all + read(row), 0)
  const [reproduced, missed] = [sum((row) => row.reproduced), sum((row) => row.missed)]
  const totals = STANDINGS.map((standing) => sum((row) => row.cases[standing]))
  return [
    line(['family', ...STANDINGS, 'gated metrics reproduced']),
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...body,
    line(['**all**', ...totals, `${reproduced} of ${reproduced + missed}`]),
  ]
}

/** Reasons, each with the cases that have it. */
function reasonsOf(cases: readonly PublishedCase[], standing: Standing): string[] {
  const byReason = new Map<string, string[]>()
  for (const { id, standing: own, why } of cases) {
    if (own !== standing) continue
    const reason = why.join('; ')
    byReason.set(reason, [...(byReason.get(reason) ?? []), id])
  }
  return [...byReason].map(([reason, ids]) => {
    const cause = standing === 'missed' ? causeOf(ids[0]!) : undefined
    return `- ${reason} (${listed(ids)})${cause === undefined ? '' : `: ${cause}`}`
  })
}

const SHOWN = 4

function listed(ids: readonly string[]): string {
  const rest = ids.length - SHOWN
  return ids.slice(0, SHOWN).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, '', ...lines, '']
}
