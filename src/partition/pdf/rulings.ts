/**
 * Straight lines on a page, drawn as lines, as edges of boxes or as very thin boxes.
 *
 * @module
 */

import type { PdfPage } from './document.ts'
import { type Box, height, type Matrix, multiply, transform, width } from './geometry.ts'
import { boundsOf, type DrawnObject, matrixOf } from './objects.ts'

/** Along its axis from `from` to `to`, at `at` on the other one. */
export interface Ruling {
  readonly axis: 'x' | 'y'
  readonly at: number
  readonly from: number
  readonly to: number
}

/** Points: what is thinner is a line, what is shorter is none, what leans more is not straight. */
const [thinnest, shortest, leaning] = [3, 4, 1]
/** Of one path; one with more is a drawing. */
const mostSegments = 2_000
/** Of one page; one with more is a drawing. */
const mostRulings = 20_000
/** FPDF_SEGMENT_LINETO. */
const lineTo = 0

function rulingOf({ x0, y0, x1, y1 }: Box): Ruling | undefined {
  if (x1 - x0 >= shortest && y1 - y0 <= thinnest) return { axis: 'x', at: (y0 + y1) / 2, from: x0, to: x1 }
  if (y1 - y0 >= shortest && x1 - x0 <= thinnest) return { axis: 'y', at: (x0 + x1) / 2, from: y0, to: y1 }
  return undefined
}

function isStroked({ document: { pdfium, memory } }: PdfPage, { handle }: DrawnObject): boolean {
  pdfium.FPDFPath_GetDrawMode(handle, memory, memory + 4)
  return pdfium.heap.HEAPU32[memory / 4 + 1] !== 0
}

interface Point {
  readonly x: number
  readonly y: number
}

const boxOf = (one: Point, other: Point): Box => ({
  x0: Math.min(one.x, other.x),
  y0: Math.min(one.y, other.y),
  x1: Math.max(one.x, other.x),
  y1: Math.max(one.y, other.y),
})

/** The straight and upright ones among the lines that a path is stroked along. */
function linesAlong(page: PdfPage, object: DrawnObject): Ruling[] {
  const { pdfium, memory } = page.document
  const count = pdfium.FPDFPath_CountSegments(object.handle)
  if (count > mostSegments) return []
  const matrix: Matrix = multiply(
    multiply(matrixOf(pdfium, object.handle, memory), object.matrix),
    page.place,
  )
  const lines: Box[] = []
  let [start, last]: [Point, Point] = [
    { x: 0, y: 0 },
    { x: 0, y: 0 },
  ]
  for (let index = 0; index < count; index++) {
    const segment = pdfium.FPDFPath_GetPathSegment(object.handle, index)
    pdfium.FPDFPathSegment_GetPoint(segment, memory, memory + 4)
    const [x, y] = [pdfium.heap.HEAPF32[memory / 4]!, pdfium.heap.HEAPF32[memory / 4 + 1]!]
    const { x0, y0 } = transform({ x0: x, y0: y, x1: x, y1: y }, matrix)
    const point = { x: x0, y: y0 }
    const type = pdfium.FPDFPathSegment_GetType(segment)
    if (type === lineTo) lines.push(boxOf(last, point))
    else start = point
    if (pdfium.FPDFPathSegment_GetClose(segment) === 1) lines.push(boxOf(point, start))
    last = point
  }
  return lines
    .filter((box) => Math.min(width(box), height(box)) <= leaning)
    .flatMap((box) => rulingOf(box) ?? [])
}

/** All rulings of a page, y up; none where there are so many that it is a drawing. */
export function readRulings(page: PdfPage, objects: readonly DrawnObject[]): Ruling[] {
  const rulings: Ruling[] = []
  for (const object of objects) {
    if (object.kind !== 'path') continue
    const bounds = boundsOf(page, object)
    const thin = bounds && rulingOf(bounds)
    if (thin !== undefined) rulings.push(thin)
    else if (isStroked(page, object)) rulings.push(...linesAlong(page, object))
    if (rulings.length > mostRulings) return []
  }
  return rulings
}
