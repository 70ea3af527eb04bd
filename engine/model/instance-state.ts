/** What changes about an instance while a world runs, as plain data for checkpoints. */
import type { Instance } from './instance.ts'

/** Plain fields. */
const REMEMBERED = [
  'listed',
  'up',
  'felled',
  'paused',
  'draining',
  'starting',
  'busy',
  'booked',
  'slow',
  'extraErrors',
  'lostTime',
  'pausedAt',
  'refusesWhenDown',
] as const
/** Parts that save themselves, where the instance has them. */
const PARTS = ['deferred', 'line', 'processor', 'preemption', 'clock', 'store'] as const

type Saved = Record<'plain' | (typeof PARTS)[number], unknown>

/** An instance at this moment. */
export function saveInstance(instance: Instance): unknown {
  return {
    plain: Object.fromEntries(REMEMBERED.map((field) => [field, instance[field]])),
    ...Object.fromEntries(PARTS.map((part) => [part, instance[part]?.save()])),
  }
}

/** Takes an instance to a moment that was saved. */
export function loadInstance(instance: Instance, saved: unknown): void {
  const from = saved as Saved
  Object.assign(instance, from.plain)
  for (const part of PARTS) instance[part]?.load(from[part])
}
