/**
 * Reads PDFs: the text layer by pdfminer's rules for lines and boxes, over PDFium; pages that are pictures of text by recognising it. Page
 * by page: nothing of a page but its elements is held when the next one is opened.
 *
 * @module
 */

import type { Element } from '../model/element.ts'
import type { FileOptions, ReadContext, ReadFile } from './file.ts'
import { createOutline } from './html/outline.ts'
import { type Bookmarks, readBookmarks } from './pdf/bookmarks.ts'
import { type PdfDocument, withDocument, withPage } from './pdf/document.ts'
import { withForm } from './pdf/fields.ts'
import { createHyphens } from './pdf/hyphens.ts'
import {
  isScanned,
  type PageContent,
  type PageOptions,
  pictureElement,
  readContent,
  readTextLayer,
} from './pdf/page.ts'
import { explained } from './pdf/pdfium.ts'
import { renderPage } from './pdf/pictures.ts'
import { recognisePage } from './pdf/recognised.ts'
import { type Marginal, marginals, markRepeated } from './pdf/repeated.ts'
import { ocrUnavailable } from './problems.ts'

interface Reading {
  readonly options: FileOptions
  readonly context: ReadContext
  readonly marginal: Marginal[]
  /** Pages that are pictures and stayed unread. */
  unread: number
}

/** What stands for a page that is a picture nobody read. */
function unreadPage({ page }: PageContent, number: number, reading: Reading): Element[] {
  const { options, context } = reading
  reading.unread++
  context.lose({ code: 'scanned_page_without_ocr', name: `page ${number}` })
  if (options.mode === 'compat') return []
  const element = pictureElement(options.imageData ? renderPage(page)?.pixels : undefined)
  return [{ ...element, metadata: { ...element.metadata, page_number: number } }]
}

async function readPage(
  content: PageContent,
  pageOptions: PageOptions,
  reading: Reading,
): Promise<Element[]> {
  const { options, context } = reading
  const { number, strategy } = pageOptions
  const isPicture = strategy === 'ocr_only' || isScanned(content)
  const { tessdata } = context
  if (isPicture && strategy !== 'fast' && tessdata !== undefined) {
    const recognised = await recognisePage(content.page, number, { options, context, tessdata })
    if (recognised !== undefined) return recognised
  }
  const parts = readTextLayer(content, pageOptions)
  if (options.mode === 'enhanced') reading.marginal.push(...marginals(parts, content.page, number))
  const elements = parts.map(({ element }) => element)
  if (!isPicture) return elements
  return [...elements.filter(({ type }) => type !== 'Image'), ...unreadPage(content, number, reading)]
}

async function readPages(document: PdfDocument, form: number, reading: Reading): Promise<Element[][]> {
  const { options, context } = reading
  const bookmarks = options.mode === 'enhanced' ? readBookmarks(document) : new Map<number, Bookmarks>()
  const hyphens = createHyphens()
  const pages: Element[][] = []
  for (let index = 0; index < document.pages; index++) {
    context.signal.throwIfAborted()
    const number = options.startingPageNumber + index
    const own = { ...options, number, form, bookmarks: bookmarks.get(index) ?? new Map(), hyphens }
    const elements = await withPage(document, index, (page) =>
      readPage(readContent(page, options), own, reading),
    )
    if (elements === undefined) context.lose({ code: 'page_damaged', name: `page ${number}` })
    pages.push(elements ?? [])
  }
  return pages
}

/** Puts on every element the headings above it, where the document's outline tells them. */
function addHeadings(elements: readonly Element[]): void {
  const outline = createOutline(undefined)
  for (const { type, text, metadata } of elements) {
    const depth = metadata.category_depth
    if (type === 'Title' && depth !== undefined)
      outline.heading({ title: text, level: depth, id: undefined }, metadata)
    else outline.mark(metadata)
  }
}

const pageBreak = (): Element => ({ type: 'PageBreak', element_id: '', text: '', metadata: {} })

const isMargin = ({ type }: Element): boolean => type === 'Header' || type === 'Footer'

function assemble(pages: readonly Element[][], { options, marginal }: Reading): Element[] {
  markRepeated(marginal)
  const kept = options.skipHeadersAndFooters
    ? pages.map((elements) => elements.filter((element) => !isMargin(element)))
    : pages
  const all = kept.flatMap((elements, index) =>
    options.includePageBreaks && index > 0 ? [pageBreak(), ...elements] : elements,
  )
  if (options.mode === 'enhanced') addHeadings(all)
  return all
}

/**
 * Reads a PDF.
 *
 * @throws {OutflowError} codes `file.damaged`, `file.encrypted`, `file.too_much`; `ocr.unavailable` when there is nothing but pictures of
 * text and no way to read them
 */
export const readPdf: ReadFile = async (file, options, context) => {
  const reading: Reading = { options, context, marginal: [], unread: 0 }
  try {
    const pages = await withDocument(file.bytes, options.password, (document) =>
      withForm(document, (form) => readPages(document, form, reading)),
    )
    const elements = assemble(pages, reading)
    if (reading.unread > 0 && elements.every(({ text }) => text === '')) throw ocrUnavailable('PDF')
    return elements
  } catch (error) {
    throw explained(error)
  }
}
