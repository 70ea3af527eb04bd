/** The page of the self-test, opened in some browser. */
import type { SelfTestRow } from '../../workers/self-test.ts'
import type { EnginePage } from './engines.ts'

/** What the page says for machines. */
export interface SelfTestResult {
  readonly passed: boolean
  readonly engine: string
  /** Milliseconds, events. */
  readonly took: number
  readonly events: number
  readonly rows: readonly SelfTestRow[]
}

/** Makes the page run what the fragment says, and answers what came of it. */
export async function selfTestIn(
  page: EnginePage,
  app: string,
  fragment: string,
  timeout = 50_000,
): Promise<SelfTestResult> {
  await page.goto('about:blank')
  await page.goto(`${app}selftest.html#${fragment}`)
  const done = `return document.body.dataset.done && document.getElementById('result').textContent`
  return JSON.parse(String(await page.waitFor(done, timeout))) as SelfTestResult
}

/** Rows that did not pass, in one line each. */
export function failuresOf({ rows }: SelfTestResult): string[] {
  return rows
    .filter(({ passed }) => !passed)
    .map(({ run, got }) => `${run.name} ${run.variant} ${run.seed}: ${run.digest}, got ${got}`)
}
