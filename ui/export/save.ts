/** Brings things out of the page: into a file, or onto the clipboard. */
import { el } from '../dom.ts'

/** Saves text or an image under a name, as the browser saves downloads. */
export function save(content: string | Blob, name: string, type = 'text/plain'): void {
  const blob = typeof content === 'string' ? new Blob([content], { type }) : content
  const url = URL.createObjectURL(blob)
  el('a', { href: url, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** Copies text; answers whether the browser let us. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

/** The text of a picture. */
export function svgText(picture: SVGSVGElement): string {
  return new XMLSerializer().serializeToString(picture)
}

/** A picture as PNG, with so many of its pixels to one of the screen. */
export async function pngOf(picture: SVGSVGElement, scale = 2): Promise<Blob> {
  const [width, height] = [picture.width.baseVal.value, picture.height.baseVal.value]
  const url = URL.createObjectURL(new Blob([svgText(picture)], { type: 'image/svg+xml' }))
  try {
    const image = new Image(width, height)
    image.src = url
    await image.decode()
    const canvas = el('canvas', { width: width * scale, height: height * scale })
    const context = canvas.getContext('2d')!
    context.drawImage(image, 0, 0, width * scale, height * scale)
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))))
    })
  } finally {
    URL.revokeObjectURL(url)
  }
}
