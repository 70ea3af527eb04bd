/** The systems that intervals are calibrated on: queues whose truth is known, and retries, where a long row of runs tells. */

/** One system, as variants A and B of an ordinary scenario. */
export interface Model {
  readonly name: string
  /** Services, load and patterns, without length and warm-up. */
  readonly body: string
  /** What B sets. */
  readonly change: string
  /** Mean latency by theory, in ms; undefined: known from all other runs only. */
  readonly means: Readonly<{ A: number; B: number }> | undefined
  /** Mean number of requests in A by theory: arrival rate times mean latency (Little 1961). */
  readonly level: number | undefined
}

/** Arrivals per second, everywhere; work takes 10 ms unless there are more slots for it. */
const RATE = 50
const WORK = 0.01
const FASTER = 0.009

/** Short runs hold some 2,250 requests, of which 20 and more lie beyond the 99th percentile; long ones 50,000. */
const LENGTHS = { short: { warmup: 2, measured: 45 }, long: { warmup: 20, measured: 1000 } }
export type Length = keyof typeof LENGTHS

/** Milliseconds of warm-up. */
export function warmupOf(length: Length): number {
  return LENGTHS[length].warmup * 1000
}

/** The scenario of a model. */
export function textOf({ name, body, change }: Model, length: Length): string {
  const { warmup, measured } = LENGTHS[length]
  return [
    'schema: 1',
    `title: ${name}`,
    `duration: ${warmup + measured}s`,
    `warmup: ${warmup}s`,
    'seed: 1',
    body,
    'compare:',
    '  A: { title: as it is }',
    `  B: { title: changed, set: { ${change} } }`,
    '',
  ].join('\n')
}

/** One service with Poisson arrivals and no way to it. */
function station(server: string): string {
  return [
    'services:',
    `  server: { queue: unbounded, ${server} }`,
    'links: { default: { latency: 0ms } }',
    `load: { users: { to: server, arrivals: poisson(${RATE}/s) } }`,
  ].join('\n')
}

const RETRIES = `services:
  front: { concurrency: 200, queue: 200, work: exponential(1ms), calls: [db] }
  db: { concurrency: 4, queue: 100, work: exponential(30ms), errors: 10% }
load: { users: { to: front, arrivals: poisson(${RATE}/s) } }
patterns:
  timeouts: { use: timeout, where: { front -> db: 200ms } }
  retries: { use: retry, where: { front -> db: { maxAttempts: 3 } }, backoff: { kind: exponential, base: 20ms } }`

export const MODELS: readonly Model[] = [
  {
    name: 'M/M/1',
    body: station('concurrency: 1, work: exponential(10ms)'),
    change: 'services.server.work: exponential(9ms)',
    ...known((work) => work / (1 - RATE * work)),
  },
  {
    name: 'M/M/3',
    body: station('concurrency: 3, work: exponential(30ms)'),
    change: 'services.server.work: exponential(27ms)',
    ...known((work) => 3 * work + erlangC(3, RATE * 3 * work) / (3 / (3 * work) - RATE)),
  },
  {
    name: 'M/D/1',
    body: station('concurrency: 1, work: 10ms'),
    change: 'services.server.work: 9ms',
    // Pollaczek and Khinchine, without variance of the work.
    ...known((work) => work + (RATE * work * work) / (2 * (1 - RATE * work))),
  },
  {
    name: 'M/G/1-PS',
    body: station('concurrency: 1, discipline: processor-sharing, work: lognormal(10ms 1)'),
    change: 'services.server.work: lognormal(9ms 1)',
    // Insensitive to all of the work but its mean (Sakata, Noguchi and Oizumi 1971).
    ...known((work) => work / (1 - RATE * work)),
  },
  {
    name: 'retries',
    body: RETRIES,
    change: 'services.db.work: exponential(27ms)',
    means: undefined,
    level: undefined,
  },
]

/** Truths that follow from the mean latency in seconds at a mean work per slot in seconds. */
function known(latency: (work: number) => number): Pick<Model, 'means' | 'level'> {
  const [a, b] = [latency(WORK), latency(FASTER)]
  return { means: { A: a * 1000, B: b * 1000 }, level: RATE * a }
}

/** Chance to wait with so many servers and an offered load in Erlang (Erlang 1917). */
function erlangC(servers: number, offered: number): number {
  let blocked = 1
  for (let k = 1; k <= servers; k++) blocked = (offered * blocked) / (k + offered * blocked)
  const load = offered / servers
  return blocked / (1 - load * (1 - blocked))
}
