/**
 * Opens PDFs and their pages, and closes what it opened.
 *
 * @module
 */

import type { OutflowError } from '../../model/errors.ts'
import { damaged, encrypted, tooMuch } from '../problems.ts'
import { type Box, type Matrix, transform } from './geometry.ts'
import { loadPdfium, type Pdfium, releaseLarge } from './pdfium.ts'

export interface PdfDocument {
  readonly pdfium: Pdfium
  readonly handle: number
  readonly pages: number
  /** Room for 64 bytes, for whatever a call answers through an address. */
  readonly memory: number
}

export interface PdfPage {
  readonly document: PdfDocument
  readonly handle: number
  /** Points, as the page is seen. */
  readonly width: number
  readonly height: number
  /** From the coordinates of what is drawn to those of the page as it is seen: turned, the lower left corner at zero. */
  readonly place: Matrix
}

const gigabyte = 2 ** 30
const mostPages = 20_000
/** FPDF_ERR_PASSWORD and FPDF_ERR_SECURITY. */
const locked: ReadonlySet<number> = new Set([4, 5])
const letter: Box = { x0: 0, y0: 0, x1: 612, y1: 792 }

function whyNot(error: number): OutflowError {
  return locked.has(error) ? encrypted('PDF') : damaged('PDF', 'its inner structure is broken')
}

function allocate(pdfium: Pdfium, size: number): number {
  const address = pdfium.malloc(size)
  if (address === 0) throw tooMuch('PDF', 'more than fits into the memory that reading may take')
  return address
}

function write(pdfium: Pdfium, bytes: Uint8Array): number {
  const address = allocate(pdfium, bytes.length)
  pdfium.heap.HEAPU8.set(bytes, address)
  return address
}

function openHandle(pdfium: Pdfium, data: number, size: number, password: string | undefined): number {
  const words = password === undefined ? 0 : write(pdfium, Buffer.from(`${password}\0`))
  try {
    const handle = pdfium.FPDF_LoadMemDocument(data, size, words)
    if (handle === 0) throw whyNot(pdfium.FPDF_GetLastError())
    return handle
  } finally {
    pdfium.free(words)
  }
}

/**
 * Opens a document for as long as `use` runs.
 *
 * @throws {OutflowError} codes `file.damaged`, `file.encrypted`, `file.too_much`
 */
export async function withDocument<T>(
  bytes: Uint8Array,
  password: string | undefined,
  use: (document: PdfDocument) => Promise<T>,
): Promise<T> {
  if (bytes.length > gigabyte) throw tooMuch('PDF', 'more than 1 GB')
  const pdfium = await loadPdfium()
  const data = write(pdfium, bytes)
  try {
    const handle = openHandle(pdfium, data, bytes.length, password)
    const memory = allocate(pdfium, 64)
    try {
      const pages = pdfium.FPDF_GetPageCount(handle)
      if (pages > mostPages) throw tooMuch('PDF', `more than ${mostPages.toLocaleString('en')} pages`)
      return await use({ pdfium, handle, pages, memory })
    } finally {
      pdfium.free(memory)
      pdfium.FPDF_CloseDocument(handle)
    }
  } finally {
    pdfium.free(data)
    releaseLarge(pdfium)
  }
}

/** From PDF's coordinates to those of a page that is turned clockwise in quarters. */
function placeOf({ x0, y0, x1, y1 }: Box, quarters: number): Matrix {
  if (quarters === 1) return [0, -1, 1, 0, -y0, x1]
  if (quarters === 2) return [-1, 0, 0, -1, x1, y1]
  if (quarters === 3) return [0, 1, -1, 0, y1, -x0]
  return [1, 0, 0, 1, -x0, -y0]
}

/** The page's paper; where it has that of all pages, what of it is seen. */
function paperOf({ pdfium, memory }: PdfDocument, page: number): Box {
  const four = () => pdfium.heap.HEAPF32.subarray(memory / 4, memory / 4 + 4)
  if (pdfium.FPDFPage_GetMediaBox(page, memory, memory + 4, memory + 8, memory + 12) !== 0) {
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = four()
    if (x1 > x0 && y1 > y0) return { x0, y0, x1, y1 }
  }
  if (pdfium.FPDF_GetPageBoundingBox(page, memory) === 0) return letter
  const [x0 = 0, y1 = 0, x1 = 0, y0 = 0] = four()
  return x1 > x0 && y1 > y0 ? { x0, y0, x1, y1 } : letter
}

/**
 * Opens a page for as long as `use` runs; undefined when it cannot be opened.
 *
 * @param index from 0
 */
export async function withPage<T>(
  document: PdfDocument,
  index: number,
  use: (page: PdfPage) => Promise<T>,
): Promise<T | undefined> {
  const { pdfium } = document
  const handle = pdfium.FPDF_LoadPage(document.handle, index)
  if (handle === 0) return undefined
  try {
    const box = paperOf(document, handle)
    const place = placeOf(box, pdfium.FPDFPage_GetRotation(handle))
    const { x1: width, y1: height } = transform(box, place)
    return await use({ document, handle, width, height, place })
  } finally {
    pdfium.FPDF_ClosePage(handle)
  }
}
