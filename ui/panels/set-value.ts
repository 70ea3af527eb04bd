import type { Desk } from './panel.ts'

/** Sets a value of the file, in both variants. */
export function setValue(path: string, text: string, { store }: Desk): void {
  store.edit(`set ${path}`, (draft) => {
    draft.set[path] = text
  })
}
