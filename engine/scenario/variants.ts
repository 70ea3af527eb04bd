/** Variants of a file: the tree with what a variant sets, and what is wrong only then. */
import { interpret, type Reading } from './interpret.ts'
import type { Opened } from './open.ts'
import { copyOf, setAt } from './patch.ts'
import { type Finding, pathText } from './problem.ts'
import { entriesAt } from './text/tree.ts'

/** The tree with the values that a variant sets. */
export function withVariantValues(opened: Opened, variant: string): Opened {
  const root = copyOf(opened.root)
  const findings = entriesAt(opened.root, ['compare', variant, 'set']).flatMap(
    ([path, { value }]) =>
      setAt(root, path, copyOf(value)).map((one) => inVariant(one, variant, path)),
  )
  return { ...opened, root, findings: [...opened.findings, ...findings] }
}

/** A finding about a value that a variant sets is told where the variant sets it. */
function inVariant(one: Finding, variant: string, path: string): Finding {
  const place = ['compare', variant, 'set', path]
  const before = `${pathText(one.path)}: `
  const sentence = one.says.startsWith(before) ? one.says.slice(before.length) : one.says
  return { ...one, path: place, at: 'key', shift: 0, says: `${pathText(place)}: ${sentence}` }
}

/** What is wrong with a sound file when one of its variants changes it. */
export function checkVariants(opened: Opened, reading: Reading): Finding[] {
  return entriesAt(opened.root, ['compare']).flatMap(([variant]) => {
    const set = entriesAt(opened.root, ['compare', variant, 'set'])
    if (set.length === 0) return []
    const changed = withVariantValues(opened, variant)
    const own = changed.findings.slice(opened.findings.length)
    if (own.length > 0) return own
    const { findings } = interpret(changed.root, {}, reading)
    return findings
      .filter((one) => one.severity === 'error')
      .map((one) => inVariant(one, variant, causeOf(one, set)))
  })
}

/** The path in a variant's `set` that a finding is about. */
function causeOf({ path }: Finding, set: readonly (readonly [string, unknown])[]): string {
  const text = pathText(path)
  return (set.find(([key]) => text.startsWith(key)) ?? set[0]!)[0]
}
