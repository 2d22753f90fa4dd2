/**
 * The elements of one page's text layer.
 *
 * @module
 */

import type { ElementMetadata } from '../../model/element.ts'
import { elementFromText } from '../element-from-text.ts'
import type { FileOptions } from '../file.ts'
import { groupBoxes } from './boxes.ts'
import { readCharacters } from './characters.ts'
import type { PdfPage } from './document.ts'
import { figureParts } from './figures.ts'
import { inFlow } from './flow.ts'
import type { Box } from './geometry.ts'
import { joinItems, type Placed } from './items.ts'
import { groupLines, type Line } from './lines.ts'
import { linksOn, readLinks } from './links.ts'
import { drawnObjects } from './objects.ts'
import { inReadingOrder } from './reading-order.ts'
import { lineText, tidy } from './text.ts'

/** Share of the page at its top that is its header, and at its bottom that is its footer. */
const edge = 0.07

/** y down from the page's top. */
const flip = ({ x0, y0, x1, y1 }: Box, page: PdfPage): Box => ({
  x0,
  y0: page.height - y1,
  x1,
  y1: page.height - y0,
})

function placed(
  text: string,
  box: Box,
  page: PdfPage,
  { mode }: FileOptions,
  metadata: ElementMetadata,
): Placed {
  const middle = (box.y0 + box.y1) / 2 / page.height
  if (middle < edge) return { element: { type: 'Header', element_id: '', text, metadata }, box }
  if (middle > 1 - edge) return { element: { type: 'Footer', element_id: '', text, metadata }, box }
  return { element: elementFromText(text, metadata, mode === 'enhanced'), box }
}

export function readTextLayer(page: PdfPage, options: FileOptions, number: number): Placed[] {
  const { pdfium, memory } = page.document
  const objects = drawnObjects(pdfium, page.handle, memory)
  const keepsForms = options.mode === 'compat'
  const characters = readCharacters(page, objects, keepsForms)
  const bounds = { x0: 0, y0: 0, x1: page.width, y1: page.height }
  const free = keepsForms ? characters.filter(({ drawnBy }) => drawnBy.form === undefined) : characters
  const boxes = inFlow(groupBoxes(groupLines(free), bounds), bounds)
  const links = readLinks(page)
  const parts: Placed[] = []
  for (const box of boxes) {
    const text = tidy(box.lines.map((line: Line) => `${lineText(line)}\n`).join(''))
    if (text === '') continue
    const entries = linksOn(box, box.lines, links)
    parts.push(
      placed(text, flip(box, page), page, options, {
        page_number: number,
        ...(entries.length > 0 && { links: entries }),
      }),
    )
  }
  if (keepsForms)
    for (const part of figureParts(page, objects, characters))
      parts.push(placed(part.text, flip(part.box, page), page, options, { page_number: number }))
  return inReadingOrder(joinItems(parts, keepsForms), ({ box }) => box)
}
