/** Gives bad inputs to the page, in any browser, and sees what it says and what has become of it. */
import { expect } from 'vitest'
import { formatProblem, readScenario } from '../../engine/scenario/read.ts'
import { type BadInput, READ, REFUSED } from './bad-inputs.ts'
import type { EnginePage } from './engines.ts'

/** What must be the same before and after: all that a file could have changed. */
const STATE = `return JSON.stringify({
  digests: [document.body.dataset.digestA, document.body.dataset.digestB],
  title: document.querySelector('h1').textContent,
  keys: [Object.prototype, Array.prototype].map((one) => Reflect.ownKeys(one).map(String)),
  pwned: String(window.__pwned),
  stored: Object.entries(localStorage),
  went: history.length,
  address: location.href,
  scripts: document.scripts.length + document.querySelectorAll('img, iframe, object, a[href^=javascript]').length,
})`

const LISTEN = `window.__reports = []
document.addEventListener('securitypolicyviolation', ({ violatedDirective }) => window.__reports.push(violatedDirective))
addEventListener('error', ({ message }) => window.__reports.push(message))
addEventListener('unhandledrejection', ({ reason }) => window.__reports.push(String(reason)))`

const DROP = `const [name, bytes] = arguments
const data = new DataTransfer()
data.items.add(new File([Uint8Array.from(atob(bytes), (one) => one.charCodeAt(0))], name))
const dropped = performance.now()
new MutationObserver((_, self) => {
  window.__took = performance.now() - dropped
  self.disconnect()
}).observe(document.getElementById('trouble'), { childList: true, subtree: true })
document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))`

const SAID = `const lines = [...document.querySelectorAll('#trouble [role=alert] li')].map((line) => line.textContent.replace(/\\s+/g, ' '))
const [first] = document.querySelectorAll('#trouble [role=alert] h2')
const dismiss = [...document.querySelectorAll('#trouble button')].find((button) => button.textContent === 'Dismiss')
dismiss.click()
return { title: first.textContent, lines, took: window.__took }`

/** Opens the page on a short run and waits until it is done. */
async function openPage(page: EnginePage, app: string): Promise<void> {
  await page.goto(`${app}#s=retry-storm&set=duration%3D20s`)
  await page.evaluate(LISTEN)
  const isDone = `return document.body.dataset.digestA && document.body.dataset.digestB`
  await page.waitFor(isDone, 120_000)
}

function drop(page: EnginePage, name: string, bytes: Uint8Array): Promise<unknown> {
  return page.evaluate(DROP, `${name}.yaml`, Buffer.from(bytes).toString('base64'))
}

/** What Node says of a file, line by line. */
function saidInNode({ name, bytes }: BadInput): string[] {
  const result = readScenario(bytes, name)
  if (result.ok) throw new Error(`${name} was read`)
  const said = result.errors.map((error) => formatProblem(`${name}.yaml`, error))
  return result.more > 0 ? [...said, `and ${result.more} more`] : said
}

/** Drops every file that must be refused; answers the longest time until the page had said so, ms. */
export async function refuseAll(page: EnginePage, app: string): Promise<number> {
  await openPage(page, app)
  const before = await page.evaluate(STATE)
  const took: number[] = []
  for (const input of REFUSED) {
    await drop(page, input.name, input.bytes)
    const isThere = `return document.getElementById('trouble').textContent.includes('${input.name}.yaml was not opened')`
    await page.waitFor(isThere, 30_000)
    const said = (await page.evaluate(SAID)) as { lines: string[]; took: number }
    const expected = saidInNode(input).map((line) => line.replaceAll(/\s+/g, ' '))
    expect(said.lines, input.name).toEqual(expected)
    expect(await page.evaluate(STATE), input.name).toBe(before)
    took.push(said.took)
  }
  expect(await page.evaluate('return window.__reports')).toEqual([])
  return Math.max(...took)
}

/** Drops the files that are read, but are not harmless: what they hold is shown as text, and their runs end. */
export async function readAll(page: EnginePage, app: string): Promise<void> {
  await openPage(page, app)
  const isDone = `return document.body.dataset.state === 'ready' && document.querySelector('#header').textContent`
  for (const [name, words] of [
    ['B55-run', 'stall: 100000 events without time advancing'],
    ['B56-run', 'more than 200000 events'],
  ] as const) {
    await drop(page, name, READ.get(name)!)
    const text = `return document.getElementById('trouble').textContent.includes('${words}')`
    await page.waitFor(text, 30_000)
    await page.waitFor(isDone)
  }
  const before = JSON.parse(String(await page.evaluate(STATE))) as { keys: unknown }
  await drop(page, 'B63', READ.get('B63')!)
  await page.waitFor(`return document.body.textContent.includes('hasOwnProperty')`, 20_000)
  await page.waitFor(isDone)
  const after = JSON.parse(String(await page.evaluate(STATE))) as { keys: unknown; pwned: string }
  expect(after.keys).toEqual(before.keys)
  expect(after.pwned).toBe('undefined')
  expect(await page.evaluate('return window.__reports')).toEqual([])
}
