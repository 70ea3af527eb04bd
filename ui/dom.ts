/** Makes elements. Text goes in as text nodes, so that nothing from a file is ever read as markup. */

type Value = string | number | boolean | undefined | ((event: never) => void)
type Attributes = Readonly<Record<string, Value>>
type Child = Node | string | number | undefined | readonly Child[]

/** An HTML element. A function is a listener (`onclick`), `true` an empty attribute, `false` none. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  setAll(element, attributes)
  add(element, children)
  return element
}

/** An SVG element, in the same way. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
  setAll(element, attributes)
  add(element, children)
  return element
}

/** Sets attributes and adds listeners. */
export function setAll(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(name.replace(/^on/, ''), value as EventListener)
    } else if (typeof value === 'boolean') element.toggleAttribute(name, value)
    else if (value !== undefined) setIfNew(element, name, String(value))
  }
}

/** The browser does its work even when the value is what it was; asking is cheaper. */
function setIfNew(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value)
}

function add(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined) continue
    if (Array.isArray(child)) add(element, child as readonly Child[])
    else element.append(typeof child === 'number' ? String(child) : (child as Node | string))
  }
}

/** The element of the page with this id; the page is ours, so it is there. */
export function byId(id: string): HTMLElement {
  return document.getElementById(id)!
}

/** Writes a text only when it has changed: layout is not disturbed, and screen readers stay quiet. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}

/** The tag that marks a variant: A dashed, B solid. */
export function sideTag(side: 'A' | 'B'): HTMLElement {
  return el('span', { class: `tag tag-${side}` }, side)
}
