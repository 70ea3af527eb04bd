import { describe, expect, it } from 'vitest'
import { checkField } from '../../ui/checked-field.ts'

/** What a text field is to whoever checks it. */
class Field extends EventTarget {
  value = '15s'
  reported = ''
  private problem = ''
  private isCalledBack = false
  private readonly attributes = new Map<string, string>()

  get validity(): { valid: boolean } {
    return { valid: this.problem === '' }
  }
  setCustomValidity(problem: string): void {
    this.problem = problem
  }
  reportValidity(): void {
    this.reported = this.problem
  }
  getAttribute(name: string): string | undefined {
    return this.attributes.get(name)
  }
  setAttribute(name: string, value: string): void {
    this.attributes.set(name, value)
  }
  /** Somebody types a text and presses Enter. */
  type(text: string): void {
    this.dispatchEvent(new Event('focus'))
    this.value = text
    this.dispatchEvent(new Event('input'))
    this.dispatchEvent(new Event('change'))
  }
  matches(): boolean {
    return this.isCalledBack
  }
  /** Somebody goes on to another field; the hint may call them back. */
  async leave(isCalledBack = false): Promise<void> {
    this.isCalledBack = isCalledBack
    this.dispatchEvent(new Event('blur'))
    await new Promise((go) => setTimeout(go, 1))
  }
}

function checked(): { field: Field; told: string[] } {
  const [field, told] = [new Field(), [] as string[]]
  checkField(field as unknown as HTMLInputElement, (text) => {
    if (!text.endsWith('s')) return 'Write it with its unit.'
    told.push(text)
    return ''
  })
  return { field, told }
}

describe('a field that checks what is typed', () => {
  it('marks what it cannot take, and shows what is run once it is left', async () => {
    const { field, told } = checked()
    field.type('abc')
    expect(field).toMatchObject({ value: 'abc', reported: 'Write it with its unit.' })
    await field.leave(true)
    expect(field.value).toBe('abc')
    expect(field.getAttribute('aria-invalid')).toBe('true')
    await field.leave()
    expect(field.value).toBe('15s')
    expect(field.getAttribute('aria-invalid')).toBe('false')
    expect(told).toEqual([])
  })

  it('goes back to the last text that was taken', async () => {
    const { field, told } = checked()
    field.type(' 20s ')
    await field.leave()
    field.type('many')
    await field.leave()
    expect(field.value.trim()).toBe('20s')
    expect(told).toEqual(['20s'])
  })

  it('goes back to what a slider has put there since', async () => {
    const { field } = checked()
    field.value = '30s'
    field.type('abc')
    await field.leave()
    expect(field.value).toBe('30s')
  })
})
