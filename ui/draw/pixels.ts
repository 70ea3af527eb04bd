/** Pictures made pixel by pixel: made without a canvas, so that they can be counted, and put into one. */

/** Rows of packed pixels (ABGR), from the top; 0 is transparent. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly data: Uint32Array<ArrayBuffer>
}

/** An empty picture. */
export function blank(width: number, height: number): Pixels {
  const [wide, high] = [Math.max(1, Math.round(width)), Math.max(1, Math.round(height))]
  return { width: wide, height: high, data: new Uint32Array(wide * high) }
}

/** Shows a picture in a canvas, which takes its size. */
export function showPixels(canvas: HTMLCanvasElement, { width, height, data }: Pixels): void {
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
  const image = new ImageData(new Uint8ClampedArray(data.buffer), width, height)
  canvas.getContext('2d')?.putImageData(image, 0, 0)
}

/** Whether a pixel lies on a line of a hatch that rises to the right (or falls), `every` pixels apart. */
export function isHatched(x: number, y: number, every: number, rises: boolean): boolean {
  const at = (rises ? x + y : x - y) % every
  return (at < 0 ? at + every : at) < every / 3
}
