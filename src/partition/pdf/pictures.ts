/**
 * Pictures: those on a page, and the page as one.
 *
 * @module
 */

import type { PdfPage } from './document.ts'
import { type Box, height, shareWithin, width } from './geometry.ts'
import { boundsOf, type DrawnObject } from './objects.ts'
import type { Pdfium } from './pdfium.ts'
import { type Bitmap, encodePng } from './png.ts'

export interface Picture {
  readonly object: DrawnObject
  /** y up, as far as it is on the page. */
  readonly box: Box
}

/** Points; smaller ones are ornaments. */
const smallest = 36
/** Of one page. */
const mostPictures = 1_000
const mostPixels = 40_000_000
const dotsPerInch = 300
/** FPDFBitmap_Gray, FPDFBitmap_BGR, _BGRx, _BGRA in fpdfview.h, by bytes a pixel. */
const bytesOf: Readonly<Record<number, number>> = { 1: 1, 2: 3, 3: 4, 4: 4 }
/** FPDF_ANNOT and FPDF_GRAYSCALE. */
const renderFlags = 0x01 | 0x08

function clip(box: Box, page: PdfPage): Box {
  return {
    x0: Math.max(0, box.x0),
    y0: Math.max(0, box.y0),
    x1: Math.min(page.width, box.x1),
    y1: Math.min(page.height, box.y1),
  }
}

/** The pictures on a page that are large enough to show something. */
export function picturesOn(page: PdfPage, objects: readonly DrawnObject[]): Picture[] {
  const images = objects.filter(({ kind }) => kind === 'image').slice(0, mostPictures)
  return images.flatMap((object) => {
    const bounds = boundsOf(page, object)
    if (bounds === undefined) return []
    const box = clip(bounds, page)
    return width(box) >= smallest && height(box) >= smallest ? { object, box } : []
  })
}

/** About which share of the page pictures cover, 0 to 1; those within another one are not counted. */
export function coverage(page: PdfPage, pictures: readonly Picture[]): number {
  const outer = pictures.filter(
    ({ box }, index) => !pictures.some((other, at) => at < index && shareWithin(box, other.box) > 0.9),
  )
  const area = outer.reduce((sum, { box }) => sum + width(box) * height(box), 0)
  return Math.min(1, area / (page.width * page.height))
}

/** Blue, green, red and maybe a fourth byte to red, green, blue. */
function readBitmap(pdfium: Pdfium, bitmap: number): Bitmap | undefined {
  const bytes = bytesOf[pdfium.FPDFBitmap_GetFormat(bitmap)]
  const [wide, high] = [pdfium.FPDFBitmap_GetWidth(bitmap), pdfium.FPDFBitmap_GetHeight(bitmap)]
  if (bytes === undefined || wide * high === 0 || wide * high > mostPixels) return undefined
  const [from, stride] = [pdfium.FPDFBitmap_GetBuffer(bitmap), pdfium.FPDFBitmap_GetStride(bitmap)]
  const channels = bytes === 1 ? 1 : 3
  const pixels = new Uint8Array(wide * high * channels)
  const { HEAPU8: heap } = pdfium.heap
  for (let y = 0, at = 0; y < high; y++)
    for (let x = 0, source = from + y * stride; x < wide; x++, source += bytes)
      for (let channel = channels - 1; channel >= 0; channel--) pixels[at++] = heap[source + channel]!
  return { width: wide, height: high, channels, pixels }
}

/** How many pixels a picture has; undefined when it cannot be told. */
function pixelsOf({ pdfium, memory }: PdfPage['document'], { handle }: DrawnObject): number | undefined {
  if (pdfium.FPDFImageObj_GetImagePixelSize(handle, memory, memory + 4) === 0) return undefined
  return pdfium.heap.HEAPU32[memory / 4]! * pdfium.heap.HEAPU32[memory / 4 + 1]!
}

/** A picture as PNG; undefined when it is too large or broken. */
export function pictureFile(page: PdfPage, { object }: Picture): Uint8Array | undefined {
  const { pdfium, handle } = page.document
  const pixels = pixelsOf(page.document, object)
  if (pixels === undefined || pixels > mostPixels) return undefined
  const bitmap = pdfium.FPDFImageObj_GetRenderedBitmap(handle, page.handle, object.handle)
  if (bitmap === 0) return undefined
  try {
    const read = readBitmap(pdfium, bitmap)
    return read && encodePng(read)
  } finally {
    pdfium.FPDFBitmap_Destroy(bitmap)
  }
}

export interface Rendering {
  /** PNG. */
  readonly pixels: Uint8Array
  readonly width: number
  readonly height: number
}

/** The whole page as a gray picture, at 300 dots per inch or as many as 40 megapixels allow. */
export function renderPage({ document: { pdfium }, handle }: PdfPage): Rendering | undefined {
  const [pointsWide, pointsHigh] = [pdfium.FPDF_GetPageWidthF(handle), pdfium.FPDF_GetPageHeightF(handle)]
  const scale = Math.min(dotsPerInch / 72, Math.sqrt(mostPixels / (pointsWide * pointsHigh)))
  const [wide, high] = [Math.floor(pointsWide * scale), Math.floor(pointsHigh * scale)]
  if (!(wide >= 1 && high >= 1)) return undefined
  const bitmap = pdfium.FPDFBitmap_CreateEx(wide, high, 1, 0, 0)
  if (bitmap === 0) return undefined
  try {
    pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, wide, high, 0xffffffff)
    pdfium.FPDF_RenderPageBitmap(bitmap, handle, 0, 0, wide, high, 0, renderFlags)
    const read = readBitmap(pdfium, bitmap)
    return read && { pixels: encodePng(read), width: wide, height: high }
  } finally {
    pdfium.FPDFBitmap_Destroy(bitmap)
  }
}
