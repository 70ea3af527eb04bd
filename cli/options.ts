/** Options that several commands share. */
import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import { BadInput } from './exit.ts'

/** What changes the scenario. */
export interface ChangeOptions {
  readonly seed?: string
  readonly off: readonly string[]
  readonly on: readonly string[]
  readonly inert: readonly string[]
  readonly set: Readonly<Record<string, string>>
}

/** What changes nothing but how long it takes. */
export interface RunningOptions {
  readonly workers?: number
  readonly slice?: number
  readonly inProcess?: boolean
}

/** Adds `--off`, `--on`, `--set` and their kin. */
export function withChanges(command: Command): Command {
  return command
    .addOption(listOption('--off <ids>', 'leave these patterns out, such as breaker,retries'))
    .addOption(listOption('--on <ids>', 'put these patterns in, whatever the file says'))
    .addOption(listOption('--inert <ids>', 'run these patterns without effect').hideHelp())
    .addOption(
      new Option('--set <path=value>', 'change a value of the file; may be repeated')
        .argParser(addSetting)
        .default({}, 'nothing'),
    )
}

/** Adds `--workers` and its kin. */
export function withRunning(command: Command): Command {
  return command
    .option('--workers <n>', 'worker threads; results do not depend on it', count)
    .addOption(
      new Option('--slice <n>', 'events per slice; results do not depend on it').argParser(count),
    )
    .option('--in-process', 'run on the main thread, one run after the other')
}

function listOption(flags: string, help: string): Option {
  const parser = (text: string, before: string[]): string[] => [...before, ...splitList(text)]
  return new Option(flags, help).argParser(parser).default([], 'none')
}

/** `a,b` as a list. */
export function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function addSetting(text: string, before: Record<string, string>): Record<string, string> {
  const [path, value] = splitSetting(text)
  return { ...before, [path]: value }
}

/** `path=value` as a pair. */
export function splitSetting(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1)]
  throw new InvalidArgumentError('It must read path=value, such as services.db.concurrency=10.')
}

/** A whole number of at least one. */
export function count(text: string): number {
  const number = Number(text)
  if (/^[0-9]+$/.test(text) && number >= 1 && number <= 1e9) return number
  throw new InvalidArgumentError('It must be a whole number of at least 1.')
}

/** The first of a row of seeds: any whole number. */
export function firstSeed(text: string): number {
  const number = Number(text)
  if (/^-?[0-9]+$/.test(text) && Number.isSafeInteger(number)) return number
  throw new InvalidArgumentError('It must be a whole number.')
}

/** Seeds `from`, `from + 1`, … */
export function seedRow(from: number, seeds: number): number[] {
  if (from + seeds > Number.MAX_SAFE_INTEGER) throw new BadInput('--from is too large.')
  return Array.from({ length: seeds }, (_, at) => from + at)
}

/** Metrics may hold commas, so each has an option of its own. */
export function anotherMetric(text: string, before: readonly string[]): string[] {
  return [...before, text]
}
