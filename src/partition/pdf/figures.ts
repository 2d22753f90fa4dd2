/**
 * Forms as the reference reads them: the text of each, in the order of drawing and without any layout, ends where a path or picture is drawn.
 *
 * @module
 */

import { isBlank } from '../../kit/whitespace.ts'
import type { DrawnCharacter } from './characters.ts'
import type { PdfPage } from './document.ts'
import { type Box, identity, transform, union } from './geometry.ts'
import { boundsOf, type DrawnObject } from './objects.ts'
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
 * A form's box, which is what its content is clipped to, as pdfminer has it: it takes the upper right corner for width and height. Undefined
 * where no height comes of that.
 */
function boxOf(page: PdfPage, form: number, characters: readonly Box[]): Box | undefined {
  const { pdfium } = page.document
  const clip = pdfium.FPDFPageObj_GetClipPath(pdfium.FPDFFormObj_GetObject(form, 0))
  const isClipped = clip !== 0 && pdfium.FPDFClipPath_CountPaths(clip) === 1
  if (!isClipped || pdfium.FPDFClipPath_CountPathSegments(clip, 0) < 4) {
    return boundsOf(page, { handle: form, matrix: identity }) ?? characters.reduce(union)
  }
  const [x, y] = clipCorner(page.document, clip, 0)
  const [wide, high] = clipCorner(page.document, clip, 2)
  if (high === 0 || wide === 0) return undefined
  return transform({ x0: x, y0: y, x1: x + wide, y1: y + high }, page.place)
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
    const box = form === undefined || inside.length === 0 ? undefined : boxOf(page, form, inside)
    if (box === undefined) return []
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
