/**
 * What is drawn on a page, in the order of drawing: text, paths, pictures, and forms (drawings with a name), which hold such things in turn.
 *
 * @module
 */

import { tooMuch } from '../problems.ts'
import type { PdfPage } from './document.ts'
import { type Box, identity, type Matrix, multiply, transform } from './geometry.ts'
import type { Pdfium } from './pdfium.ts'

/** FPDF_PAGEOBJ_ in fpdf_edit.h. */
const [textType, pathType, imageType, formType] = [1, 2, 3, 5]

export interface DrawnObject {
  readonly kind: 'text' | 'path' | 'image'
  /** PDFium's handle; as long as the page is open. */
  readonly handle: number
  /** Of the coordinates that PDFium tells to those of the page. */
  readonly matrix: Matrix
  /** The form on the page that holds it, by its handle. */
  readonly form?: number
}

/** Forms in forms. */
const deepest = 24
/** Objects of one page. */
const mostObjects = 300_000

interface Container {
  readonly form?: number
  readonly handle: number
  readonly count: number
  readonly matrix: Matrix
  next: number
}

function kindOf(type: number): DrawnObject['kind'] | undefined {
  if (type === textType) return 'text'
  if (type === pathType) return 'path'
  return type === imageType ? 'image' : undefined
}

/** An object's own matrix. @param memory room for six numbers */
export function matrixOf(pdfium: Pdfium, handle: number, memory: number): Matrix {
  if (pdfium.FPDFPageObj_GetMatrix(handle, memory) === 0) return identity
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = pdfium.heap.HEAPF32.subarray(memory / 4, memory / 4 + 6)
  return [a, b, c, d, e, f]
}

/**
 * All that is drawn, forms opened.
 *
 * @throws {OutflowError} code `file.too_much`
 */
export function drawnObjects({ document: { pdfium, memory }, handle: page }: PdfPage): DrawnObject[] {
  const objects: DrawnObject[] = []
  const count = pdfium.FPDFPage_CountObjects(page)
  const stack: Container[] = [{ handle: page, count, matrix: identity, next: 0 }]
  for (let within = stack.at(-1); within !== undefined; within = stack.at(-1)) {
    if (within.next >= within.count) {
      stack.pop()
      continue
    }
    const read = stack.length === 1 ? pdfium.FPDFPage_GetObject : pdfium.FPDFFormObj_GetObject
    const handle = read(within.handle, within.next++)
    const type = pdfium.FPDFPageObj_GetType(handle)
    const form = within.form ?? (type === formType ? handle : undefined)
    if (type === formType && stack.length < deepest) {
      const matrix = multiply(matrixOf(pdfium, handle, memory), within.matrix)
      stack.push({
        ...(form !== undefined && { form }),
        handle,
        count: pdfium.FPDFFormObj_CountObjects(handle),
        matrix,
        next: 0,
      })
      continue
    }
    const kind = kindOf(type)
    if (kind === undefined) continue
    if (objects.length >= mostObjects)
      throw tooMuch('PDF', `a page with more than ${mostObjects.toLocaleString('en')} drawn objects`)
    objects.push({ kind, handle, matrix: within.matrix, ...(form !== undefined && { form }) })
  }
  return objects
}

/** Where an object is on the page as it is seen, y up; undefined when it has no place. */
export function boundsOf(
  { document: { pdfium, memory }, place }: PdfPage,
  { handle, matrix }: Pick<DrawnObject, 'handle' | 'matrix'>,
): Box | undefined {
  if (pdfium.FPDFPageObj_GetBounds(handle, memory, memory + 4, memory + 8, memory + 12) === 0)
    return undefined
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = pdfium.heap.HEAPF32.subarray(memory / 4, memory / 4 + 4)
  return transform(transform({ x0, y0, x1, y1 }, matrix), place)
}
