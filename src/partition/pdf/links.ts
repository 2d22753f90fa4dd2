/**
 * Links: rectangles over a page that lead somewhere.
 *
 * @module
 */

import type { PdfDocument, PdfPage } from './document.ts'
import { type Box, sharedArea, shareWithin, transform } from './geometry.ts'
import type { Line } from './lines.ts'
import { lineText, tidy, wordsOf } from './text.ts'

export interface PdfLink extends Box {
  /** Absent when it leads to another place in the document. */
  readonly url?: string
}

/** How the reference tells links: what they stand on, where they lead, and where in the element's text they start. */
export interface LinkEntry {
  readonly text: string
  readonly url: string | null
  readonly start_index: number
}

/** FPDF_ANNOT_LINK and PDFACTION_URI. */
const [linkType, uriAction] = [2, 3]
const mostLinks = 10_000
const longestAddress = 8_192
/** Share of a word that a link has to cover; and what the reference wants of it, as of the link's share that lies in the element. */
const [partly, mostly] = [0.5, 0.9]

function addressOf({ pdfium, handle }: PdfDocument, action: number): string | undefined {
  if (pdfium.FPDFAction_GetType(action) !== uriAction) return undefined
  const length = pdfium.FPDFAction_GetURIPath(handle, action, 0, 0)
  if (length <= 1 || length > longestAddress) return undefined
  const buffer = pdfium.malloc(length)
  try {
    pdfium.FPDFAction_GetURIPath(handle, action, buffer, length)
    return Buffer.from(pdfium.heap.HEAPU8.subarray(buffer, buffer + length - 1)).toString('utf8')
  } finally {
    pdfium.free(buffer)
  }
}

/** Where an annotation is, in PDF's own coordinates. */
export function rectOf({ document: { pdfium, memory } }: PdfPage, annotation: number): Box | undefined {
  if (pdfium.FPDFAnnot_GetRect(annotation, memory) === 0) return undefined
  const [x0 = 0, y1 = 0, x1 = 0, y0 = 0] = pdfium.heap.HEAPF32.subarray(memory / 4, memory / 4 + 4)
  return { x0: Math.min(x0, x1), y0: Math.min(y0, y1), x1: Math.max(x0, x1), y1: Math.max(y0, y1) }
}

function linkOf(page: PdfPage, annotation: number): PdfLink | undefined {
  const { pdfium } = page.document
  if (pdfium.FPDFAnnot_GetSubtype(annotation) !== linkType) return undefined
  const action = pdfium.FPDFLink_GetAction(pdfium.FPDFAnnot_GetLink(annotation))
  const rect = rectOf(page, annotation)
  if (action === 0 || rect === undefined) return undefined
  const url = addressOf(page.document, action)
  return { ...transform(rect, page.place), ...(url !== undefined && { url }) }
}

export function readLinks(page: PdfPage): PdfLink[] {
  const { pdfium } = page.document
  const count = Math.min(mostLinks, pdfium.FPDFPage_GetAnnotCount(page.handle))
  return Array.from({ length: count }, (_, index) => {
    const annotation = pdfium.FPDFPage_GetAnnot(page.handle, index)
    const link = linkOf(page, annotation)
    pdfium.FPDFPage_CloseAnnot(annotation)
    return link
  }).filter((link) => link !== undefined)
}

/**
 * The links that stand on these lines of a box.
 *
 * @param isFaithful tell their text as the reference does: with a space between all words and signs
 */
export function linksOn(
  box: Box,
  lines: readonly Line[],
  { links, isFaithful }: { readonly links: readonly PdfLink[]; readonly isFaithful: boolean },
): LinkEntry[] {
  const within = links.filter((link) =>
    isFaithful ? shareWithin(link, box) > mostly : sharedArea(link, box) > 0,
  )
  if (within.length === 0) return []
  const share = isFaithful ? mostly : partly
  const words = wordsOf(lines)
  const whole = Array.from(tidy(lines.map((line) => `${lineText(line)}\n`).join('')))
  return within.flatMap((link) => {
    const covered = words.filter((word) => shareWithin(word.box, link) > share)
    const [first, last] = [covered[0], covered.at(-1)]
    if (first === undefined || last === undefined) return []
    const text = isFaithful
      ? covered.map((word) => word.text).join(' ')
      : whole.slice(first.start, last.start + Array.from(last.text).length).join('')
    return { text, url: link.url ?? null, start_index: first.start }
  })
}
