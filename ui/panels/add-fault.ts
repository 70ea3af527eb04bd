/** A dialog that adds a fault: what goes wrong, with whom, when, and how badly. The file says it then. */
import { withFault } from '../../engine/scenario/edit.ts'
import type { FaultVerb } from '../../engine/scenario/scenario.ts'
import { AIMS, FAULT_VERBS, VERBS } from '../../engine/scenario/schema/faults.ts'
import { formatDuration, type Time } from '../../engine/units.ts'
import { el, setText } from '../dom.ts'
import { faultLine, targetsOf, wordsOf, type Targets, type Word } from '../facts/fault-draft.ts'
import { capitalised, words } from '../format.ts'
import { openDialog } from './dialog.ts'
import type { Desk } from './panel.ts'

/** What `at`, `for` and the keys of a verb are called. */
const NAMES: Readonly<Record<string, string>> = {
  at: 'starts at',
  for: 'lasts for',
  by: 'by how much',
  how: 'how callers notice',
}
/** How long a new fault lasts. */
const USUAL = '15s'

/** Opens the dialog; a new fault starts at a moment. */
export function openAddFault(desk: Desk, time: Time): void {
  const { opened } = desk.store.get()
  if (!opened) return
  const targets: Targets = { ...opened.scenario, off: opened.off }
  const verbs = FAULT_VERBS.filter((verb) => targetsOf(VERBS[verb].aim, targets)?.length !== 0)
  const choice = el('select', { name: 'verb', 'aria-label': 'What goes wrong' })
  choice.append(...verbs.map((verb) => el('option', { value: verb }, capitalised(words(verb)))))
  choice.value = 'slow'
  const help = el('p', { class: 'small' })
  const fields = el('div', { class: 'fault-fields' })
  const problem = el('p', { class: 'fault-problem bad', role: 'alert' })
  const add = el('button', { class: 'btn primary', type: 'submit' }, 'Add the fault')
  const what = el('label', {}, el('span', {}, 'what goes wrong'), choice)
  const form = el('form', { class: 'add-fault' }, what, help, fields, problem, add)
  const fill = (): void => {
    const verb = choice.value as FaultVerb
    setText(help, `${VERBS[verb].help}. Hits ${AIMS[VERBS[verb].aim].replaceAll('`', '')}.`)
    fields.replaceChildren(...fieldsOf(verb, targets, time, preferred(desk)))
  }
  choice.addEventListener('change', fill)
  fill()
  const dialog = openDialog('Add a fault', [form])
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void submit(desk, readFields(fields), problem).then((isAdded) => isAdded && dialog.close())
  })
}

/** What is looked at is what is likely to be broken next. */
function preferred({ store }: Desk): readonly string[] {
  const { view, opened } = store.get()
  const hit = opened?.scenario.faults.map(({ target }) => target) ?? []
  return [view.service, view.edge, ...hit].filter((name) => name !== undefined)
}

function fieldsOf(
  verb: FaultVerb,
  targets: Targets,
  time: Time,
  wanted: readonly string[],
): HTMLElement[] {
  return wordsOf(VERBS[verb].example).map(({ key, text }) => {
    if (key === verb) return targetField(verb, text, targets, wanted)
    if (key === 'at') return field(key, formatDuration(time))
    return field(key, key === 'for' ? USUAL : text)
  })
}

function field(key: string, text: string): HTMLElement {
  const input = el('input', { type: 'text', name: key, size: 12, autocomplete: 'off' })
  input.value = text
  return el('label', {}, el('span', {}, NAMES[key] ?? words(key)), input)
}

function targetField(
  verb: FaultVerb,
  example: string,
  targets: Targets,
  wanted: readonly string[],
): HTMLElement {
  const names = targetsOf(VERBS[verb].aim, targets)
  if (!names) return field(verb, example)
  const list = el('select', { name: verb })
  list.append(...names.map((name) => el('option', { value: name }, name.replace(' -> ', ' → '))))
  list.value = wanted.find((name) => names.includes(name)) ?? names[0] ?? ''
  return el('label', {}, el('span', {}, 'with whom'), list)
}

function readFields(fields: HTMLElement): Word[] {
  const inputs = fields.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input, select')
  return [...inputs].map(({ name, value }) => ({ key: name, text: value }))
}

/** Adds the line when the whole file can be read with it; else says what is wrong, and nothing is lost. */
async function submit(desk: Desk, said: readonly Word[], problem: HTMLElement): Promise<boolean> {
  const { store, conductor } = desk
  const line = faultLine(said)
  const text = withFault(store.get().document.text, line)
  const label = `add the fault ${line}`
  if (text !== undefined && (await conductor.amend(label, text, () => {}))) return true
  const [first] = store.get().trouble?.problems ?? []
  const hand = 'The faults of this file can only be changed by hand.'
  setText(problem, text === undefined ? hand : `${first?.message ?? ''} ${first?.hint ?? ''}`)
  store.update((draft) => {
    draft.trouble = undefined
  })
  return false
}
