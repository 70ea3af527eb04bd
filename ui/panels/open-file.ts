/** Opens files: by the browser's picker, and by dropping one on the page. */
import { el } from '../dom.ts'
import type { Conductor } from '../conductor.ts'

/** Bytes above which a file is not even read; the reader has a stricter limit of its own. */
const LARGEST = 8_000_000

/** Asks for a file and opens it. */
export function pickFile(conductor: Conductor): Promise<void> {
  const input = el('input', { type: 'file', accept: '.yaml,.yml,.json' })
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve(openFile(input.files?.[0], conductor)))
    input.addEventListener('cancel', () => resolve())
    input.click()
  })
}

/** Opens whatever file is dropped on the page. */
export function listenToDrops(conductor: Conductor): void {
  const mark = (isOver: boolean): void => void document.body.classList.toggle('dropping', isOver)
  addEventListener('dragover', (event) => {
    event.preventDefault()
    mark(true)
  })
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) mark(false)
  })
  addEventListener('drop', (event) => {
    event.preventDefault()
    mark(false)
    void openFile(event.dataTransfer?.files[0], conductor)
  })
}

async function openFile(file: File | undefined, conductor: Conductor): Promise<void> {
  if (!file) return
  const bytes = new Uint8Array(await file.slice(0, LARGEST).arrayBuffer())
  await conductor.open(file.name.replace(/\.(ya?ml|json)$/i, ''), bytes, file.name)
}
