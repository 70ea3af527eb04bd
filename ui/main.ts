import { start } from './app.ts'
import { showMain } from './first-paint.ts'
import { missing, tellUnsupported } from './support.ts'

const lacks = missing()
if (lacks.length > 0) {
  tellUnsupported(lacks)
  showMain()
} else {
  start().catch((error: unknown) => {
    showMain()
    throw error
  })
}
