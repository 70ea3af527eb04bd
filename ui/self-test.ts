/**
 * The page of the self-test: `selftest.html#runs=20&workers=2&slice=4096`. What is in the fragment:
 * `runs` (how many of the golden runs), `large` (those of ten million events), `workers`, `slice`,
 * `recording`, `pauses` (held again and again), `seek` (gone through back and forth). The result
 * for machines is the text of `#result`, once the body has `data-done`.
 */
import { ENGINE_VERSION } from '../engine/version.ts'
import { goldenRun, type GoldenFile, type GoldenRun, spread } from '../workers/golden.ts'
import golden from '../workers/golden-runs.json'
import { selfTest, type SelfTestRow } from '../workers/self-test.ts'
import { Inspector } from '../workers/inspector.ts'
import { seekTest } from '../workers/seek-test.ts'
import { Crew } from './crew.ts'
import { byId, el, setText } from './dom.ts'
import { spawnInspection } from './spawn-inspection.ts'

/** What the fragment asks for. */
interface Wish {
  readonly runs: number
  readonly large: boolean
  readonly workers: number
  readonly slice: number | undefined
  readonly recording: boolean
  readonly pauses: boolean
  readonly seek: boolean
}

const FEW = 20

function wish(): Wish {
  const asked = new URLSearchParams(location.hash.slice(1))
  const count = (name: string): number | undefined => {
    const text = asked.get(name) ?? ''
    return /^[1-9][0-9]{0,8}$/.test(text) ? Number(text) : undefined
  }
  return {
    runs: count('runs') ?? (asked.has('large') ? 0 : FEW),
    large: asked.has('large'),
    workers: Math.min(
      16,
      count('workers') ?? Math.max(1, Math.min(8, navigator.hardwareConcurrency)),
    ),
    slice: count('slice'),
    recording: asked.has('recording'),
    pauses: asked.has('pauses'),
    seek: asked.has('seek'),
  }
}

/** Makes the runs of the fragment, and shows each as it ends. */
async function start(): Promise<void> {
  const wanted = wish()
  const runs = chosen(wanted)
  const lines = runs.map(lineOf)
  byId('choice').replaceChildren(...choices(runs.length))
  byId('rows').replaceChildren(...lines)
  setText(byId('verdict'), `Running ${runs.length} runs …`)
  const { files } = await import('./library-files.ts')
  const texts = new Map(Object.entries(files).map(([path, text]) => [nameOf(path), text]))
  const textOf = (name: string): string => texts.get(name) ?? ''
  const begun = performance.now()
  let done = 0
  const onRow = (row: SelfTestRow, at: number): void => {
    mark(lines[at]!, row)
    byId('progress').setAttribute('value', String(++done / runs.length))
  }
  const rows = await rowsOf(runs, textOf, wanted, onRow)
  conclude(rows, wanted, performance.now() - begun)
}

async function rowsOf(
  runs: readonly GoldenRun[],
  textOf: (name: string) => string,
  way: Wish,
  onRow: (row: SelfTestRow, at: number) => void,
): Promise<SelfTestRow[]> {
  if (way.seek) {
    const inspector = new Inspector({ spawn: spawnInspection })
    const rows = await seekTest(inspector, runs, textOf, onRow)
    inspector.close()
    return rows
  }
  const { pool } = new Crew(way.workers)
  const rows = await selfTest({ runner: pool, runs, textOf, way, onRow })
  pool.close()
  return rows
}

function chosen({ runs, large }: Wish): readonly GoldenRun[] {
  const file: GoldenFile = golden
  const few = spread(file.runs.map(goldenRun), runs)
  return large ? [...few, ...file.large.map(goldenRun)] : few
}

function choices(count: number): HTMLElement[] {
  const all = golden.runs.length
  const links = [
    ['A run of every scenario, and a few more', `#runs=${FEW}`],
    [`All ${all}`, `#runs=${all}`],
    ['The large ones', '#large'],
  ] as const
  const parts = links.map(([text, href]) => el('a', { href }, text))
  return [el('span', {}, `${count} of ${all + golden.large.length} golden runs.`), ...parts]
}

function nameOf(path: string): string {
  return path
    .split('/')
    .at(-1)!
    .replace(/\.yaml$/, '')
}

function lineOf({ name, variant = '', seed, duration, events, digest }: GoldenRun): HTMLElement {
  const cells = [name, variant, seed, duration, String(events)].map((text) => el('td', {}, text))
  return el('tr', {}, cells, el('td', { class: 'digest' }, digest), el('td', {}, '…'))
}

function mark(line: HTMLElement, { passed, got }: SelfTestRow): void {
  line.dataset['passed'] = String(passed)
  setText(line.lastElementChild!, passed ? 'the same' : `not the same: ${got}`)
}

function conclude(rows: readonly SelfTestRow[], wanted: Wish, took: number): void {
  const failed = rows.filter(({ passed }) => !passed)
  const events = rows.reduce((sum, row) => sum + row.events, 0)
  const isOurs = golden.engine === ENGINE_VERSION
  const passed = failed.length === 0 && rows.length > 0 && isOurs
  const counted = `${rows.length - failed.length} of ${rows.length} runs came to the same digest`
  const made = `${(events / 1e6).toFixed(1)} million events in ${(took / 1000).toFixed(1)} s`
  const other = isOurs ? '' : ` The golden runs are of engine ${golden.engine}.`
  setText(byId('verdict'), `${counted}; ${made}; engine ${ENGINE_VERSION}.${other}`)
  const result = {
    passed,
    engine: ENGINE_VERSION,
    golden: golden.engine,
    wanted,
    took,
    events,
    rows,
  }
  setText(byId('result'), JSON.stringify(result, null, 1))
  document.body.dataset['done'] = String(passed)
}

addEventListener('hashchange', () => location.reload())
void start()
