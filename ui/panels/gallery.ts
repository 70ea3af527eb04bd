/** The gallery: every scenario as a card with its question and how it ends, to be found by kind, problem and words. */
import type { Conductor } from '../conductor.ts'
import { el, setText } from '../dom.ts'
import { ANYTHING, difficulties, found, problems, type Asked } from '../facts/finding.ts'
import { capitalised, plural } from '../format.ts'
import { library, type Entry } from '../library.ts'
import type { Catalogue } from '../patterns.ts'
import type { SparkMaker } from '../sparks.ts'
import { openDialog } from './dialog.ts'
import { cardOf, drawSparks } from './gallery-card.ts'
import { pickFile } from './open-file.ts'

/** Opens the gallery. @param current name of the scenario that is open */
export function openGallery(
  catalogue: Catalogue,
  conductor: Conductor,
  sparks: SparkMaker,
  current: string,
): void {
  // As it is now: whoever fetches the library again meanwhile gets entries that have no card here.
  const all = [...library]
  const families = new Map([...catalogue].map(([name, { family }]) => [name, family]))
  const grid = el('ul', { class: 'cards' })
  const told = el('p', { class: 'small', role: 'status' })
  let asked = ANYTHING
  const take = ({ name, text }: Entry): void => {
    dialog.close()
    void conductor.open(name, text)
  }
  const seen = watchFor(sparks)
  const cards = new Map(all.map((entry) => [entry, cardOf(entry, entry.name === current, take)]))
  const show = (): void => {
    const entries = found(all, asked, families)
    grid.replaceChildren(...entries.map((entry) => el('li', {}, cards.get(entry))))
    for (const entry of entries) seen.observe(cards.get(entry)!, entry)
    setText(told, entries.length > 0 ? plural(entries.length, 'scenario') : nothing(asked))
  }
  const filters = filtersOf(new Set(families.values()), (change) => {
    asked = { ...asked, ...change }
    show()
  })
  const open = el('button', { class: 'btn', type: 'button' }, 'Open a file…')
  open.addEventListener('click', () => void pickFile(conductor).then(() => dialog.close()))
  const foot = el(
    'footer',
    { class: 'gallery-foot' },
    told,
    el('span', {}, 'or drop a file on the page'),
    open,
  )
  const dialog = openDialog('Scenarios', [filters, grid, foot])
  dialog.classList.add('gallery')
  dialog.addEventListener('close', () => seen.stop())
  grid.addEventListener('keydown', (event) => walk(event, grid))
  show()
  grid.querySelector('button')?.focus()
}

function nothing({ words }: Asked): string {
  const what =
    words === '' ? 'No scenario is like that.' : `No scenario is about “${words}” like that.`
  return `${what} Ask for less.`
}

/** Asks for the sparks of a card when it comes into view. */
function watchFor(sparks: SparkMaker) {
  const entries = new WeakMap<Element, Entry>()
  const watcher = new IntersectionObserver((all) => {
    for (const { isIntersecting, target } of all) {
      const entry = entries.get(target)
      if (!isIntersecting || !entry) continue
      watcher.unobserve(target)
      entries.delete(target)
      sparks.ask(entry, (made) => drawSparks(target, made))
    }
  })
  const asked = new Set<Entry>()
  return {
    observe(card: Element, entry: Entry) {
      if (asked.has(entry)) return
      asked.add(entry)
      entries.set(card, entry)
      watcher.observe(card)
    },
    stop() {
      watcher.disconnect()
      sparks.stop()
    },
  }
}

function filtersOf(families: ReadonlySet<string>, tell: (change: Partial<Asked>) => void) {
  const field = el('input', { type: 'search', 'aria-label': 'Search', placeholder: 'Search' })
  field.addEventListener('input', () => tell({ words: field.value.trim() }))
  return el(
    'div',
    { class: 'gallery-filters', role: 'search' },
    field,
    choice('Patterns', [...families].toSorted(), (family) => tell({ family })),
    choice('Problem', problems(library), (problem) => tell({ problem })),
    choice('Difficulty', difficulties(library), (difficulty) => tell({ difficulty })),
  )
}

function choice(name: string, options: readonly string[], tell: (value: string) => void) {
  const any = el('option', { value: '' }, `${name}: any`)
  const all = options.map((one) => el('option', { value: one }, capitalised(one)))
  const select = el('select', { 'aria-label': name, name: name.toLowerCase() }, any, all)
  select.addEventListener('change', () => tell(select.value))
  return select
}

/** Arrows go from card to card as they lie on the screen. */
function walk(event: KeyboardEvent, grid: HTMLElement): void {
  const cards = [...grid.querySelectorAll('button')]
  const at = cards.indexOf(document.activeElement as HTMLButtonElement)
  if (at < 0) return
  const top = (card: HTMLElement): number => card.getBoundingClientRect().top
  const columns = cards.filter((card) => Math.abs(top(card) - top(cards[0]!)) < 4).length
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    Home: -at,
    End: cards.length - 1 - at,
  }
  const step = steps[event.key]
  if (step === undefined) return
  event.preventDefault()
  cards[at + step]?.focus()
}
