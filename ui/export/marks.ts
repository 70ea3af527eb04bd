/** Copies SVG that is on the screen into one that stands alone: with its looks, and with what it refers to. */
import { svg } from '../dom.ts'
import { presentation, referencesIn, type Read } from './styles.ts'

/** A copy of an SVG element and all below it. */
export function copyMarks(original: Element, parent?: Read): Element {
  const style = getComputedStyle(original)
  const read: Read = (property) => style.getPropertyValue(property)
  const copy = original.cloneNode(false) as Element
  for (const name of ['class', 'style', 'tabindex', 'role']) copy.removeAttribute(name)
  for (const [name, value] of presentation(read, parent)) copy.setAttribute(name, value)
  const isMoved = (original as SVGElement).style?.transform || !original.hasAttribute('transform')
  if (isMoved && style.transform.startsWith('matrix(')) {
    copy.setAttribute('transform', style.transform)
  }
  for (const child of original.childNodes) {
    if (child instanceof Element) {
      if (getComputedStyle(child).display !== 'none' || child.localName === 'defs')
        copy.append(copyMarks(child, read))
    } else copy.append(child.cloneNode())
  }
  return copy
}

/** The patterns, gradients and signs that marks refer to and do not hold themselves. */
export function definitionsFor(marks: Element): SVGDefsElement {
  const defs = svg('defs')
  const known = new Set([...marks.querySelectorAll('[id]')].map(({ id }) => id))
  let waiting = referencesIn(valuesIn(marks))
  while (waiting.length > 0) {
    const next: string[] = []
    for (const id of waiting.filter((one) => !known.has(one))) {
      known.add(id)
      const original = document.getElementById(id)
      if (!original) continue
      const copy = copyMarks(original)
      defs.append(copy)
      next.push(...referencesIn(valuesIn(copy)))
    }
    waiting = next
  }
  return defs
}

function valuesIn(root: Element): string[] {
  return [root, ...root.querySelectorAll('*')].flatMap((element) =>
    [...element.attributes].map(({ value }) => value),
  )
}
