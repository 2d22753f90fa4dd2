/**
 * How text objects are set: where, how large, in which font.
 *
 * @module
 */

import type { PdfDocument } from './document.ts'
import { type Matrix, multiply } from './geometry.ts'
import { type DrawnObject, matrixOf } from './objects.ts'

/** How the text of one text object is set. */
export interface Setting {
  /** From the text's own coordinates to those of what is drawn on the page. */
  readonly matrix: Matrix
  /** Points before the matrix. */
  readonly size: number
  /** Below the baseline, in sizes; negative. */
  readonly descent: number
  /** PDFium's handle. */
  readonly font: number
}

/** Descents of the standard fonts, which come without a descriptor (Adobe's core 14 metrics), in sizes. */
const standardDescents: readonly (readonly [RegExp, number])[] = [
  [/^Helvetica(?:-|$)/, -0.207],
  [/^Times-/, -0.217],
  [/^Courier(?:-|$)/, -0.157],
]
/** When a font does not say how wide its space is, in sizes. */
const usualSpace = 0.25

/** Reads the settings of text objects; each font is asked once. */
export function settingsReader({ pdfium, memory }: PdfDocument) {
  const descents = new Map<number, number>()

  function baseName(font: number): string {
    const length = Math.min(64, pdfium.FPDFFont_GetBaseFontName(font, memory, 64))
    return Buffer.from(pdfium.heap.HEAPU8.subarray(memory, memory + Math.max(0, length - 1))).toString(
      'latin1',
    )
  }

  function readDescent(font: number): number {
    const name = pdfium.FPDFFont_GetIsEmbedded(font) === 0 ? baseName(font) : ''
    const standard = standardDescents.find(([pattern]) => pattern.test(name))
    if (standard !== undefined) return standard[1]
    return pdfium.FPDFFont_GetDescent(font, 1, memory) === 0 ? 0 : -Math.abs(pdfium.heap.HEAPF32[memory / 4]!)
  }

  function descentOf(font: number): number {
    const known = descents.get(font)
    const descent = known ?? readDescent(font)
    if (known === undefined) descents.set(font, descent)
    return descent
  }

  return {
    settingOf(object: DrawnObject): Setting {
      const matrix = multiply(matrixOf(pdfium, object.handle, memory), object.matrix)
      const font = pdfium.FPDFTextObj_GetFont(object.handle)
      const descent = descentOf(font)
      const isSized = pdfium.FPDFTextObj_GetFontSize(object.handle, memory) === 1
      return { matrix, size: isSized ? pdfium.heap.HEAPF32[memory / 4]! : 1, descent, font }
    },
    /** Points on the page, for level text. */
    spaceWidth({ font, size, matrix }: Setting): number {
      const isKnown = pdfium.FPDFFont_GetGlyphWidth(font, 32, size, memory) === 1
      const known = isKnown ? pdfium.heap.HEAPF32[memory / 4]! : 0
      return (known > 0 ? known : usualSpace * size) * Math.abs(matrix[0])
    },
  }
}

export type SettingsReader = ReturnType<typeof settingsReader>
