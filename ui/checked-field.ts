/** Text fields that say what is wrong with what was typed, and never go on showing what is not run. */
import { setAll } from './dom.ts'

/**
 * `tell` takes a text, or answers what is wrong with it. A text that it does not take is marked while the field has the
 * focus; once the field is left, it shows again what is run.
 */
export function checkField(input: HTMLInputElement, tell: (text: string) => string): void {
  let kept = input.value
  const mark = (problem: string): void => {
    input.setCustomValidity(problem)
    setAll(input, { 'aria-invalid': String(problem !== '') })
  }
  input.addEventListener('change', () => {
    const problem = tell(input.value.trim())
    mark(problem)
    if (problem === '') kept = input.value
    else input.reportValidity()
  })
  input.addEventListener('input', () => mark(''))
  input.addEventListener('focus', () => (kept = input.validity.valid ? input.value : kept))
  const fallBack = (): void => {
    if (input.validity.valid || input.matches(':focus')) return
    input.value = kept
    mark('')
  }
  // Whoever leaves right after typing is called back by the hint, and may leave the next time.
  input.addEventListener('blur', () => setTimeout(fallBack))
}
