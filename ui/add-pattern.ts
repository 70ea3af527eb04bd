/** Adds a pattern to the open scenario: a line in its text, switched on in B and off in A. */
import type { AnyComponent } from '../engine/component.ts'
import type { Conductor } from './conductor.ts'
import type { State } from './state.ts'
import type { Store } from './store.ts'

/**
 * Adds a pattern under its own name, at one place (`* -> db`) or where it goes by itself; the reader judges the new text,
 * and what is open stays when it objects.
 */
export async function addPattern(
  { name }: AnyComponent,
  { store, conductor }: { readonly store: Store<State>; readonly conductor: Conductor },
  where?: string,
): Promise<void> {
  const { document, opened } = store.get()
  if (!opened) return
  const ids = [...opened.scenario.patterns, ...opened.off].map(({ id }) => id)
  const id = freeName(name, ids)
  const text = withPattern(document.text, id, name, where)
  await conductor.amend(`add ${id}`, text, (draft) => {
    draft.switches.A[id] = false
    draft.switches.B[id] = true
  })
}

/** The text with a line for one more pattern. */
export function withPattern(text: string, id: string, name: string, where?: string): string {
  const place = where === undefined ? '' : `, where: ['${where}']`
  const line = `  ${id}: { use: ${name}${place} }`
  const block = /^patterns:[ \t]*(#.*)?$/m
  if (block.test(text)) {
    const inside = /^patterns:.*\n+( +)/m.exec(text)?.[1]
    return text.replace(block, (head) => `${head}\n${inside ?? '  '}${line.trim()}`)
  }
  const flow = /^patterns:[ \t]*\{/m
  if (flow.test(text)) return text.replace(flow, (head) => `${head} ${line.trim()},`)
  return `${text.replace(/\n*$/, '\n')}patterns:\n${line}\n`
}

function freeName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name
  let number = 2
  while (taken.includes(`${name}-${number}`)) number++
  return `${name}-${number}`
}
