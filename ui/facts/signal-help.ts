/** What signals count, in the words of their components. The catalogue that knows it comes after the first picture. */
import type { Catalogue } from '../patterns.ts'

const known = new Map<string, string>()

/** Remembers the help of all signals. */
export function learnSignals(catalogue: Catalogue): void {
  for (const { name, signals } of catalogue.values()) {
    for (const [signal, { help }] of Object.entries(signals as Record<string, { help: string }>)) {
      known.set(`${name}.${signal}`, help)
    }
  }
}

/** Whether the catalogue has been read. */
export function knowsSignals(): boolean {
  return known.size > 0
}

/** The help of a signal of a component; undefined before the catalogue is there. */
export function signalHelp(use: string, signal: string): string | undefined {
  return known.get(`${use}.${signal}`)
}
