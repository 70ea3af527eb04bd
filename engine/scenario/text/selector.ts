/** Places in a system as text: `a -> b`, `* -> b`, `db`, `db#2`. */

/** Two ends, with where each stands in the text. */
export interface EdgeText {
  readonly from: string
  readonly to: string
  readonly toShift: number
}

/** The ends of `a -> b`; undefined when it is no edge. */
export function parseEdge(text: string): EdgeText | undefined {
  const arrow = text.indexOf('->')
  if (arrow < 0 || text.includes('->', arrow + 2)) return undefined
  const from = text.slice(0, arrow).trim()
  const rest = text.slice(arrow + 2)
  const to = rest.trim()
  if (from === '' || to === '') return undefined
  return { from, to, toShift: arrow + 2 + (rest.length - rest.trimStart().length) }
}

/** An edge as it is written everywhere. */
export function edgeText(from: string, to: string): string {
  return `${from} -> ${to}`
}

/** A selector with its spaces in order. */
export function tidySelector(text: string): string {
  const edge = parseEdge(text)
  return edge ? edgeText(edge.from, edge.to) : text.trim()
}

/** Service and instance of `db#2`; the instance counts from 0. Undefined when the number is no number. */
export function parseInstance(
  text: string,
): { service: string; instance: number | undefined } | undefined {
  const hash = text.indexOf('#')
  if (hash < 0) return { service: text.trim(), instance: undefined }
  const digits = text.slice(hash + 1).trim()
  if (!/^(?:0|[1-9][0-9]{0,6})$/.test(digits)) return undefined
  return { service: text.slice(0, hash).trim(), instance: Number(digits) }
}

/** Whether every place that the second selector means is also meant by the first. */
export function covers(wide: string, narrow: string): boolean {
  const [a, b] = [parseEdge(wide), parseEdge(narrow)]
  if (!a || !b) return !a && !b && (wide === '*' || wide === narrow)
  return (a.from === '*' || a.from === b.from) && (a.to === '*' || a.to === b.to)
}
