/** Faults in words. */
import type { Layout } from '../../engine/results/frame.ts'
import { arrows } from '../format.ts'

type Fault = Layout['faults'][number]

/** What each verb does to its target, and how it ends. `$` is the target, `#` the factor of those that have one. */
const SAYINGS: Readonly<Record<string, readonly [begins: string, ends: string]>> = {
  crash: ['$ crashes', '$ is up again'],
  pause: ['$ stands still', '$ goes on'],
  slow: ['$ slows down #', '$ is fast again'],
  errors: ['$ returns errors', '$ returns no more errors'],
  delay: ['$ is delayed', '$ is no longer delayed'],
  abort: ['$ loses calls', '$ loses no more calls'],
  loss: ['$ loses messages', '$ loses no more messages'],
  duplicate: ['$ doubles messages', '$ doubles no more messages'],
  bandwidth: ['$ gets narrow', '$ is wide again'],
  partition: ['$ is parted', '$ is joined again'],
  skew: ['the clock of $ is off', 'the clock of $ is right again'],
  jump: ['the clock of $ jumps', 'the clock of $ is right again'],
  'disk-full': ['the disk of $ is full', 'the disk of $ has room again'],
  flush: ['$ loses what it had cached', '$ is warm again'],
  deploy: ['a bad version of $ goes out', 'the bad version of $ is gone'],
  certificate: ['the certificate of $ runs out', 'the certificate of $ is renewed'],
  config: ['$ gets a new configuration', '$ has its old configuration again'],
  'hot-key': ['one key of $ gets hot', 'the keys of $ are even again'],
  spike: ['$ rises #', '$ is back to normal'],
  region: ['$ is lost', '$ is there again'],
}

/** `ledger-db slows down ×2.7`. */
export function faultBegins(fault: Fault): string {
  return said(fault, SAYINGS[fault.verb]?.[0] ?? fault.label)
}

/** `ledger-db is fast again`. */
export function faultEnds(fault: Fault): string {
  return said(fault, SAYINGS[fault.verb]?.[1] ?? `${fault.label} is over`)
}

function said({ target, label }: Fault, saying: string): string {
  const times = label.lastIndexOf(' ×')
  const factor = times < 0 ? '' : label.slice(times + 1)
  return saying
    .replace('#', factor)
    .replace('$', () => arrows(target))
    .trim()
}

/** The moment the last fault that ends before the run does is over; undefined when there is none. */
export function lastFaultEnd({ faults, duration }: Layout): number | undefined {
  const ends = faults.map(({ until }) => until).filter((until) => until < duration)
  return ends.length === 0 ? undefined : Math.max(...ends)
}
