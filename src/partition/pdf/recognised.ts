/**
 * Pages read from their picture.
 *
 * @module
 */

import type { Element } from '../../model/element.ts'
import { coordinatesOf } from '../coordinates.ts'
import type { FileOptions, ReadContext } from '../file.ts'
import type { PdfPage } from './document.ts'
import { renderPage } from './pictures.ts'

/** The elements of a page as text recognition sees it; undefined when it cannot be painted. */
export async function recognisePage(
  page: PdfPage,
  number: number,
  { options, context, tessdata }: { options: FileOptions; context: ReadContext; tessdata: string },
): Promise<Element[] | undefined> {
  const picture = renderPage(page)
  if (picture === undefined) return undefined
  const { ocrElements, recogniseText } = await import('../ocr.ts')
  const { signal } = context
  const lines = await recogniseText(picture, { tessdata, languages: options.ocrLanguages, signal })
  const [wide, high] = [page.width / picture.width, page.height / picture.height]
  return ocrElements(lines, ([left, top, right, bottom]) => ({
    page_number: number,
    ...(options.coordinates && {
      coordinates: coordinatesOf([left * wide, top * high, right * wide, bottom * high], page),
    }),
  }))
}
