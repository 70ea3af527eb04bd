/**
 * Zod, told not to write code for itself: a file is read once or twice, which is over before such code pays,
 * and a page with a strict policy would not let it.
 */
import { z } from 'zod'

z.config({ jitless: true })

export { z }
