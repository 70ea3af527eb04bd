/** Somebody who does anything on the page: keys, clicks, drags, words, wheels, addresses; the same again for the same seed. */
import type { Page } from 'playwright'
import seedrandom from 'seedrandom'
import { KEYS } from '../../ui/keys.ts'

/** What a monkey did last, for whoever wants to know why something broke. */
export interface Monkey {
  /** The last actions, the newest at the end. */
  readonly did: readonly string[]
  /** Does some more. */
  act(actions: number): Promise<void>
}

/** What it can do, and how often of a hundred. */
const HABITS = [
  { weight: 30, does: press },
  { weight: 40, does: clickControl },
  { weight: 8, does: clickAnywhere },
  { weight: 6, does: drag },
  { weight: 5, does: scroll },
  { weight: 5, does: write },
  { weight: 3, does: turnTo },
  { weight: 2, does: resize },
  { weight: 1, does: goBack },
] as const

/** Things typed into fields: numbers, times, names, and what nobody expects. */
const WORDS = ['7', '0', '-1', '1e9', 'ledger', '250ms', '50%', '  ', '<b>', '∞', 'a -> b', '{']
/** Short runs of some files, and addresses that mean nothing. */
const ADDRESSES = [
  's=retry-storm&set=duration%3D20s',
  's=breaker-saves-checkout&set=duration%3D10s&t=5',
  's=retry-storm-minimal&set=duration%3D10s&m=run',
  's=nothing-like-it',
  's=z.AAAA',
]

interface Hand {
  readonly page: Page
  readonly below: (n: number) => number
}

/** A monkey with a seed, let loose on an open page. */
export function monkey(page: Page, seed: string): Monkey {
  const random = seedrandom(`monkey ${seed}`)
  const hand = { page, below: (n: number) => Math.floor(random() * n) }
  const did: string[] = []
  const total = HABITS.reduce((sum, { weight }) => sum + weight, 0)
  return {
    did,
    async act(actions) {
      for (let n = 0; n < actions; n++) {
        let left = hand.below(total)
        const habit = HABITS.find(({ weight }) => (left -= weight) < 0)!
        did.push(await habit.does(hand))
        if (did.length > 30) did.shift()
      }
    },
  }
}

/** A key that the page knows, or one that forms know. */
async function press({ page, below }: Hand): Promise<string> {
  const forms = ['Tab', 'Enter', 'Escape', 'ArrowDown', 'ArrowUp', 'Shift+Tab', 'Backspace']
  const own = KEYS.filter(({ act, keys }) => act !== 'open' && keys !== '').map(({ keys }) =>
    chord(keys),
  )
  const all = [...own, ...own, ...forms]
  const key = all[below(all.length)]!
  await page.keyboard.press(key)
  return `press ${key}`
}

/** A key as Playwright writes it. */
function chord(keys: string): string {
  const names: Readonly<Record<string, string>> = {
    '←': 'ArrowLeft',
    '→': 'ArrowRight',
    Ctrl: 'Control',
    Esc: 'Escape',
  }
  const parts = keys.split('+').map((part) => names[part] ?? part)
  return parts.map((part) => (/^[A-Z]$/.test(part) ? `Key${part}` : part)).join('+')
}

/** A button, a field, a row: whatever can be clicked and is seen. Nothing that leads away from the page. */
async function clickControl({ page, below }: Hand): Promise<string> {
  const found = await page.evaluate(controlAt, below(1_000_000))
  if (!found) return 'found nothing to click'
  await page.mouse.click(found.x, found.y)
  return `click ${found.name}`
}

/** Runs on the page: the centre of one of the controls that can be seen. */
function controlAt(which: number): { x: number; y: number; name: string } | undefined {
  const open = [...document.querySelectorAll('dialog[open]')].at(-1)
  const all = [
    ...(open ?? document).querySelectorAll(
      'button, summary, select, input:not([type=file]), [role=button], [tabindex], a[href^="#"]',
    ),
  ]
  const seen = all.flatMap((element) => {
    const { left, top, width, height } = element.getBoundingClientRect()
    const [x, y] = [left + width / 2, top + height / 2]
    const isOn = x > 0 && y > 0 && x < innerWidth && y < innerHeight && width > 0
    return isOn ? [{ x, y, name: element.getAttribute('aria-label') ?? element.tagName }] : []
  })
  return seen[which % Math.max(1, seen.length)]
}

async function clickAnywhere({ page, below }: Hand): Promise<string> {
  const { x, y } = point(page, below)
  await page.mouse.click(x, y, below(8) === 0 ? { button: 'right' } : {})
  return `click at ${x}, ${y}`
}

async function drag({ page, below }: Hand): Promise<string> {
  const [from, to] = [point(page, below), point(page, below)]
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(to.x, to.y, { steps: 3 })
  if (below(4) === 0) await page.keyboard.press('Escape')
  await page.mouse.up()
  return `drag ${from.x}, ${from.y} to ${to.x}, ${to.y}`
}

async function scroll({ page, below }: Hand): Promise<string> {
  const { x, y } = point(page, below)
  await page.mouse.move(x, y)
  await page.mouse.wheel(0, (below(7) - 3) * 100)
  return `wheel at ${x}, ${y}`
}

async function write({ page, below }: Hand): Promise<string> {
  const word = WORDS[below(WORDS.length)]!
  await page.keyboard.insertText(word)
  if (below(2) === 0) await page.keyboard.press('Enter')
  return `type ${word}`
}

async function turnTo({ page, below }: Hand): Promise<string> {
  const address = ADDRESSES[below(ADDRESSES.length)]!
  await page.evaluate((hash) => {
    location.hash = hash
  }, address)
  return `go to #${address}`
}

async function resize({ page, below }: Hand): Promise<string> {
  const [width, height] = [400 + below(1200), 400 + below(700)]
  await page.setViewportSize({ width, height })
  return `resize to ${width} x ${height}`
}

async function goBack({ page }: Hand): Promise<string> {
  await page.evaluate(() => {
    if (history.length > 2 && location.hash !== '') history.back()
  })
  return 'back'
}

function point(page: Page, below: Hand['below']): { x: number; y: number } {
  const { width, height } = page.viewportSize() ?? { width: 1280, height: 800 }
  return { x: below(width), y: below(height) }
}

/** Whether the page still computes: a short run is asked for, and its digests come. */
export async function expectAlive(page: Page, app: string): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.goto(`${app}#s=retry-storm-minimal&seed=3&set=duration%3D10s`)
  await page.waitForFunction(() => {
    const { digestA, digestB } = document.body.dataset
    return digestA !== undefined && digestB !== undefined
  })
}
