/** Values of knobs laid over others, as a component is given them: plain objects. */

/** Later values win; groups are merged knob by knob. */
export function merged(
  base: Record<string, unknown>,
  over: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const result = { ...base }
  for (const [name, value] of Object.entries(over)) {
    const before = result[name]
    const nested = isRecord(before) && isRecord(value)
    result[name] = nested ? merged(before, value) : value
  }
  return result
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value at a path such as `delay.after`. */
export function atPath(path: string, value: unknown): Record<string, unknown> {
  return path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Record<
    string,
    unknown
  >
}
