import { start } from './app.ts'
import { missing, tellUnsupported } from './support.ts'

const lacks = missing()
if (lacks.length > 0) tellUnsupported(lacks)
else void start()
