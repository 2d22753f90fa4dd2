/**
 * Forms as the reference reads them: the text of each, in the order of drawing and without any layout, ends where a path or picture is drawn.
 *
 * @module
 */

import { isBlank } from '../../kit/whitespace.ts'
import type { DrawnCharacter } from './characters.ts'
import type { PdfPage } from './document.ts'
import { type Box, transform } from './geometry.ts'
import type { DrawnObject } from './objects.ts'
import { tidy } from './text.ts'

interface FigurePart {
  readonly text: string
  readonly box: Box
}

/** A corner of the path that what is drawn is clipped to, as it was written. */
function clipCorner({ pdfium, memory }: PdfPage['document'], clip: number, index: number): [number, number] {
  pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(clip, 0, index), memory, memory + 4)
  return [pdfium.heap.HEAPF32[memory / 4]!, pdfium.heap.HEAPF32[memory / 4 + 1]!]
}

/**
 * A form's box as pdfminer has it, which takes the upper right corner for width and height. Where the box is upside down, no height comes of
 * that. PDFium tells of it only where it cuts something off; it is nearly always the page's else.
 */
function boxOf({ document, place, width, height }: PdfPage, form: number): Box {
  const { pdfium } = document
  const whole = { x0: 0, y0: 0, x1: width, y1: height }
  const clip = pdfium.FPDFPageObj_GetClipPath(pdfium.FPDFFormObj_GetObject(form, 0))
  if (clip === 0 || pdfium.FPDFClipPath_CountPaths(clip) !== 1) return whole
  if (pdfium.FPDFClipPath_CountPathSegments(clip, 0) < 4) return whole
  const [x, y] = clipCorner(document, clip, 0)
  const [wide, high] = clipCorner(document, clip, 2)
  return y > high ? transform({ x0: x, y0: y, x1: x + wide, y1: y + high }, place) : whole
}

/** The parts of all forms that hold text. */
export function figureParts(
  page: PdfPage,
  objects: readonly DrawnObject[],
  characters: readonly DrawnCharacter[],
): FigurePart[] {
  const textOf = Map.groupBy(characters, ({ drawnBy }) => drawnBy)
  return [...Map.groupBy(objects, ({ form }) => form)].flatMap(([form, members]) => {
    const inside = members.flatMap((member) => textOf.get(member) ?? [])
    if (form === undefined || inside.length === 0) return []
    const box = boxOf(page, form)
    return members
      .map((member) =>
        member.kind === 'text' ? (textOf.get(member) ?? []).map(({ text }) => text).join('') : '\n',
      )
      .join('')
      .split('\n')
      .filter((part) => !isBlank(part))
      .map((part) => ({ text: tidy(part), box }))
  })
}
