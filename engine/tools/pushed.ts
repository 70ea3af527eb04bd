/** What a push of configuration turns. */
import type { ComponentFault } from '../component.ts'

/** Whether a fault turns one of these knobs, or a knob of one of these groups. */
export function turns({ name, value }: ComponentFault, ...knobs: readonly string[]): boolean {
  return name === 'config' && knobs.includes(String(value).split('.')[0]!)
}
