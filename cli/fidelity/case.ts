/** Reference cases: a model with its parameters, and what must come out. The form is that of `reference-cases.json`. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { BadInput } from '../exit.ts'

const metric = z.looseObject({
  name: z.string(),
  expected: z.number().nullable(),
  kind: z.string(),
  /** Asymptotic standard deviation of the estimator: its standard error from N observations is asd/√N. */
  asd: z.number().nullable().optional(),
  tolerance_abs: z.number().nullable().optional(),
  tolerance_rel: z.number().nullable().optional(),
  /** Standard error of the expected value itself, where that was simulated. */
  ref_se: z.number().nullable().optional(),
  /** False: for information only. */
  gate: z.boolean(),
})

const reference = z.looseObject({
  id: z.string(),
  family: z.string(),
  model: z.string(),
  title: z.string().optional(),
  /** Complete data for the adapter; every `_s` is in seconds, every `_per_s` per second. */
  params: z.record(z.string(), z.unknown()),
  /** True where the expected values are elementary arithmetic. */
  arithmetic: z.boolean().nullable().optional(),
  metric_time_unit: z.string().nullable().optional(),
  metrics: z.array(metric).min(1),
  sample: z.looseObject({
    /** Null: nothing is drawn. */
    N: z.number().positive().nullable(),
    count_of: z.string().optional(),
    warmup_requests: z.number().nullable().optional(),
  }),
})

const file = z.looseObject({ cases: z.array(reference).min(1) })

/** A number that must come out. */
export type ReferenceMetric = z.infer<typeof metric>
/** A setting of a model and the numbers that must come out of it. */
export type ReferenceCase = z.infer<typeof reference>

/** Reads a file of cases; refuses one that is not of this form, saying where. */
export function readCases(path: string): ReferenceCase[] {
  const found = file.safeParse(parsed(path))
  if (found.success) return found.data.cases
  const [first] = found.error.issues
  throw new BadInput(
    `${path} is not a file of reference cases: ${first!.path.join('.')}: ${first!.message}. ` +
      'It must read { "cases": [{ "id", "family", "model", "params", "metrics", "sample" }] }.',
  )
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new BadInput(`${path} cannot be read as JSON: ${(error as Error).message}`)
  }
}
